package dev.tributary.testkit.driftdb;

/** Where the frames of a connection leave the model. */
public interface DriftDbOutlet {

    /** Sends a text frame. */
    void text(String message);

    /** Sends a binary frame. */
    void binary(byte[] message);

    /** Ends the connection without a close frame. */
    void end();

    /** Whether the client is behind; once it has caught up, {@link DriftDbConnection#drain} is to be called. */
    default boolean isFull() {
        return false;
    }
}
