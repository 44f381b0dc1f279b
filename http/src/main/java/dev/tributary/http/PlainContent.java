package dev.tributary.http;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Content without a coding. Copies once, because the client's buffers are read-only; tiny ones become one piece. */
final class PlainContent implements ContentDecoder {

    private static final int LARGEST_PIECE = 64 * 1024;

    private final ContentInput input = new ContentInput();

    @Override
    public void feed(List<ByteBuffer> more) {
        input.feed(more);
    }

    @Override
    public @Nullable ByteBuffer next() {
        byte[] piece = new byte[(int) Math.min(LARGEST_PIECE, input.remaining())];
        int filled = 0;
        for (ByteBuffer from = input.current(); from != null && filled < piece.length; from = input.current()) {
            int length = Math.min(from.remaining(), piece.length - filled);
            from.get(piece, filled, length);
            filled += length;
        }
        return filled == 0 ? null : ByteBuffer.wrap(piece);
    }

    @Override
    public void finish() {}

    @Override
    public void close() {}
}
