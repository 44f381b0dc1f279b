package dev.tributary.spacetimedb.codec;

import dev.tributary.ProtocolException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.brotli.dec.BrotliInputStream;

/**
 * Brotli. The decoder pulls its input, so the compressed bytes, which {@link Meter} bounds, are gathered first; what
 * comes out is passed on in chunks. For one message.
 */
final class Unbrotli implements Stage {

    private static final int CHUNK = 32 << 10;
    private static final int FIRST = 4 << 10;

    private final Meter meter;
    private final Stage next;
    private byte[] gathered = new byte[FIRST];
    private int count;

    Unbrotli(Meter meter, Stage next) {
        this.meter = meter;
        this.next = next;
    }

    @Override
    public void feed(byte[] bytes, int from, int to) {
        int wanted = Math.addExact(count, to - from);
        if (wanted > gathered.length) {
            gathered = Arrays.copyOf(
                    gathered, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(wanted, gathered.length * 2L)));
        }
        System.arraycopy(bytes, from, gathered, count, to - from);
        count = wanted;
    }

    @Override
    public void end() {
        byte[] out = new byte[CHUNK];
        try (InputStream in = new BrotliInputStream(new ByteArrayInputStream(gathered, 0, count))) {
            for (int read = read(in, out); read > 0; read = read(in, out)) {
                meter.expand(read);
                next.feed(out, 0, read);
            }
        } catch (IOException e) {
            throw new ProtocolException("a Brotli message of " + count + " bytes cannot be decompressed", e);
        }
        next.end();
    }

    private int read(InputStream in, byte[] out) throws IOException {
        try {
            return in.read(out, 0, out.length);
        } catch (RuntimeException e) {
            // The library guards its tables by array bounds in places.
            throw new IOException(e);
        }
    }
}
