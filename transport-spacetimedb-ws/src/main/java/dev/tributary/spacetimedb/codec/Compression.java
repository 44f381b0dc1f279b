package dev.tributary.spacetimedb.codec;

import dev.tributary.ProtocolException;
import org.jspecify.annotations.Nullable;

/** The first byte of a binary message says how the rest is compressed (specification 3.3). */
final class Compression implements Stage {

    static final int NONE = 0;
    static final int BROTLI = 1;
    static final int GZIP = 2;

    private final Meter meter;
    private final Stage messages;
    /** Null before the first byte, and for what is not compressed. */
    private @Nullable Stage expander;

    private boolean begun;

    Compression(Meter meter, Stage messages) {
        this.meter = meter;
        this.messages = messages;
    }

    @Override
    public void feed(byte[] bytes, int from, int to) {
        int at = from;
        if (!begun && at < to) {
            begun = true;
            int kind = bytes[at++];
            expander = kind == NONE ? null : expander(kind, meter, messages);
        }
        if (at == to) {
            return;
        }
        if (expander != null) {
            expander.feed(bytes, at, to);
        } else {
            meter.expand(to - at);
            messages.feed(bytes, at, to);
        }
    }

    @Override
    public void end() {
        if (!begun) {
            throw new ProtocolException("a message of the server is empty: its byte of compression is missing");
        }
        begun = false;
        Stage last = expander == null ? messages : expander;
        expander = null;
        last.end();
    }

    /** What undoes this kind of compression. */
    static Stage expander(int kind, Meter meter, Stage next) {
        return switch (kind) {
            case BROTLI -> new Unbrotli(meter, next);
            case GZIP -> new Gunzip(meter, next);
            default ->
                throw new ProtocolException("a message of the server has the unknown compression " + (kind & 0xFF));
        };
    }
}
