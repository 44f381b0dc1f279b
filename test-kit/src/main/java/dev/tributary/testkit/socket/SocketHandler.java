package dev.tributary.testkit.socket;

import java.util.OptionalLong;

/** What a server does with its clients. Called by the server's thread only; nothing here may block. */
@FunctionalInterface
public interface SocketHandler {

    /** A request arrived, complete with its body. It may be answered now, later or never. */
    void request(HttpExchange exchange);

    /** A client connected. */
    default void connected() {}

    /** A connection is gone, whoever ended it. */
    default void disconnected() {}

    /** Bytes arrived that are no acceptable request: what is answered before the connection ends. */
    default HttpResponse badRequest(int status) {
        return HttpResponse.of(status);
    }

    /** When, by the server's clock, {@link #tick} has something to do next. */
    default OptionalLong nextDeadline() {
        return OptionalLong.empty();
    }

    /** Time may have passed. */
    default void tick() {}
}
