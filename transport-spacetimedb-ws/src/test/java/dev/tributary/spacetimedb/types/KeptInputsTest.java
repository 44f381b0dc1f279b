package dev.tributary.spacetimedb.types;

import dev.tributary.conformance.KeptInputs;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;

/** Rows and schemas that once came, or might, from SpacetimeDB. Each kept input again; the fuzz targets say what must hold. */
@Timeout(20)
class KeptInputsTest {

    @ParameterizedTest
    @KeptInputs(RowFuzz.class)
    @Tag("T22")
    @Tag("T27")
    @Tag("L10")
    void anyRowIsReadOrRefused(byte[] input) {
        new RowFuzz().row(input);
    }

    @ParameterizedTest
    @KeptInputs(SchemaFuzz.class)
    @Tag("T59")
    @Tag("L10")
    void anySchemaIsReadOrRefused(byte[] input) {
        new SchemaFuzz().schema(input);
    }
}
