package dev.tributary.replay.electric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Column;
import dev.tributary.Row;
import dev.tributary.RowPacker;
import dev.tributary.RowSchema;
import dev.tributary.replay.TextType;
import dev.tributary.replay.recording.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ElectricFinalTest {

    private static final RowSchema KEYED = RowSchema.of(List.of(
            new Column("id", new TextType("int4"), false, 0),
            new Column("ok", new TextType("bool"), true, -1),
            new Column("name", new TextType("text"), true, -1)));
    private static final RowSchema KEYLESS = RowSchema.of(List.of(
            new Column("ok", new TextType("bool"), true, -1), new Column("name", new TextType("text"), true, -1)));

    private static Map<String, Object> expected(String json) {
        try {
            return Json.members(Json.parse(json));
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static String difference(String json, RowSchema schema, Row... rows) {
        return ElectricFinal.difference(expected(json), schema, List.of(rows));
    }

    private static final String ONE = "{\"k\":{\"id\":\"1\",\"ok\":\"true\",\"name\":null}}";

    @Test
    void equalRowsAreEqualWhateverTheSpellingOfTruth() {
        assertThat(difference(ONE, KEYED, KEYED.row("1", "t", null))).isNull();
        assertThat(difference("{\"k\":{\"ok\":\"f\",\"name\":\"true\"}}", KEYLESS, KEYLESS.row("false", "true")))
                .isNull();
        assertThat(difference("{}", null)).isNull();
    }

    @Test
    void anyOtherValueIsADifference() {
        assertThat(difference(ONE, KEYED, KEYED.row("1", "f", null)))
                .isEqualTo("row k: column ok is 'f', final has 't'");
        assertThat(difference(ONE, KEYED, KEYED.row("1", "t", "null")))
                .isEqualTo("row k: column name is 'null', final has null");
        assertThat(difference(ONE, KEYED, KEYED.row("1", null, null)))
                .isEqualTo("row k: column ok is null, final has 't'");
    }

    @Test
    void rowsThatAreMissingOrTooManyAreDifferences() {
        assertThat(difference(ONE, KEYED)).isEqualTo("row k is missing");
        assertThat(difference(ONE, KEYED, KEYED.row("1", "t", null), KEYED.row("2", "t", null)))
                .isEqualTo("row [2] is held, but not in final");
        assertThat(difference("{}", KEYED, KEYED.row("1", "t", null))).contains("held, but not in final");
        assertThat(difference(ONE, null)).isEqualTo("nothing was committed, but final has 1 rows");
    }

    @Test
    void columnsThatAreMissingOrTooManyAreDifferences() {
        assertThat(difference("{\"k\":{\"id\":\"1\",\"ok\":\"t\"}}", KEYED, KEYED.row("1", "t", null)))
                .isEqualTo("row k: column name is held, but not in final");
        assertThat(difference(
                        "{\"k\":{\"id\":\"1\",\"ok\":\"t\",\"name\":null,\"more\":null}}",
                        KEYED,
                        KEYED.row("1", "t", null)))
                .isEqualTo("row k: column more is in final, but not held");
        RowPacker packer = new RowPacker(KEYED);
        packer.set(0, new byte[] {'1'});
        packer.set(1, new byte[] {'t'});
        assertThat(difference(ONE, KEYED, packer.pack())).isEqualTo("row k: column name was never received");
    }

    @Test
    void withoutAKeyEqualRowsAreOne() {
        String twice = "{\"a\":{\"ok\":\"t\",\"name\":\"x\"},\"b\":{\"ok\":\"true\",\"name\":\"x\"}}";
        assertThat(difference(twice, KEYLESS, KEYLESS.row("t", "x"))).isNull();
        assertThat(difference(
                        "{\"a\":{\"id\":\"1\",\"ok\":\"t\",\"name\":null},\"b\":{\"id\":\"1\",\"ok\":\"t\",\"name\":null}}",
                        KEYED,
                        KEYED.row("1", "t", null)))
                .isEqualTo("final has two rows of the key [1]");
    }

    @Test
    void aFinalOfSeveralQueriesIsSplitByTableOrName() {
        Map<String, Object> byTable =
                expected("{\"\\\"public\\\".\\\"a\\\"/\\\"1\\\"\":{},\"\\\"public\\\".\\\"b\\\"/\\\"a/1\\\"\":{}}");
        assertThat(ElectricParts.of(byTable, "b?where=x", List.of("a", "b?where=x")))
                .containsOnlyKeys("\"public\".\"b\"/\"a/1\"");
        Map<String, Object> byName = expected("{\"a\":{\"k\":{}},\"b\":{\"l\":{}}}");
        assertThat(ElectricParts.of(byName, "b", List.of("a", "b"))).containsOnlyKeys("l");
    }
}
