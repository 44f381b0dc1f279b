package dev.tributary.spacetimedb.types;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tributary.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Schemas. An input is the JSON text that a server answers. */
class SchemaFuzz {

    private static final int MOST_MESSAGE = 2_000;

    /** It is a schema or a typed error; its tables decode zeros, or refuse them with a typed error. */
    @FuzzTest
    void schema(byte[] input) {
        DatabaseSchema schema;
        try {
            schema = DatabaseSchema.parse(new String(input, StandardCharsets.UTF_8));
            schema.with(schema);
        } catch (ProtocolException e) {
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(MOST_MESSAGE);
            return;
        }
        byte[] zeros = new byte[64];
        for (TableSchema table : schema.tables()) {
            assertThat(schema.table(table.name())).isNotNull();
            RowDecoder decoder = table.layout().decoder();
            try {
                int end = decoder.skip(zeros, 0, zeros.length);
                assertThat(decoder.row(Arrays.copyOf(zeros, end), 0, end).toMap())
                        .hasSameSizeAs(table.layout().schema().columns());
            } catch (ProtocolException e) {
                assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(MOST_MESSAGE);
            }
        }
    }
}
