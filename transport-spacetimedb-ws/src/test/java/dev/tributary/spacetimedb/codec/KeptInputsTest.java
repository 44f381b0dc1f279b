package dev.tributary.spacetimedb.codec;

import dev.tributary.conformance.KeptInputs;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;

/** What once came, or might, over a WebSocket of SpacetimeDB. Each kept input again; the fuzz targets say what must hold. */
@Timeout(20)
class KeptInputsTest {

    @ParameterizedTest
    @KeptInputs(MessageFuzz.class)
    @Tag("T19")
    @Tag("T22")
    @Tag("L9")
    @Tag("L10")
    void anyMessageIsToldOrRefusedTheSameInEveryCut(byte[] input) {
        new MessageFuzz().message(input);
    }

    @ParameterizedTest
    @KeptInputs(CompressedFuzz.class)
    @Tag("T19")
    @Tag("L9")
    @Tag("L10")
    void anyBytesAreExpandedOrRefused(byte[] input) {
        new CompressedFuzz().compressed(input);
    }
}
