package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Checkpoint;
import dev.tributary.RowSchema;
import dev.tributary.spi.Ending;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes become rows, and rows go on after a restart. */
class RowsTest {

    @Test
    @Tag("E34")
    void updatesMergeInsertsReplaceAndDeletesOfUnknownKeysDoNothing() {
        Scene scene = new Scene("items").live();

        scene.answer(Reply.live(
                "h1",
                "9_6",
                "c",
                Reply.change("insert", 1, "again", 9, 0),
                Reply.change("update", 2, "TWO", 9, 2),
                Reply.change("delete", 77, "", 9, 4),
                Reply.change("insert", 3, "three", 9, 6),
                Reply.UP_TO_DATE));

        assertThat(scene.rows()).isEqualTo(Map.of(1, "again", 2, "TWO", 3, "three"));
        assertThat(scene.faults()).isEmpty();
    }

    @Test
    @Tag("E34")
    void anUpdateLeavesTheColumnsThatItDoesNotName() {
        String schema =
                "{\"a\":{\"type\":\"text\"},\"id\":{\"type\":\"int4\",\"pk_index\":0},\"v\":{\"type\":\"text\"}}";
        Scene scene = new Scene("items").start();
        String row =
                "{\"key\":\"k\",\"value\":{\"a\":\"A\",\"id\":\"1\",\"v\":\"V\"},\"headers\":{\"operation\":\"insert\"}}";
        scene.answer(Reply.caughtUp("h", "0_0", row).with("electric-schema", schema));
        String update = "{\"key\":\"k\",\"value\":{\"id\":\"1\",\"v\":null},\"headers\":{\"operation\":\"update\","
                + "\"lsn\":\"5\",\"op_position\":0}}";

        scene.answer(Reply.caughtUp("h", "5_0", update, Reply.UP_TO_DATE).with("electric-schema", schema));

        assertThat(scene.out.rows.values()).singleElement().hasToString("{a=A, id=1, v=null}");
    }

    @Test
    @Tag("E35")
    void fullReplicaReplacesTheRow() {
        Scene scene = new Scene("items?replica=full").live();
        String update =
                "{\"value\":{\"id\":\"1\",\"v\":\"ONE\"},\"old_value\":{\"v\":\"one\"},\"key\":\"k\",\"headers\":"
                        + "{\"operation\":\"update\",\"lsn\":\"5\",\"op_position\":0}}";

        scene.answer(Reply.live("h1", "5_0", "c", update, Reply.UP_TO_DATE));

        assertThat(scene.rows()).containsEntry(1, "ONE");
    }

    @Test
    @Tag("E36")
    void aChangeOfKeyEndsWithOneRowAndTellsItsLinks() {
        Scene scene = new Scene("items").live();
        String gone = "{\"value\":{\"id\":\"1\"},\"key\":\"k1\",\"headers\":{\"operation\":\"delete\",\"lsn\":\"5\","
                + "\"op_position\":0,\"txids\":[9],\"key_change_to\":\"k10\"}}";
        String here =
                "{\"value\":{\"id\":\"10\",\"v\":\"one\"},\"key\":\"k10\",\"headers\":{\"last\":true,\"operation\":"
                        + "\"insert\",\"lsn\":\"5\",\"op_position\":1,\"txids\":[9],\"key_change_from\":\"k1\"}}";

        scene.answer(Reply.live("h1", "5_1", "c", gone, here, Reply.UP_TO_DATE));

        assertThat(scene.rows()).isEqualTo(Map.of(2, "two", 10, "one"));
        ElectricCommit told = (ElectricCommit) scene.out.commits.get(1).metadata();
        assertThat(told.globalLastSeenLsn()).isEqualTo(BigInteger.valueOf(900));
        assertThat(told.omitted()).isZero();
        assertThat(told.operations()).hasSize(2);
        assertThat(told.operations().get(0).keyChangeTo()).isEqualTo("k10");
        assertThat(told.operations().get(1).keyChangeFrom()).isEqualTo("k1");
        assertThat(told.operations().get(1).last()).isTrue();
        assertThat(told.operations().get(0).last()).isFalse();
    }

    @Test
    @Tag("E39")
    void aLoadTellsNoPositions() {
        Scene scene = new Scene("items").live();

        ElectricCommit told = (ElectricCommit) scene.out.commits.get(0).metadata();
        assertThat(told.operations()).isEmpty();
        assertThat(told.globalLastSeenLsn()).isEqualTo(BigInteger.valueOf(900));
    }

    @Test
    @Tag("E39")
    void operationsOfSeveralBodiesAreToldInOneCommitAndOnlyOnce() {
        Scene scene = new Scene("items").live();
        scene.answer(Reply.live("h1", "5_0", "c", Reply.change("insert", 3, "x", 5, 0)));
        scene.answer(Reply.live("h1", "5_2", "c", Reply.change("insert", 4, "x", 5, 2), Reply.UP_TO_DATE));
        scene.answer(Reply.live("h1", "6_0", "c", Reply.change("insert", 5, "x", 6, 0), Reply.UP_TO_DATE));

        assertThat(positions(scene, 1)).containsExactly(0L, 2L);
        assertThat(positions(scene, 2)).containsExactly(0L);
    }

    private static List<Long> positions(Scene scene, int commit) {
        ElectricCommit told = (ElectricCommit) scene.out.commits.get(commit).metadata();
        return told.operations().stream()
                .map(ElectricCommit.Operation::opPosition)
                .toList();
    }

    @Test
    @Tag("E34")
    void anUpdateOfAnUnknownKeyIsAFaultThatLoadsAnew() {
        Scene scene = new Scene("items").live();

        scene.answer(Reply.live("h1", "5_0", "c", Reply.change("update", 77, "x", 5, 0), Reply.UP_TO_DATE));

        assertThat(scene.ended()).isEqualTo(Ending.Kind.RESET);
        assertThat(scene.lastEnd().ending().reason())
                .hasMessage("items: an update came for row 77, which is not there");
        assertThat(scene.faults()).containsExactly("an update came for row 77, which is not there @ items");
        assertThat(scene.rows()).hasSize(2);
        assertThat(((ShapeState) scene.lastEnd().carry()).position)
                .as("whoever goes on with the carry begins anew too")
                .isEqualTo(ShapePosition.start(null, "-1"));
        scene.nextSession();
        assertThat(scene.asked()).containsEntry("offset", "-1").doesNotContainKey("handle");
    }

    @Test
    @Tag("E50")
    void aNewLogForgetsWhatWasNotDescribed() {
        Scene scene = new Scene("items").start();
        String row =
                "{\"key\":\"k\",\"value\":{\"extra\":\"E\",\"id\":\"1\",\"v\":\"V\"},\"headers\":{\"operation\":\"insert\"}}";
        scene.answer(Reply.caughtUp("h1", "0_0", row));
        scene.answer(Reply.caughtUp("h1", "0_0", row));
        scene.answer(Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE));
        assertThat(scene.out.schema).hasToString("(id int4, v text, extra text)");

        scene.answer(Reply.status(409));
        scene.answer(Reply.caughtUp("h2", "0_0", Reply.row(1, "one")));
        scene.answer(Reply.caughtUp("h2", "0_inf", Reply.UP_TO_DATE));

        assertThat(scene.out.schema).hasToString("(id int4, v text)");
    }

    @Test
    @Tag("E50")
    @Tag("L10")
    void columnsWithoutEndAreAnError() {
        Scene scene = new Scene("items").start();
        StringBuilder value = new StringBuilder("\"id\":\"1\"");
        for (int i = 0; i <= LogSchema.MAX_COLUMNS; i++) {
            value.append(",\"x").append(i).append("\":\"\"");
        }
        String row = "{\"key\":\"k\",\"value\":{" + value + "},\"headers\":{\"operation\":\"update\"}}";

        scene.answer(Reply.caughtUp("h1", "0_0", row));

        assertThat(scene.ended()).isEqualTo(Ending.Kind.RETRY);
        assertThat(scene.lastEnd().ending().reason())
                .hasMessage("items: more than 2000 columns that the schema does not have");
    }

    @ParameterizedTest
    @Tag("E45")
    @ValueSource(strings = {"items?offset=now", "items?log=changes_only"})
    void changesOfRowsThatNeverCameAreIgnored(String query) {
        Scene scene = new Scene(query).start();
        scene.answer(Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE));

        scene.answer(Reply.live(
                "h1",
                "9_10",
                "c",
                Reply.change("update", 1, "x", 9, 0),
                Reply.change("delete", 2, "x", 9, 2),
                Reply.change("insert", 3, "three", 9, 4),
                Reply.change("update", 3, "THREE", 9, 6),
                Reply.change("insert", 4, "four", 9, 8),
                Reply.change("delete", 4, "", 9, 10),
                Reply.UP_TO_DATE));

        assertThat(scene.rows()).isEqualTo(Map.of(3, "THREE"));
        assertThat(scene.out.ends).isEmpty();
        assertThat(scene.faults()).isEmpty();
    }

    @Test
    @Tag("E45")
    void changesOnlyIsAskedForByName() {
        assertThat(new Scene("items?log=changes_only").start().asked())
                .containsEntry("log", "changes_only")
                .containsEntry("offset", "-1");
    }

    @Test
    void whereNoRowsAreKeptChangesPassAsTheyCome() {
        Scene scene = new Scene("items").withoutRows().start();
        scene.answer(Reply.caughtUp("h1", "0_0", Reply.row(1, "one")));
        scene.answer(Reply.caughtUp("h1", "5_0", Reply.change("update", 9, "x", 5, 0), Reply.UP_TO_DATE));

        assertThat(scene.out.draftLog).containsExactly("replaceAll", "put 1", "patch 9");
        assertThat(scene.out.ends).isEmpty();
    }

    @Test
    @Tag("L3")
    void theCheckpointIsThatOfTheCommit() {
        Scene scene = new Scene("items").live();
        scene.answer(Reply.live("h1", "5_0", "c", Reply.change("insert", 3, "x", 5, 0)));

        assertThat(text(scene.out.checkpoint)).isEqualTo("electric 1\nh1\n0_inf");

        scene.answer(Reply.live("h1", "5_2", "c", Reply.change("insert", 4, "x", 5, 2), Reply.UP_TO_DATE));

        assertThat(text(scene.out.checkpoint)).isEqualTo("electric 1\nh1\n5_2");
    }

    private static String text(Checkpoint checkpoint) {
        return new String(checkpoint.toBytes(), StandardCharsets.UTF_8);
    }

    @Test
    @Tag("E63")
    @Tag("L7")
    void aRestoredViewWhoseServerHasNothingNewKeepsItsRows() {
        Scene saved = new Scene("items").live();
        Scene scene = new Scene("items");
        scene.out.rows = saved.out.rows;
        scene.out.schema = saved.out.schema;
        scene.restore(saved.out.checkpoint, saved.out.schema);

        assertThat(scene.asked()).isEqualTo(Map.of("handle", "h1", "log", "full", "offset", "0_inf", "table", "items"));
        scene.answer(Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE));

        assertThat(scene.rows()).isEqualTo(Map.of(1, "one", 2, "two"));
        assertThat(scene.out.upToDate).isEqualTo(1);
        assertThat(scene.out.replaced).isZero();
        assertThat(scene.out.commits).isEmpty();
        assertThat(scene.asked()).containsEntry("live", "true");
    }

    @Test
    @Tag("E63")
    void aRestoredViewGoesOnFromItsRows() {
        Scene saved = new Scene("items").live();
        Scene scene = new Scene("items");
        scene.out.rows = saved.out.rows;
        scene.out.schema = saved.out.schema;
        scene.restore(saved.out.checkpoint, saved.out.schema);

        scene.answer(Reply.caughtUp("h1", "5_0", Reply.change("update", 1, "ONE", 5, 0), Reply.UP_TO_DATE));

        assertThat(scene.rows()).isEqualTo(Map.of(1, "ONE", 2, "two"));
        assertThat(scene.out.replaced).isZero();
        assertThat(text(scene.out.checkpoint)).isEqualTo("electric 1\nh1\n5_0");
    }

    @Test
    void anAnswerThatMovesOnWithoutChangesMovesTheCheckpoint() {
        Scene saved = new Scene("items").live();
        Scene scene = new Scene("items");
        scene.out.rows = saved.out.rows;
        scene.out.schema = saved.out.schema;
        scene.restore(Checkpoint.of("electric 1\nh1\n0_0".getBytes(StandardCharsets.UTF_8)), saved.out.schema);

        scene.answer(Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE));

        assertThat(text(scene.out.checkpoint)).isEqualTo("electric 1\nh1\n0_inf");
        assertThat(scene.out.commits).hasSize(1);
        assertThat(scene.rows()).hasSize(2);
    }

    @Test
    @Tag("E17")
    void otherColumnsThanThoseHeldLoadAnew() {
        Scene saved = new Scene("items").live();
        Scene scene = new Scene("items");
        scene.out.rows = saved.out.rows;
        scene.out.schema = saved.out.schema;
        scene.restore(saved.out.checkpoint, saved.out.schema);
        String other = "{\"id\":{\"type\":\"int8\",\"not_null\":true,\"pk_index\":0},\"v\":{\"type\":\"text\"}}";

        scene.answer(Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE).with("electric-schema", other));

        assertThat(scene.faults())
                .containsExactly("the columns are others than those of the rows held: (id int8, v text) @ schema");
        assertThat(scene.asked()).containsEntry("offset", "-1");
        assertThat(scene.rows()).hasSize(2);
        scene.answer(Reply.caughtUp("h1", "0_0", Reply.row(1, "one")).with("electric-schema", other));
        scene.answer(Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE).with("electric-schema", other));
        assertThat(scene.rows()).isEqualTo(Map.of(1L, "one"));
    }

    @ParameterizedTest
    @Tag("E8")
    @ValueSource(
            strings = {
                "",
                "electric 1\n\n0_0",
                "electric 2\nh\n0_0",
                "electric 1\nh\n-1",
                "electric 1\nh\n0_0\n",
                "h\n0_0",
                "electric 1\nh\n1_2_3"
            })
    void aCheckpointOfAnotherKindLoadsAnew(String text) {
        Scene scene = new Scene("items");
        scene.restore(Checkpoint.of(text.getBytes(StandardCharsets.UTF_8)), null);

        assertThat(scene.faults())
                .containsExactly("the checkpoint is none of this transport: the shape is loaded anew @ checkpoint");
        assertThat(scene.asked()).containsEntry("offset", "-1").doesNotContainKey("handle");
    }

    @Test
    @Tag("E7")
    void checkpointsKeepOffsetsAsTheyCame() {
        String offset = "00036893488147419103232_inf";
        ShapePosition position = new ShapePosition("a/ü", offset, "c");

        assertThat(ShapePosition.from(position.toCheckpoint())).contains(new ShapePosition("a/ü", offset, null));
    }

    @Test
    void rowsWithoutTheirSchemaAreNoRowsToGoOnFrom() {
        Scene scene = new Scene("items");
        scene.restore(Checkpoint.of("electric 1\nh\n5_0".getBytes(StandardCharsets.UTF_8)), null);
        assertThat(scene.asked()).containsEntry("offset", "-1");
    }

    @Test
    void aStreamOfChangesGoesOnWithoutRows() {
        Scene scene = new Scene("items").withoutRows();
        scene.restore(Checkpoint.of("electric 1\nh1\n5_0".getBytes(StandardCharsets.UTF_8)), null);
        assertThat(scene.asked()).containsEntry("offset", "5_0").containsEntry("handle", "h1");

        scene.answer(Reply.caughtUp("h1", "6_0", Reply.change("update", 1, "x", 6, 0), Reply.UP_TO_DATE));

        assertThat(scene.out.draftLog).containsExactly("patch 1");
        assertThat(scene.out.commits).hasSize(1);
    }

    @Test
    @Tag("E50")
    void columnsThatWereNotDescribedPassThroughAsTexts() {
        Scene scene = new Scene("items").start();
        String row =
                "{\"key\":\"k\",\"value\":{\"extra\":\"E\",\"id\":\"1\",\"v\":\"V\"},\"headers\":{\"operation\":\"insert\"}}";

        scene.answer(Reply.caughtUp("h1", "0_0", row, Reply.row(2, "two")));
        assertThat(scene.faults())
                .singleElement()
                .asString()
                .startsWith("columns came that the schema does not have; they are taken as texts: [extra]");
        assertThat(scene.asked()).containsEntry("offset", "-1");
        scene.answer(Reply.caughtUp("h1", "0_0", row, Reply.row(2, "two")));
        scene.answer(Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE));

        assertThat(scene.out.rows.values())
                .extracting(Object::toString)
                .containsExactly("{id=1, v=V, extra=E}", "{id=2, v=two, extra=null}");
        assertThat(scene.faults()).hasSize(1);

        RowSchema held = scene.out.schema;
        Scene restored = new Scene("items");
        restored.out.rows = scene.out.rows;
        restored.out.schema = held;
        restored.restore(scene.out.checkpoint, held);
        restored.answer(Reply.caughtUp("h1", "0_inf", Reply.UP_TO_DATE));
        assertThat(restored.faults()).isEmpty();
        assertThat(restored.out.upToDate).isEqualTo(1);
    }

    @Test
    @Tag("E50")
    void unknownTypesAreTextsAndOnesOwnTypesGoFirst() {
        String schema = "{\"id\":{\"type\":\"int4\",\"pk_index\":0},\"m\":{\"type\":\"mood\"},"
                + "\"v\":{\"type\":\"text\",\"dims\":1,\"max_length\":7}}";
        Scene scene = new Scene("items")
                .set(ElectricOptions.TYPES, Map.of("text", info -> PgTypes.text("own " + info)))
                .start();
        String row =
                "{\"key\":\"k\",\"value\":{\"id\":\"1\",\"m\":\"sad\",\"v\":\"{a}\"},\"headers\":{\"operation\":\"insert\"}}";
        scene.answer(Reply.caughtUp("h", "0_0", row).with("electric-schema", schema));
        scene.answer(Reply.caughtUp("h", "0_inf", Reply.UP_TO_DATE).with("electric-schema", schema));

        assertThat(scene.out.schema)
                .hasToString("(id int4, m mood, v own ColumnInfo[name=v, type=text, dimensions=1, notNull=false,"
                        + " keyIndex=-1, modifiers={max_length=7}][])");
        assertThat(scene.out.rows.values())
                .singleElement()
                .extracting(row1 -> row1.get("m"), row1 -> row1.get("v"))
                .containsExactly("sad", List.of("a"));
    }
}
