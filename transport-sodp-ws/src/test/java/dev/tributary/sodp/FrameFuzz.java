package dev.tributary.sodp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tributary.ProtocolException;
import dev.tributary.RejectedException;
import dev.tributary.conformance.Allocated;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Frames, whatever a server sends. An input is one frame. */
class FrameFuzz {

    private static final long FREE_BYTES = 1 << 20;
    private static final int MOST_MESSAGE = 1_000;

    private final Decoder decoder = new Decoder();

    /** Each reader takes it or says what is wrong; a document that was read is written and read as the same. */
    @FuzzTest
    void frame(byte[] input) {
        Allocated.atMost(FREE_BYTES + 1_000L * input.length, () -> readers(input));
        document(input);
    }

    private void readers(byte[] input) {
        Frame frame = readOrRefused(() -> Frame.head(decoder, input, 0, input.length));
        if (frame != null) {
            readOrRefused(() -> StateInit.read(frame, decoder));
            readOrRefused(() -> StateInit.key(frame, decoder));
            readOrRefused(() -> Delta.read(frame, decoder, 0));
            readOrRefused(() -> CallResult.read(frame, decoder));
            readOrRefused(() -> ServerError.read(frame, decoder));
            readOrRefused(() -> Hello.read(frame, decoder, null));
        }
    }

    private <T> @Nullable T readOrRefused(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (ProtocolException | RejectedException e) {
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(MOST_MESSAGE);
            return null;
        }
    }

    private void document(byte[] input) {
        Object value;
        try {
            decoder.reset(input, 0, input.length);
            value = decoder.value("the value", Decoder.MOST_LEVELS);
        } catch (ProtocolException e) {
            return;
        }
        int end = decoder.position();
        decoder.reset(input, 0, input.length);
        decoder.skip("the value");
        assertThat(decoder.position()).isEqualTo(end);
        byte[] canonical = Encoder.canonical(value);
        decoder.reset(canonical, 0, canonical.length);
        Object again = decoder.value("the value", Decoder.MOST_LEVELS);
        assertThat(decoder.position()).isEqualTo(canonical.length);
        assertThat(again).isEqualTo(value);
        assertThat(Encoder.canonical(again)).isEqualTo(canonical);
    }
}
