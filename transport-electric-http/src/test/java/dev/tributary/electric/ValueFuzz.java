package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tributary.ColumnType;
import dev.tributary.conformance.Allocated;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values of columns. The first byte of an input chooses the type, the others are the text of the value. */
class ValueFuzz {

    private static final long FREE_BYTES = 4L << 20;

    private static final List<ColumnType> TYPES = List.of(
                    "int2",
                    "int4",
                    "int8",
                    "oid",
                    "float4",
                    "float8",
                    "bool",
                    "uuid",
                    "json",
                    "date",
                    "timestamp",
                    "timestamptz",
                    "time",
                    "timetz",
                    "interval",
                    "bytea",
                    "numeric",
                    "numeric(10,2)",
                    "text",
                    "mood",
                    "int4[]",
                    "text[][]",
                    "jsonb[]",
                    "timestamptz[]",
                    "interval[]",
                    "box[]")
            .stream()
            .map(PgTypes::named)
            .toList();

    /** It is read or refused; what was read is written, and the text that was written reads as the same. */
    @FuzzTest
    void value(byte[] input) {
        if (input.length == 0) {
            return;
        }
        ColumnType type = TYPES.get((input[0] & 0xff) % TYPES.size());
        byte[] text = Arrays.copyOfRange(input, 1, input.length);
        Allocated.atMost(FREE_BYTES + 2_000L * text.length, () -> read(type, text));
        Object value = read(type, text);
        byte[] written = value == null ? null : written(type, value);
        if (written == null) {
            return;
        }
        Object again = type.decode(written, 0, written.length);
        assertThat(new String(written(type, again), StandardCharsets.UTF_8))
                .isEqualTo(new String(written, StandardCharsets.UTF_8));
        if (!type.name().startsWith("json") && !type.name().startsWith("numeric")) {
            // Of one number there are several spellings: 1e5 and 100000 in documents, 150 and 150.00 of two digits.
            assertThat(again)
                    .usingRecursiveComparison()
                    .withEqualsForType(Double::equals, Double.class)
                    .withEqualsForType(Float::equals, Float.class)
                    .isEqualTo(value);
        }
    }

    /** Null when it is refused. */
    private static @Nullable Object read(ColumnType type, byte[] text) {
        try {
            Object value = type.decode(text, 0, text.length);
            assertThat(value).isNotNull();
            return value;
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(1_000);
            return null;
        }
    }

    /** Null where the value has no text of ours: then it says why. */
    private static byte @Nullable [] written(ColumnType type, Object value) {
        try {
            return type.encode(value);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank();
            return null;
        }
    }
}
