package dev.tributary.spacetimedb.types;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tributary.MappingException;
import dev.tributary.ProtocolException;
import dev.tributary.Row;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Rows. The first byte of an input chooses the table, the second the form, JSON if it is even; the others are the row. */
class RowFuzz {

    private static final int TABLES = 24;
    private static final int MOST_MESSAGE = 1_500;

    /** Tables of all types, made the same in every run. */
    private static final List<RowLayout> LAYOUTS = IntStream.range(0, TABLES)
            .mapToObj(i -> {
                Random random = new Random(i);
                List<Model.Kind> kinds = Model.kinds(random, 1 + i % 5, 3);
                return Objects.requireNonNull(Model.database(kinds, -1).table("t"))
                        .layout();
            })
            .toList();

    /** It is a row or a typed error; a row is read, and its values make the same row again. */
    @FuzzTest
    void row(byte[] input) {
        if (input.length < 2) {
            return;
        }
        RowDecoder decoder = LAYOUTS.get((input[0] & 0xff) % TABLES).decoder();
        byte[] bytes = Arrays.copyOfRange(input, 2, input.length);
        Row row;
        try {
            if ((input[1] & 1) == 0) {
                String json = new String(bytes, StandardCharsets.UTF_8);
                row = decoder.jsonRow(json);
                assertThat(decoder.jsonRow(json.toCharArray(), 0, json.length()))
                        .isEqualTo(row);
            } else {
                row = decoder.row(bytes, 0, bytes.length);
                assertThat(decoder.skip(bytes, 0, bytes.length)).isEqualTo(bytes.length);
            }
        } catch (ProtocolException e) {
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(MOST_MESSAGE);
            return;
        }
        @Nullable Object[] java = new Object[row.schema().columns().size()];
        for (int column = 0; column < java.length; column++) {
            try {
                java[column] = row.get(column);
            } catch (MappingException e) {
                assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(MOST_MESSAGE);
                return;
            }
        }
        assertThat(row.schema().row(java)).isEqualTo(row);
    }
}
