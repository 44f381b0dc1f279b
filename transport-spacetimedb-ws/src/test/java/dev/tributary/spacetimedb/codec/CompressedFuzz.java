package dev.tributary.spacetimedb.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tributary.LimitExceededException;
import dev.tributary.ProtocolException;
import dev.tributary.conformance.Allocated;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Compressed bytes alone. The first byte of an input chooses the compression. */
class CompressedFuzz {

    /** A window of Brotli, and what comes out, collected in an array that grows. */
    private static final long FREE_BYTES = 96L << 20;

    private static final Limits LIMITS = new Limits(1 << 20, 4 << 20, 1_000, 1 << 16, 1 << 16);

    /** What comes out does not depend on the cuts; of gzip it is what the JDK's reader finds, where that takes it. */
    @FuzzTest
    void compressed(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int kind = (input[0] & 1) == 0 ? Compression.GZIP : Compression.BROTLI;
        Allocated.atMost(FREE_BYTES + 2_000L * input.length, () -> expanded(kind, input, null));
        byte[] whole = expanded(kind, input, null);
        assertThat(expanded(kind, input, new Random(input[0]))).isEqualTo(whole);
        if (kind == Compression.GZIP && whole != null) {
            assertThat(whole).isEqualTo(byTheJdk(input));
        }
    }

    /** Null when it is refused. */
    private static byte @Nullable [] expanded(int kind, byte[] input, @Nullable Random cuts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Meter meter = new Meter(LIMITS);
        boolean[] ended = new boolean[1];
        Stage stage = Compression.expander(kind, meter, new Stage() {
            @Override
            public void feed(byte[] bytes, int from, int to) {
                out.write(bytes, from, to - from);
            }

            @Override
            public void end() {
                ended[0] = true;
            }
        });
        try {
            for (int from = 1; from < input.length; ) {
                int to = cuts == null ? input.length : Math.min(input.length, from + 1 + cuts.nextInt(9));
                meter.receive(to - from);
                stage.feed(input, from, to);
                from = to;
            }
            stage.end();
        } catch (ProtocolException | LimitExceededException e) {
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(1_000);
            return null;
        }
        assertThat(ended[0]).isTrue();
        return out.toByteArray();
    }

    private static byte[] byTheJdk(byte[] input) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(input, 1, input.length - 1))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError("the JDK refuses what was expanded", e);
        }
    }
}
