package dev.tributary.testkit.electric;

import java.nio.ByteBuffer;

/** A step in sending a response. */
sealed interface WriteStep {

    /**
     * Send bytes.
     *
     * @param buffer the bytes
     */
    record Bytes(ByteBuffer buffer) implements WriteStep {}

    /**
     * Send nothing for a while.
     *
     * @param millis how long
     */
    record Pause(long millis) implements WriteStep {}

    /** Close the connection in order. */
    record Close() implements WriteStep {}

    /** Break the connection with RST. */
    record Reset() implements WriteStep {}
}
