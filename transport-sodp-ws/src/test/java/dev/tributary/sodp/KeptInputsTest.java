package dev.tributary.sodp;

import dev.tributary.conformance.KeptInputs;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;

/** What once came, or might, from SODP servers. Each kept input again; the fuzz targets say what must hold. */
@Timeout(20)
class KeptInputsTest {

    @ParameterizedTest
    @KeptInputs(FrameFuzz.class)
    @Tag("S45")
    @Tag("L10")
    void anyFrameIsReadOrRefused(byte[] input) {
        new FrameFuzz().frame(input);
    }

    @ParameterizedTest
    @KeptInputs(DeltaFuzz.class)
    @Tag("S45")
    @Tag("L9")
    @Tag("L10")
    void anyDeltaIsAppliedOrRefused(byte[] input) {
        new DeltaFuzz().delta(input);
    }

    @ParameterizedTest
    @KeptInputs(ConversationFuzz.class)
    @Tag("S45")
    @Tag("L10")
    void anyConversationIsSurvived(byte[] input) {
        new ConversationFuzz().conversation(input);
    }
}
