package dev.tributary.electric;

import dev.tributary.conformance.KeptInputs;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;

/** What once came, or might, from an Electric server and what stands before it. Each kept input again; the fuzz targets say what must hold. */
@Timeout(20)
class KeptInputsTest {

    @ParameterizedTest
    @KeptInputs(BodyFuzz.class)
    @Tag("L10")
    void anyBodyIsReadOrRefusedTheSameInEveryCut(byte[] input) {
        new BodyFuzz().body(input);
    }

    @ParameterizedTest
    @KeptInputs(HeadFuzz.class)
    @Tag("L10")
    void anyHeaderIsUnderstoodOrRefused(byte[] input) {
        new HeadFuzz().header(input);
    }

    @ParameterizedTest
    @KeptInputs(ValueFuzz.class)
    @Tag("L10")
    void anyValueIsReadOrRefused(byte[] input) {
        new ValueFuzz().value(input);
    }
}
