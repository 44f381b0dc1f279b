package dev.tributary.testkit.socket;

import java.nio.ByteBuffer;

/** A step in sending to a client. */
public sealed interface WriteStep {

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

    /** Send no more, and read what still comes without looking at it: the client surely gets all that was sent. */
    record End() implements WriteStep {}

    /** Break the connection with RST. */
    record Reset() implements WriteStep {}
}
