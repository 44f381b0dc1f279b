package dev.tributary.sodp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tributary.ProtocolException;
import dev.tributary.conformance.Allocated;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Deltas on documents. An input is a document in MessagePack, and behind it a frame with a DELTA. */
class DeltaFuzz {

    private static final long FREE_BYTES = 256L << 20;

    private final Decoder decoder = new Decoder();

    /** In each dialect it is applied as a whole or not at all, within bounds, and what it does not touch stays. */
    @FuzzTest
    void delta(byte[] input) {
        @Nullable Object document;
        Delta delta;
        try {
            decoder.reset(input, 0, input.length);
            document = decoder.value("the document", Decoder.MOST_LEVELS);
            byte[] frame = Arrays.copyOfRange(input, decoder.position(), input.length);
            delta = Delta.read(Frame.head(decoder, frame, 0, frame.length), decoder, 0);
            DeltaSteps.isDeletion(delta, decoder);
        } catch (ProtocolException e) {
            return;
        }
        applied(document, delta, input.length);
    }

    private void applied(@Nullable Object document, Delta delta, int length) {
        byte[] before = Encoder.canonical(document);
        for (SodpDialect dialect : SodpDialect.values()) {
            // A place far behind the end of an array may be an honest one.
            Allocated.atMost(FREE_BYTES + 10_000L * length, () -> apply(dialect, document, delta));
            assertThat(Encoder.canonical(document)).isEqualTo(before);
        }
    }

    private void apply(SodpDialect dialect, @Nullable Object document, Delta delta) {
        DeltaSteps steps = new DeltaSteps(dialect, document, document != null, true);
        try {
            steps.apply(delta, decoder);
        } catch (UnfitDelta | ProtocolException e) {
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(1_000);
            return;
        }
        Object after = steps.document();
        if (!steps.touchedRoot() && document instanceof DocMap from && after instanceof DocMap to) {
            Set<String> touched = steps.touched();
            from.forEach((name, value) -> {
                if (!touched.contains(name)) {
                    assertThat(to.get(name)).isSameAs(value);
                }
            });
        }
        if (!steps.initialized()) {
            assertThat(after).isNull();
        }
        assertThat(Encoder.canonical(after)).isNotEmpty();
    }
}
