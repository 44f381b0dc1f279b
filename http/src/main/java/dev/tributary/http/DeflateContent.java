package dev.tributary.http;

import dev.tributary.spi.WireEnd;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Content in the coding deflate: with a zlib header as the standard says, or without one as some servers do it. */
final class DeflateContent implements ContentDecoder {

    private static final int METHOD_DEFLATE = 8;
    private static final int HEADER_CHECK = 31;

    private final ContentInput input = new ContentInput();
    private final ByteBuffer beginning = ByteBuffer.allocate(2);
    private @Nullable Inflation inflation;

    @Override
    public void feed(List<ByteBuffer> more) {
        input.feed(more);
    }

    @Override
    public @Nullable ByteBuffer next() throws WireFault {
        Inflation running = inflation;
        if (running == null) {
            running = begin();
            if (running == null) {
                return null;
            }
            inflation = running;
        }
        while (true) {
            ByteBuffer from = beginning.hasRemaining() ? beginning : input.current();
            if (running.isFinished()) {
                if (from != null) {
                    throw WireFault.malformed("bytes follow the end of the deflate content");
                }
                return null;
            }
            ByteBuffer piece = running.next(from);
            if (piece != null) {
                return piece;
            }
            if (from == null) {
                return null;
            }
        }
    }

    /** Reads the first two bytes, which tell the two forms apart. */
    private @Nullable Inflation begin() {
        for (ByteBuffer from = input.current(); from != null && beginning.hasRemaining(); from = input.current()) {
            beginning.put(from.get());
        }
        if (beginning.hasRemaining()) {
            return null;
        }
        beginning.flip();
        int header = Short.toUnsignedInt(beginning.getShort(0));
        boolean zlib = (header >> 8 & 0x0F) == METHOD_DEFLATE && header % HEADER_CHECK == 0;
        return new Inflation(!zlib);
    }

    @Override
    public void finish() throws WireFault {
        boolean empty = inflation == null && beginning.position() == 0;
        if (!empty && (inflation == null || !inflation.isFinished())) {
            throw new WireFault(WireEnd.Kind.BROKEN, "the deflate content ends too early", null);
        }
    }

    @Override
    public void close() {
        if (inflation != null) {
            inflation.close();
        }
    }
}
