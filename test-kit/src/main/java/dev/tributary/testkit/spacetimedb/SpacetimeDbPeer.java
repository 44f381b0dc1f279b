package dev.tributary.testkit.spacetimedb;

/**
 * The way from the model to one client. The model calls it in the order in which the client is to notice.
 */
public interface SpacetimeDbPeer {

    /** Sends a text message. */
    void text(byte[] utf8);

    /** Sends a binary message. */
    void binary(byte[] message);

    /** Sends the first bytes of a message, and then no more: the connection breaks in its middle. */
    void cut(byte[] message, int bytes, boolean text);

    /** Sends a ping. */
    void ping();

    /** Sends a close frame, however long its reason is. */
    void close(int code, String reason);

    /** Ends the stream without a close frame, after what was sent. */
    void end();

    /** Breaks the connection. */
    void reset();

    /** Whether the client takes what is sent; call {@link SpacetimeDbSession#writable} when it does again. */
    default boolean isWritable() {
        return true;
    }
}
