package dev.tributary.testkit.simulation;

import dev.tributary.spi.Head;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.Target;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.WireEnd;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One wire as its server sees it, whether there is virtual time alone or a real socket behind it. What the server sends
 * arrives in order; after the end, or once the client closed the wire, nothing is sent any more. Used in tasks of the
 * simulation only.
 */
public interface SimulatedConnection {

    /** Hears what a client does with a wire after it was accepted. */
    interface ClientListener {

        /** A message of the client over a WebSocket. */
        default void message(DataKind kind, ByteBuffer bytes) {}

        /** The client closed the wire. */
        default void closed(int code, String reason) {}
    }

    /** The number of this wire among those of its source, from 1. */
    int number();

    /** What the client asked for. */
    Target target();

    /** The target of an HTTP exchange. */
    default HttpTarget http() {
        return (HttpTarget) target();
    }

    /** The target of a WebSocket. */
    default WebSocketTarget webSocket() {
        return (WebSocketTarget) target();
    }

    /** A header of the request, plain or secret, by a name of any case. */
    default Optional<String> header(String name) {
        Target target = target();
        List<Map<String, String>> all = target instanceof HttpTarget http
                ? List.of(http.headers(), http.credentials())
                : List.of(webSocket().headers(), webSocket().credentials());
        return all.stream()
                .flatMap(headers -> headers.entrySet().stream())
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** Whether it still has a client: neither side ended it. */
    boolean isOpen();

    /** How many pieces of content the client granted and did not get yet. */
    long demand();

    /** How many pieces of content wait, for their time or for a grant; over a real socket bytes of a body count. */
    int waitingPieces();

    /** Hears the client from now on. */
    void listen(ClientListener other);

    /** Sends the head of the HTTP response, or accepts the WebSocket with 101 or refuses it with another status. */
    void head(Head head);

    /** Sends the head with each of these headers once. */
    default void head(int status, Map<String, String> headers) {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        headers.forEach((name, value) -> lists.put(name, List.of(value)));
        head(new Head(status, lists));
    }

    /** Sends a part of the HTTP body, in as many pieces as the network makes of it. */
    void body(byte[] bytes);

    /** Sends a part of the HTTP body as UTF-8. */
    default void body(String text) {
        body(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Ends the HTTP body. */
    void complete();

    /** Sends a text message. */
    void text(String message);

    /** Sends a binary message. */
    void binary(byte[] message);

    /** A ping, or a pong that the wire asked for: the client's side learns that the server is there. */
    void alive();

    /** Closes the WebSocket. */
    void close(int code, String reason);

    /** Breaks the wire. Content that was granted still arrives, what waits for a grant is lost. */
    void fail(WireEnd.Kind kind, String reason);

    /** Whether {@code send} of the client says that the wire is full; going back to false tells it so. */
    void full(boolean now);
}
