package dev.tributary.spacetimedb.codec;

import dev.tributary.ProtocolException;
import dev.tributary.spi.Protocol.DataKind;
import java.nio.ByteBuffer;

/** Feeds the stages of a subprotocol, and takes nothing more once they failed. */
final class PieceReader implements FrameReader {

    private static final int CHUNK = 16 << 10;

    private final DataKind expected;
    private final Meter meter;
    private final Stage first;
    private byte[] copy = new byte[0];
    private boolean inside;
    private boolean failed;

    PieceReader(DataKind expected, Meter meter, Stage first) {
        this.expected = expected;
        this.meter = meter;
        this.first = first;
    }

    @Override
    public void data(DataKind kind, ByteBuffer bytes, boolean last) {
        if (failed) {
            throw new IllegalStateException("this reader has failed");
        }
        failed = true;
        if (kind != expected) {
            throw new ProtocolException("the server sent a " + kind + " message, not a " + expected + " one");
        }
        inside = true;
        meter.receive(bytes.remaining());
        if (bytes.hasArray()) {
            int start = bytes.arrayOffset() + bytes.position();
            first.feed(bytes.array(), start, start + bytes.remaining());
        } else {
            feedCopies(bytes.duplicate());
        }
        if (last) {
            first.end();
            meter.reset();
            inside = false;
        }
        failed = false;
    }

    private void feedCopies(ByteBuffer bytes) {
        if (copy.length == 0) {
            copy = new byte[CHUNK];
        }
        while (bytes.hasRemaining()) {
            int count = Math.min(CHUNK, bytes.remaining());
            bytes.get(copy, 0, count);
            first.feed(copy, 0, count);
        }
    }

    @Override
    public boolean isInside() {
        return inside;
    }
}
