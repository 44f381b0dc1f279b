package dev.tributary.driftdb;

import dev.tributary.conformance.KeptInputs;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;

/** What once came, or might, from a DriftDB server. Each kept input again; the fuzz targets say what must hold. */
@Timeout(20)
class KeptInputsTest {

    @ParameterizedTest
    @KeptInputs(MessageFuzz.class)
    @Tag("D6")
    @Tag("L10")
    void anyMessageIsReadOrRefused(byte[] input) {
        new MessageFuzz().message(input);
    }

    @ParameterizedTest
    @KeptInputs(RoomFuzz.class)
    @Tag("D1")
    @Tag("D3")
    @Tag("L8")
    @Tag("L10")
    void anyDescriptionIsReadOrRefused(byte[] input) {
        new RoomFuzz().room(input);
    }
}
