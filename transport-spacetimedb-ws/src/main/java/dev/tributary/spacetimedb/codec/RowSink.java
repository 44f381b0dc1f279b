package dev.tributary.spacetimedb.codec;

import java.nio.CharBuffer;

/**
 * Takes the rows of one list, one after another, as their bytes arrive. What it takes is not confirmed before the call
 * that ends the message: a message that turns out bad never gets one.
 */
public interface RowSink {

    /**
     * So many rows are announced: a hint for sizing, before the first. It comes from the server and is not proved, so
     * it must not be trusted with memory.
     */
    default void expect(long rows) {}

    /** A row as BSATN. The bytes are good only during the call. */
    void row(byte[] bytes, int offset, int length);

    /**
     * A row as the JSON text that {@code v1.json} sends, in its stored or computed form (specification 2.5).
     *
     * @param text good only during the call; it has an array
     */
    void json(CharBuffer text);
}
