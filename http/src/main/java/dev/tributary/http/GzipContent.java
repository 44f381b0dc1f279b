package dev.tributary.http;

import dev.tributary.spi.WireEnd;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Content in the coding gzip, of one or more members, with the checksum and length of each verified. Our own because
 * {@link java.util.zip.GZIPInputStream} blocks.
 */
final class GzipContent implements ContentDecoder {

    private static final int TRAILER_BYTES = 8;

    private enum Part {
        HEADER,
        DATA,
        TRAILER
    }

    private final ContentInput input = new ContentInput();
    private final Inflation inflation = new Inflation(true);
    private final CRC32 sum = new CRC32();
    private Part part = Part.HEADER;
    private GzipHeader header = new GzipHeader(true);
    private long trailer;
    private int trailerBytes;
    private long length;

    @Override
    public void feed(List<ByteBuffer> more) {
        input.feed(more);
    }

    @Override
    public @Nullable ByteBuffer next() throws WireFault {
        while (true) {
            ByteBuffer from = input.current();
            if (part == Part.DATA) {
                ByteBuffer piece = inflation.next(from);
                if (inflation.isFinished()) {
                    part = Part.TRAILER;
                }
                if (piece != null) {
                    sum.update(piece.array(), 0, piece.limit());
                    length += piece.limit();
                    return piece;
                }
            }
            if (from == null) {
                return null;
            }
            if (part == Part.HEADER && header.read(from)) {
                part = Part.DATA;
            } else if (part == Part.TRAILER) {
                readTrailer(from);
            }
        }
    }

    private void readTrailer(ByteBuffer from) throws WireFault {
        while (trailerBytes < TRAILER_BYTES && from.hasRemaining()) {
            trailer |= (from.get() & 0xFFL) << Byte.SIZE * trailerBytes++;
        }
        if (trailerBytes < TRAILER_BYTES) {
            return;
        }
        // The length counts modulo 2^32.
        if ((trailer & 0xFFFF_FFFFL) != sum.getValue() || trailer >>> Integer.SIZE != (length & 0xFFFF_FFFFL)) {
            throw WireFault.malformed("the gzip content does not match its checksum");
        }
        part = Part.HEADER;
        header = new GzipHeader(false);
        inflation.reset();
        sum.reset();
        length = 0;
        trailer = 0;
        trailerBytes = 0;
    }

    @Override
    public void finish() throws WireFault {
        if (part != Part.HEADER || header.isTouched()) {
            throw new WireFault(WireEnd.Kind.BROKEN, "the gzip content ends too early", null);
        }
    }

    @Override
    public void close() {
        inflation.close();
    }
}
