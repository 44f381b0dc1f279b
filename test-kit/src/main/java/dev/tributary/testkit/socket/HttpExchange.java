package dev.tributary.testkit.socket;

import java.util.List;

/**
 * One request and what may become of it: an answer, a WebSocket, or the end of the connection. The first call decides,
 * the later ones do nothing. It may come from any thread; never to call anything is silence.
 */
public final class HttpExchange {

    private final SocketConnection connection;
    private final HttpRequest request;
    private final boolean last;
    /** The connection's thread only. */
    private boolean done;

    private Runnable onGone = () -> {};

    HttpExchange(SocketConnection connection, HttpRequest request, boolean last) {
        this.connection = connection;
        this.request = request;
        this.last = last;
    }

    public HttpRequest request() {
        return request;
    }

    /** Whether the connection ends after the answer. */
    public boolean isLast() {
        return last;
    }

    /** Answers; an upgrade is refused by that. */
    public void respond(HttpResponse response) {
        respond(ResponseHead.steps(request.method(), response, last));
    }

    /** Answers with bytes of one's own making; where this is the last answer, they must end the connection. */
    public void respond(List<WriteStep> steps) {
        decide(() -> connection.respond(steps, last));
    }

    /** Sends a part of an answer of one's own making; {@link #respond(List)} with the rest ends it. */
    public void write(WriteStep step) {
        connection.later(() -> {
            if (!done) {
                connection.send(step);
            }
        });
    }

    /** Accepts an upgrade with what RFC 6455 asks for. */
    public ServerWebSocket accept(WebSocketListener listener) {
        return accept(WebSocketOptions.defaults(), listener);
    }

    /** Accepts an upgrade. What is sent before the switch is done goes out after it. */
    public ServerWebSocket accept(WebSocketOptions options, WebSocketListener listener) {
        ServerWebSocket socket = new ServerWebSocket(connection, options, listener);
        decide(() -> connection.upgrade(
                ResponseHead.of(101, options.handshake(request.headers().getOrDefault("sec-websocket-key", ""))),
                socket));
        return socket;
    }

    /** Ends the connection without an answer. */
    public void cut() {
        respond(List.of(new WriteStep.Close()));
    }

    /** Breaks the connection (RST) without an answer. */
    public void reset() {
        respond(List.of(new WriteStep.Reset()));
    }

    /** What happens when the client leaves before anything was decided. To be set while the request is handled. */
    public void onGone(Runnable action) {
        onGone = action;
    }

    private void decide(Runnable action) {
        connection.later(() -> {
            if (!done) {
                done = true;
                action.run();
            }
        });
    }

    void gone() {
        if (!done) {
            done = true;
            onGone.run();
        }
    }

    boolean isDone() {
        return done;
    }

    /** The headers of the request hold secrets, so it shows none. */
    @Override
    public String toString() {
        return request.toString();
    }
}
