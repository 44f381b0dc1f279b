package dev.tributary.http;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns the content of one body, as it came over the wire, into pieces to give away: one at a time, each made only when
 * it is asked for, so that a small input cannot become a large heap. For one thread at a time.
 */
interface ContentDecoder extends AutoCloseable {

    /** Takes more input; only after {@link #next} had returned null. */
    void feed(List<ByteBuffer> input);

    /**
     * The next piece: on the heap, with an accessible array, not empty, used by nobody else.
     *
     * @return null when it needs more input
     */
    @Nullable
    ByteBuffer next() throws WireFault;

    /** The body is over. */
    void finish() throws WireFault;

    @Override
    void close();
}
