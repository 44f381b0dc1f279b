package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ProtocolException;
import dev.tributary.RejectedException;
import dev.tributary.Row;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies become rows. */
class ChunkDecoderTest {

    private static final String COLUMNS = "{\"b\":{\"type\":\"bool\"},\"id\":{\"type\":\"int4\",\"not_null\":true,"
            + "\"pk_index\":0},\"n\":{\"type\":\"text\",\"not_null\":true},\"v\":{\"type\":\"text\"}}";

    private static LogSchema schema(String json, String... extra) {
        return LogSchema.parse(json, new LogSchema.Reading(ColumnNames.unchanged(), Map.of()), List.of(extra));
    }

    private static Chunk decode(LogSchema schema, String body, int... cuts) {
        ChunkDecoder decoder = new ChunkDecoder(schema, true, "items", text -> text, Long.MAX_VALUE);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        int from = 0;
        for (int cut : cuts) {
            decoder.feed(ByteBuffer.wrap(bytes, from, cut - from));
            from = cut;
        }
        decoder.feed(ByteBuffer.wrap(bytes, from, bytes.length - from).slice().asReadOnlyBuffer());
        return decoder.end();
    }

    private static Chunk decode(String body) {
        return decode(schema(COLUMNS), body);
    }

    private static String message(String operation, String value, String headers) {
        return "[{\"key\":\"k\",\"value\":" + value + ",\"headers\":{\"operation\":\"" + operation + "\"" + headers
                + "}}]";
    }

    private static String shown(Chunk chunk) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < chunk.size(); i++) {
            text.append(chunk.kind(i)).append(chunk.row(i));
        }
        return text + " " + chunk.operations() + chunk.txids() + chunk.lastOffset() + chunk.isUpToDate()
                + chunk.globalLsn() + chunk.snapshotEnd() + chunk.messages() + chunk.isMustRefetch()
                + chunk.undescribedColumns() + chunk.bytes();
    }

    private static final String RICH =
            "[{\"key\":\"\\\"public\\\".\\\"t\\\"/\\\"1\\\"\",\"value\":{\"b\":\"true\",\"id\":"
                    + "\"1\",\"n\":\"日本 🎉 \\u00fc \\\\ \\\" \\n\",\"v\":null},\"headers\":{\"relation\":[\"public\",\"t\"],"
                    + "\"operation\":\"insert\"}},{\"headers\":{\"control\":\"snapshot-end\",\"xmin\":\"7\",\"xmax\":\"9\","
                    + "\"xip_list\":[\"8\"]}}, null, {\"value\":{\"id\":\"1\",\"b\":\"f\"},\"old_value\":{\"b\":\"t\"},\"key\":"
                    + "\"k\",\"headers\":{\"lsn\":\"18446744073709551615\",\"op_position\":4,\"txids\":[1,4294967295],"
                    + "\"operation\":\"update\",\"last\":true,\"strange\":{\"a\":[1,{}]}}},{\"key\":\"k\",\"value\":{\"id\":"
                    + "\"2\"},\"headers\":{\"operation\":\"delete\",\"lsn\":\"18446744073709551615\",\"op_position\":6,"
                    + "\"key_change_to\":\"j\"},\"offset\":\"1_1\"},{\"headers\":{\"control\":\"up-to-date\","
                    + "\"global_last_seen_lsn\":\"77\"}}]";

    @Property(tries = 300)
    @net.jqwik.api.Tag("L10")
    void anySplitOfABodyGivesTheSameChunk(@ForAll @Size(max = 12) List<@IntRange(max = 10_000) Integer> cuts) {
        int length = RICH.getBytes(StandardCharsets.UTF_8).length;
        int[] places = cuts.stream().mapToInt(cut -> cut % length).sorted().toArray();

        assertThat(shown(decode(schema(COLUMNS), RICH, places))).isEqualTo(shown(decode(RICH)));
    }

    @Test
    @Tag("L10")
    void everySingleByteMayComeAlone() {
        int length = RICH.getBytes(StandardCharsets.UTF_8).length;

        Chunk chunk = decode(schema(COLUMNS), RICH, IntStream.range(1, length).toArray());

        assertThat(shown(chunk)).isEqualTo(shown(decode(RICH)));
    }

    @Property(tries = 500)
    @net.jqwik.api.Tag("L10")
    void damagedBodiesEndInTypedErrors(
            @ForAll @IntRange(max = 900) int place, @ForAll @IntRange(min = 0, max = 255) int with) {
        byte[] bytes = RICH.getBytes(StandardCharsets.UTF_8);
        bytes[place % bytes.length] = (byte) with;
        ChunkDecoder decoder = new ChunkDecoder(schema(COLUMNS), true, "items", text -> text, Long.MAX_VALUE);
        try {
            decoder.feed(ByteBuffer.wrap(bytes));
            decoder.end();
        } catch (ProtocolException | RejectedException e) {
            assertThat(e).hasMessageStartingWith("items: ");
        }
    }

    @Test
    void aBodyIsReadWhole() {
        Chunk chunk = decode(RICH);

        assertThat(chunk.size()).isEqualTo(3);
        assertThat(chunk.kind(0)).isEqualTo(Chunk.INSERT);
        assertThat(chunk.row(0).getString("n")).isEqualTo("日本 🎉 ü \\ \" \n");
        assertThat(chunk.row(0).get("b")).isEqualTo(true);
        assertThat(chunk.row(0).isNull("v")).isTrue();
        assertThat(chunk.kind(1)).isEqualTo(Chunk.UPDATE);
        assertThat(chunk.row(1).toMap()).isEqualTo(Map.of("b", false, "id", 1));
        assertThat(chunk.kind(2)).isEqualTo(Chunk.DELETE);
        assertThat(chunk.lastOffset()).isEqualTo("18446744073709551615_6");
        assertThat(chunk.isUpToDate()).isTrue();
        assertThat(chunk.globalLsn()).isEqualTo("77");
        assertThat(chunk.snapshotEnd()).isEqualTo(new SnapshotEnd(7, 9, Set.of(8L)));
        assertThat(chunk.messages()).isEqualTo(5);
        assertThat(chunk.txids()).containsExactly(1, -1);
        assertThat(chunk.bytes()).isEqualTo(RICH.getBytes(StandardCharsets.UTF_8).length);
    }

    @Test
    @Tag("E39")
    @Tag("E36")
    void positionsTransactionsAndLinksAreTold() {
        BigInteger lsn = new BigInteger("18446744073709551615");

        assertThat(decode(RICH).operations())
                .containsExactly(
                        new ElectricCommit.Operation(
                                ElectricCommit.Kind.UPDATE, "k", lsn, 4, List.of(1L, 4294967295L), true, null, null),
                        new ElectricCommit.Operation(
                                ElectricCommit.Kind.DELETE, "k", lsn, 6, List.of(), false, "j", null));
    }

    @Test
    @Tag("E39")
    void operationsAreBoundedAndTheRestIsCounted() {
        StringBuilder body = new StringBuilder("[");
        int count = Message.MAX_OPERATIONS + 3;
        for (int i = 0; i < count; i++) {
            body.append(i == 0 ? "" : ",").append(Reply.change("delete", i, "", 5, i));
        }
        LogSchema schema = schema(Reply.SCHEMA);

        Chunk chunk = decode(schema, body.append("]").toString());

        assertThat(chunk.size()).isEqualTo(count);
        assertThat(chunk.operations()).hasSize(Message.MAX_OPERATIONS);
        assertThat(chunk.omitted()).isEqualTo(3);
        assertThat(chunk.lastOffset()).isEqualTo("5_" + (count - 1));
    }

    @Test
    @Tag("E39")
    void thePositionOfAChangeMayBeWrittenInOtherWays() {
        assertThat(lastOffset(",\"lsn\":5,\"op_position\":\"7\"")).isEqualTo("5_7");
        assertThat(lastOffset(",\"lsn\":\"5\",\"op_position\":0")).isEqualTo("5_0");
        assertThat(lastOffset(",\"lsn\":\"5\"")).isNull();
        assertThat(lastOffset(",\"op_position\":1")).isNull();
        assertThat(lastOffset(",\"lsn\":\"5\",\"op_position\":null")).isNull();
        assertThat(lastOffset(",\"lsn\":\"5\",\"op_position\":-1")).isNull();
        assertThat(lastOffset(",\"lsn\":\"5\",\"op_position\":1.5")).isNull();
        assertThat(lastOffset(",\"lsn\":\"5\",\"op_position\":12345678901234567890"))
                .isNull();
        assertThat(lastOffset(",\"lsn\":\"0/16B3748\",\"op_position\":1")).isEqualTo("0/16B3748_1");
    }

    private static String lastOffset(String headers) {
        return decode(message("delete", "{\"id\":\"1\"}", headers)).lastOffset();
    }

    @Test
    @Tag("E33")
    void messagesAreToldApartByWhatTheyHave() {
        assertThat(decode("[{\"value\":{\"id\":\"1\"},\"headers\":{\"operation\":\"delete\"}}]")
                        .size())
                .as("a change without a key")
                .isEqualTo(1);
        assertThat(decode("[{\"headers\":{\"control\":\"brand-new\"}},{\"headers\":{\"event\":\"party\"}},{},null,"
                                + "{\"headers\":{}},{\"headers\":null},{\"headers\":[]},{\"value\":{\"id\":\"1\"}},7]")
                        .size())
                .isZero();
        assertThat(decode("[{\"headers\":{\"event\":\"up-to-date\"}}]").isUpToDate())
                .as("an event is no control")
                .isFalse();
        assertThat(decode("[{\"headers\":{\"control\":\"up-to-date\",\"global_last_seen_lsn\":42}}]")
                        .globalLsn())
                .isEqualTo("42");
        assertThat(decode("[{\"headers\":{\"control\":\"must-refetch\"}}]").isMustRefetch())
                .isTrue();
        assertThat(decode("[{\"key\":null,\"headers\":{\"control\":\"up-to-date\"}}]")
                        .isUpToDate())
                .isTrue();
        assertThat(decode("[{\"headers\":{\"control\":\"snapshot-end\"}}]").snapshotEnd())
                .isNull();
        assertThat(decode("[{\"headers\":{\"control\":\"snapshot-end\",\"xmin\":1,\"xmax\":\"x\"}}]")
                        .snapshotEnd())
                .isNull();
    }

    @ParameterizedTest
    @Tag("E33")
    @ValueSource(
            strings = {"{\"headers\":{\"control\":\"snapshot-end\"}}", "{\"headers\":{\"control\":\"must-refetch\"}}"})
    void onlyTheLastMessageSaysUpToDate(String later) {
        assertThat(decode("[" + Reply.UP_TO_DATE + "," + later + "]").isUpToDate())
                .isFalse();
        assertThat(decode("[" + later + "," + Reply.UP_TO_DATE + "]").isUpToDate())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"key\":\"k\",\"value\":{\"id\":\"1\"},\"headers\":{}} | a change is neither insert, update nor delete but nothing",
                "{\"key\":\"k\",\"value\":{\"id\":\"1\"},\"headers\":{\"operation\":\"upsert\"}} | a change is neither insert, update nor delete but 'upsert'",
                "{\"key\":\"k\",\"headers\":{\"operation\":\"delete\"}} | a change has no value",
                "{\"key\":\"k\",\"value\":null,\"headers\":{\"operation\":\"delete\"}} | a change has no value",
                "{\"key\":\"k\",\"value\":{\"v\":\"1\"},\"headers\":{\"operation\":\"delete\"}} | a change lacks the key column 'id' in row null",
                "{\"key\":\"k\",\"value\":{\"b\":\"t\",\"id\":\"7\",\"n\":\"1\"},\"headers\":{\"operation\":\"insert\"}} | an insert lacks column 'v' in row 7",
                "{\"key\":\"k\",\"value\":{\"id\":\"7\",\"v\":{}},\"headers\":{\"operation\":\"update\"}} | column 'v' holds no text but an object or an array",
                "{\"key\":\"k\",\"value\":{\"id\":[]},\"headers\":{\"operation\":\"update\"}} | column 'id' holds no text but an object or an array",
            })
    void contradictionsAreErrorsWithTheirPlace(String message, String what) {
        assertThatThrownBy(() -> decode("[" + Reply.UP_TO_DATE + "," + message + "]"))
                .isInstanceOf(ProtocolException.class)
                .hasMessageStartingWith("items: " + what + " (message 1, byte ");
    }

    /** Wherever it is cut: behind the colon or the comma, too. */
    @ParameterizedTest
    @Tag("L10")
    @ValueSource(
            strings = {
                "[{\"key\":}]",
                "[{\"key\":\"k\", \n}]",
                "[{\"headers\":{\"control\":\"up-to-date\",}}]",
                "[{\"headers\":{\"txids\":[1, \t]}}]",
                "[{\"headers\":{\"control\":\"up-to-date\"}}, ]"
            })
    void aMissingValueIsAnError(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        for (int most : List.of(1, bytes.length)) {
            ChunkDecoder decoder = new ChunkDecoder(schema(COLUMNS), true, "items", text -> text, Long.MAX_VALUE);
            assertThatThrownBy(() -> {
                        for (int from = 0; from < bytes.length; from += most) {
                            decoder.feed(ByteBuffer.wrap(bytes, from, Math.min(most, bytes.length - from)));
                        }
                        decoder.end();
                    })
                    .isInstanceOf(ProtocolException.class);
        }
    }

    @Test
    @Tag("E49")
    void nullInAColumnThatIsNeverNullIsAnErrorNamingColumnAndRow() {
        assertThatThrownBy(() -> decode(message("insert", "{\"b\":null,\"id\":\"42\",\"n\":null,\"v\":null}", "")))
                .isInstanceOf(ProtocolException.class)
                .hasMessageStartingWith(
                        "items: column 'n' is declared not null, but is null in row 42 (message 0, byte ");
        assertThatThrownBy(() -> decode(message("update", "{\"id\":\"42\",\"n\":null}", "")))
                .hasMessageContaining("column 'n' is declared not null");
        assertThat(decode(message("delete", "{\"id\":\"42\",\"n\":null}", "")).size())
                .as("what goes may be as it likes")
                .isEqualTo(1);
    }

    @Test
    @Tag("E49")
    void nullElementsInAnArrayThatIsNeverNullAreFine() {
        LogSchema schema = schema(
                "{\"a\":{\"type\":\"int4\",\"dims\":1,\"not_null\":true},\"id\":{\"type\":\"int4\",\"pk_index\":0}}");

        Chunk chunk = decode(schema, message("insert", "{\"a\":\"{1,NULL}\",\"id\":\"1\"}", ""));

        assertThat(chunk.row(0).get("a")).isEqualTo(Arrays.asList(1, null));
    }

    @Test
    @Tag("E38")
    void rowsWithoutPositionsAreTaken() {
        Chunk chunk = decode(message("insert", "{\"b\":\"t\",\"id\":\"1\",\"n\":\"n\",\"v\":\"\"}", ""));

        assertThat(chunk.operations()).isEmpty();
        assertThat(chunk.txids()).isEmpty();
        assertThat(chunk.row(0).getString("v")).isEmpty();
    }

    @Test
    @Tag("E51")
    void columnsMayHaveTheNamesOfMembers() {
        LogSchema schema = schema("{\"headers\":{\"type\":\"text\"},\"key\":{\"type\":\"int4\",\"pk_index\":0},"
                + "\"value\":{\"type\":\"text\"}}");

        Chunk chunk = decode(schema, message("insert", "{\"headers\":\"h\",\"key\":\"1\",\"value\":\"v\"}", ""));

        assertThat(chunk.row(0).toMap()).isEqualTo(Map.of("headers", "h", "key", 1, "value", "v"));
    }

    @Test
    @Tag("E34")
    void columnsMayComeInAnyOrder() {
        Chunk chunk = decode(message("insert", "{\"v\":\"x\",\"n\":\"y\",\"id\":\"1\",\"b\":\"false\"}", ""));

        assertThat(chunk.row(0).toMap()).isEqualTo(Map.of("b", false, "id", 1, "n", "y", "v", "x"));
        assertThat(decode(message("insert", "{\"b\":\"t\",\"id\":\"1\",\"n\":\"y\",\"v\":\"x\",\"v\":\"z\"}", ""))
                        .row(0)
                        .getString("v"))
                .as("the last of two counts")
                .isEqualTo("z");
    }

    @Test
    @Tag("E33")
    void nothingOfAMessageIsLeftForTheNext() {
        Chunk chunk = decode("[{\"value\":{\"id\":\"9\",\"v\":\"left\"},\"headers\":{\"control\":\"snapshot-end\","
                + "\"xmin\":1,\"xmax\":9,\"xip_list\":[3]}},{\"value\":{\"v\":\"first\",\"n\":\"x\"},\"value\":{\"id\":\"1\"},"
                + "\"headers\":{\"operation\":\"update\",\"lsn\":5,\"op_position\":1,\"txids\":[1,2],\"last\":true,"
                + "\"key_change_to\":\"t\"},\"key\":\"a\"},{\"key\":\"b\",\"value\":{\"id\":\"2\"},\"headers\":{\"operation\":"
                + "\"update\",\"lsn\":5,\"op_position\":\"x\",\"last\":false}},{\"headers\":{\"control\":\"snapshot-end\","
                + "\"xmin\":2,\"xmax\":8,\"xip_list\":[4,{},5]}}]");

        assertThat(chunk.row(0)).hasToString("{id=1}");
        assertThat(chunk.row(1)).hasToString("{id=2}");
        assertThat(chunk.operations()).hasSize(2);
        ElectricCommit.Operation second = chunk.operations().get(1);
        assertThat(second.txids()).isEmpty();
        assertThat(second.last()).isFalse();
        assertThat(second.opPosition()).isEqualTo(-1);
        assertThat(second.keyChangeTo()).isNull();
        assertThat(second.key()).isEqualTo("b");
        assertThat(chunk.snapshotEnd()).isEqualTo(new SnapshotEnd(2, 8, Set.of(4L, 5L)));
    }

    @Test
    @Tag("E33")
    void headersMayBeManyAndOfAnyForm() {
        StringBuilder headers = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            headers.append(",\"h")
                    .append(i)
                    .append("\":{\"a\":[[{}],")
                    .append(i)
                    .append("]}");
        }
        headers.append(",\"lsn\":{\"not\":[\"a\"]},\"txids\":[[1],7,{\"x\":1},8],\"op_position\":3");
        Chunk chunk = decode(message("delete", "{\"id\":\"1\"}", headers + ",\"lsn\":\"7\""));

        assertThat(chunk.lastOffset()).isEqualTo("7_3");
        assertThat(chunk.operations().get(0).txids()).containsExactly(7L, 8L);
    }

    @Test
    @Tag("O2")
    @Tag("E46")
    void truthValuesHaveOneSpelling() {
        Row snapshot =
                decode(message("update", "{\"b\":\"true\",\"id\":\"1\"}", "")).row(0);
        Row stream = decode(message("update", "{\"b\":\"t\",\"id\":\"1\"}", "")).row(0);
        assertThat(snapshot.packedValue(0)).containsExactly('t').isEqualTo(stream.packedValue(0));
        assertThat(decode(message("update", "{\"b\":\"false\",\"id\":\"1\"}", ""))
                        .row(0)
                        .packedValue(0))
                .containsExactly('f')
                .isEqualTo(decode(message("update", "{\"b\":\"f\",\"id\":\"1\"}", ""))
                        .row(0)
                        .packedValue(0));
        assertThat(decode(message("update", "{\"b\":\"tr\",\"id\":\"1\"}", ""))
                        .row(0)
                        .packedValue(0))
                .containsExactly('t', 'r');
        assertThat(decode(message("update", "{\"b\":true,\"id\":1}", "")).row(0).toMap())
                .as("scalars of JSON are taken as their texts")
                .isEqualTo(Map.of("b", true, "id", 1));
    }

    @Test
    @Tag("O2")
    @Tag("O3")
    @Tag("O4")
    @Tag("E37")
    void identityIsTheKeyColumnsAndNeverTheKeyText() {
        LogSchema noKey = schema("{\"b\":{\"type\":\"bool\"},\"t\":{\"type\":\"text\"}}");
        Row snapshot = decode(noKey, message("insert", "{\"b\":\"true\",\"t\":\"1\"}", ""))
                .row(0);
        Row deleted = decode(noKey, message("delete", "{\"b\":\"t\",\"t\":\"1\"}", ""))
                .row(0);
        assertThat(snapshot.sameKey(deleted)).isTrue();

        LogSchema composite =
                schema("{\"a\":{\"type\":\"text\",\"pk_index\":1},\"b\":{\"type\":\"text\",\"pk_index\":0}}");
        List<Row> rows = new ArrayList<>();
        for (String[] pair : List.of(
                new String[] {"a/b", ""},
                new String[] {"a", "b"},
                new String[] {"\\\"a\\\"", "b"},
                new String[] {"", "a/b"},
                new String[] {"a/", "/b"},
                new String[] {"a//", "b"})) {
            rows.add(decode(composite, message("insert", "{\"a\":\"" + pair[0] + "\",\"b\":\"" + pair[1] + "\"}", ""))
                    .row(0));
        }
        for (Row one : rows) {
            assertThat(rows.stream().filter(one::sameKey)).containsExactly(one);
        }
        assertThat(rows.get(0).key()).containsExactly("", "a/b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"key\":\"k\",\"value\":{\"id\":\"1\"},\"headers\":{\"operation\":\"delete\",\"tags\":[\"x\"]}}",
                "{\"key\":\"k\",\"value\":{\"id\":\"1\"},\"headers\":{\"tags\":[],\"operation\":\"delete\"}}",
                "{\"headers\":{\"event\":\"move-out\",\"patterns\":[{\"pos\":0,\"value\":\"x\"}]}}",
                "{\"headers\":{\"event\":\"move-in\",\"txids\":[7]}}",
            })
    void subqueryShapesAreRefusedClearly(String message) {
        assertThatThrownBy(() -> decode("[" + message + "]"))
                .isInstanceOf(RejectedException.class)
                .hasMessage("subquery shapes are not supported yet by this transport");
    }

    @Test
    @Tag("E50")
    void columnsThatWereNotDescribedAreNoted() {
        Chunk chunk = decode(message("update", "{\"id\":\"1\",\"new\":{\"a\":1},\"v\":\"x\",\"n2\":\"y\"}", ""));

        assertThat(chunk.undescribedColumns()).containsExactly("new", "n2");
        assertThat(chunk.row(0).toMap()).isEqualTo(Map.of("id", 1, "v", "x"));
    }

    @Test
    @Tag("E50")
    void onceKnownTheyAreTextsThatMayBeMissing() {
        LogSchema schema = schema(Reply.SCHEMA, "x", "id", "y");

        assertThat(decode(schema, message("insert", "{\"id\":\"1\",\"v\":\"a\",\"y\":\"b\"}", ""))
                        .row(0)
                        .toMap())
                .containsEntry("y", "b")
                .containsEntry("x", null)
                .hasSize(4);
        assertThat(decode(schema, message("update", "{\"id\":\"1\",\"x\":\"b\"}", ""))
                        .row(0)
                        .toMap())
                .isEqualTo(Map.of("id", 1, "x", "b"));
        assertThat(decode(
                                schema,
                                message("insert", "{\"id\":\"1\",\"v\":\"a\"}", "")
                                        .replace(
                                                "]",
                                                ","
                                                        + message("insert", "{\"id\":\"2\",\"v\":\"a\"}", "")
                                                                .substring(1)))
                        .row(1)
                        .isComplete())
                .isTrue();
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().all().ofMaxLength(20);
    }

    @Property(tries = 300)
    @net.jqwik.api.Tag("E46")
    void anyTextIsTheSameInTheRow(@ForAll("texts") String text) {
        String whole = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        String json = JsonText.write(whole);

        Chunk chunk = decode(message("update", "{\"id\":\"1\",\"v\":" + json + "}", ""));

        assertThat(chunk.row(0).getString("v")).isEqualTo(whole);
    }
}
