package dev.tributary.testkit.socket;

/**
 * Hears a client over a WebSocket, on the server's thread. Left alone, it answers control frames and malformed input as
 * RFC 6455 asks; a server that does otherwise overrides.
 */
public interface WebSocketListener {

    /** A text message, put together from its fragments. */
    default void text(ServerWebSocket socket, String message) {}

    /** A binary message, put together from its fragments. */
    default void binary(ServerWebSocket socket, byte[] message) {}

    /** A ping; answered by a pong. */
    default void ping(ServerWebSocket socket, byte[] payload) {
        socket.pong(payload);
    }

    /** A pong, asked for or not. */
    default void pong(ServerWebSocket socket, byte[] payload) {}

    /** A close frame; 1000 also for one without a code. Answered by the same, if it was not itself an answer. */
    default void close(ServerWebSocket socket, int code, String reason) {
        socket.close(code, reason);
    }

    /** What arrived breaks the rules, and nothing after it is read. */
    default void malformed(ServerWebSocket socket, int code, String what) {
        socket.close(code, what);
        socket.end();
    }

    /** All that was to be sent is on its way. */
    default void drained(ServerWebSocket socket) {}

    /** The connection is gone, whoever ended it. Comes once, last. */
    default void gone(ServerWebSocket socket) {}
}
