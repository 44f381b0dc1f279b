package dev.tributary.http;

import dev.tributary.spi.WireEnd;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** Inflates one deflate stream, piece by piece. */
final class Inflation implements AutoCloseable {

    private static final int LEAST_PIECE = 1024;
    private static final int LARGEST_PIECE = 32 * 1024;
    private static final int USUAL_RATIO = 4;

    private final Inflater inflater;
    private byte @Nullable [] spare;

    /**
     * @param raw whether the stream comes without a zlib header
     */
    Inflation(boolean raw) {
        this.inflater = new Inflater(raw);
    }

    /**
     * The next piece.
     *
     * @param input what to read; it is read no further than the stream goes
     * @return null when it needs more input or is finished
     */
    @Nullable
    ByteBuffer next(@Nullable ByteBuffer input) throws WireFault {
        if (inflater.needsInput() && input != null) {
            inflater.setInput(input);
        }
        byte[] piece = spare != null ? spare : new byte[size(input)];
        spare = null;
        try {
            int length = inflater.inflate(piece);
            if (inflater.needsDictionary()) {
                throw WireFault.malformed("the compressed content asks for a dictionary");
            }
            if (length > 0) {
                return ByteBuffer.wrap(piece, 0, length);
            }
            spare = piece;
            return null;
        } catch (DataFormatException e) {
            throw new WireFault(WireEnd.Kind.MALFORMED, "the compressed content is damaged", e);
        }
    }

    private static int size(@Nullable ByteBuffer input) {
        if (input == null) {
            return LARGEST_PIECE;
        }
        return (int) Math.max(LEAST_PIECE, Math.min(LARGEST_PIECE, (long) USUAL_RATIO * input.remaining()));
    }

    boolean isFinished() {
        return inflater.finished();
    }

    /** Begins a new stream. */
    void reset() {
        inflater.reset();
    }

    /** Gives the native memory back. */
    @Override
    public void close() {
        inflater.end();
    }
}
