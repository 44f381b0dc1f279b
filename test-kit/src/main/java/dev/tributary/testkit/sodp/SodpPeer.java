package dev.tributary.testkit.sodp;

/**
 * The way from the model to one client. The model calls it in the order in which the client is to notice, and calls
 * nothing more once the connection has ended, whoever ended it.
 */
public interface SodpPeer {

    /** Sends a binary message. */
    void binary(byte[] message);

    /** Sends a text message, which no SODP server ever does on purpose. */
    void text(String message);

    /** Sends the first bytes of a binary message, and then no more: the connection breaks in its middle. */
    void cut(byte[] message, int bytes);

    /** Sends a WebSocket ping. */
    void ping();

    /** Sends a close frame; 1005 stands for one without a code. */
    void close(int code, String reason);

    /** Ends the TCP connection without a close frame. */
    void end();

    /** Breaks the TCP connection. */
    void reset();

    /** Whether the client takes what is sent; call {@link SodpSession#writable()} when it does again. */
    default boolean isWritable() {
        return true;
    }
}
