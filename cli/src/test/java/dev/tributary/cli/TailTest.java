package dev.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.testkit.electric.Column;
import dev.tributary.testkit.electric.ElectricServer;
import dev.tributary.testkit.electric.SampleData;
import dev.tributary.testkit.electric.TableSpec;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code tail} prints, and where. */
class TailTest {

    private ElectricServer server;

    @BeforeEach
    void startServer() {
        server = ElectricServer.start();
        server.with(model -> model.createTable(TableSpec.of(
                "teas",
                Column.of("id", "int8").primaryKey(0),
                Column.of("name", "text"),
                Column.of("price", "numeric").with("precision", 10).with("scale", 2),
                Column.of("leaf", "bytea"),
                Column.of("picked", "timestamptz"))));
        insert("42", "Earl \"Grey\", loose", "3.20");
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    private void insert(String id, String name, String price) {
        Map<String, String> row = new HashMap<>();
        row.put("id", id);
        row.put("name", name);
        row.put("price", price);
        row.put("leaf", "\\x0001ff");
        row.put("picked", "2026-11-21 10:00:00+00");
        server.commit(tx -> tx.insert("teas", row));
    }

    private void changeAll(CommandRun run) throws InterruptedException {
        server.commit(tx -> tx.update("teas", Map.of("id", "42", "price", "3.10")));
        run.awaitOut(text -> text.contains("3.10"));
        server.commit(tx -> tx.delete("teas", Map.of("id", "42")));
        run.awaitOut(text -> text.contains("- 42") || text.contains("delete"));
    }

    private CommandRun tail(String... more) {
        return CommandRun.create().start(arguments(more));
    }

    private String[] arguments(String... more) {
        String[] all = new String[3 + more.length];
        all[0] = "tail";
        all[1] = server.uri().toString();
        all[2] = "teas";
        System.arraycopy(more, 0, all, 3, more.length);
        return all;
    }

    @Test
    void theTableShowsWhatChangedAndWhatItWas() throws Exception {
        CommandRun run = tail().awaitOut(text -> text.contains("\n"));
        changeAll(run);
        assertThat(run.interrupt().code()).isZero();
        assertThat(run.lines())
                .containsExactly(
                        "+ 42  {\"id\":42,\"leaf\":\"AAH/\",\"name\":\"Earl \\\"Grey\\\", loose\","
                                + "\"picked\":\"2026-11-21T10:00:00Z\",\"price\":3.20}",
                        "~ 42  {\"price\":3.10}  was {\"price\":3.20}",
                        "- 42");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void jsonHasOneObjectALine() throws Exception {
        CommandRun run = tail("--format", "json").awaitOut(text -> text.contains("\n"));
        changeAll(run);
        assertThat(run.interrupt().code()).isZero();
        String row = "{\"id\":42,\"leaf\":\"AAH/\",\"name\":\"Earl \\\"Grey\\\", loose\","
                + "\"picked\":\"2026-11-21T10:00:00Z\",\"price\":%s}";
        String old = row.formatted("3.20");
        String next = row.formatted("3.10");
        assertThat(run.lines())
                .containsExactly(
                        "{\"op\":\"insert\",\"key\":[42],\"row\":" + old + "}",
                        "{\"op\":\"update\",\"key\":[42],\"row\":" + next + ",\"before\":" + old + "}",
                        "{\"op\":\"delete\",\"key\":[42],\"before\":" + next + "}");
    }

    @Test
    void csvIsQuotedAndTellsNullFromEmpty() throws Exception {
        insert("7", "", "1.00");
        insert("8", null, "1.00");
        CommandRun run = tail("--format=csv", "--until=up-to-date");
        assertThat(run.code()).isZero();
        assertThat(run.lines().get(0)).isEqualTo("op,id,leaf,name,picked,price");
        assertThat(run.lines().subList(1, 4))
                .containsExactlyInAnyOrder(
                        "insert,42,AAH/,\"Earl \"\"Grey\"\", loose\",2026-11-21T10:00:00Z,3.20",
                        "insert,7,AAH/,\"\",2026-11-21T10:00:00Z,1.00",
                        "insert,8,AAH/,,2026-11-21T10:00:00Z,1.00");
    }

    @Test
    void csvOfAnEmptyTableHasAHeader() throws Exception {
        server.commit(tx -> tx.delete("teas", Map.of("id", "42")));
        CommandRun run = tail("--format=csv", "--until=up-to-date");
        assertThat(run.code()).isZero();
        assertThat(run.lines()).containsExactly("op,id,leaf,name,picked,price");
    }

    @Test
    void noneIsOneLineOfFigures() throws Exception {
        CommandRun run = tail("--format", "none", "--until", "up-to-date");
        assertThat(run.code()).isZero();
        assertThat(run.lines()).singleElement().asString().matches("1 rows \\d+ bytes \\d+\\.\\d{3} s \\d+ rows/s");
    }

    @Test
    void theSnapshotAloneOrTheChangesAlone() throws Exception {
        assertThat(tail("--snapshot-only")
                        .awaitOut(text -> text.startsWith("+ 42"))
                        .code())
                .isZero();
        CommandRun changes = CommandRun.create().onTerminal().start(arguments("--changes-only"));
        changes.awaitErr(text -> text.contains("-- live: 1 rows"));
        changeAll(changes);
        assertThat(changes.interrupt().code()).isZero();
        assertThat(changes.lines().get(0)).startsWith("~ 42");
    }

    @Test
    void progressIsShownOnATerminalOnly() throws Exception {
        CommandRun people = CommandRun.create().onTerminal().start(arguments("--until", "up-to-date"));
        assertThat(people.code()).isZero();
        assertThat(people.err()).contains("-- live: 1 rows");
        CommandRun program = CommandRun.of(arguments("--until", "up-to-date"));
        assertThat(program.err()).isEmpty();
        assertThat(program.out()).isEqualTo(people.out());

        CommandRun waiting = CommandRun.create().onTerminal().start("tail", "electric+http://127.0.0.1:1", "teas");
        waiting.awaitErr(text -> text.contains("\rloading  0 rows  0.0 MB"));
        assertThat(waiting.interrupt().code()).isEqualTo(ExitCode.INTERRUPTED);
    }

    @Test
    void aReaderThatLeavesIsNoError() throws Exception {
        server.with(model -> new SampleData(1).create(model, 2_000));
        CommandRun run = CommandRun.create()
                .readerLeavesAfter(100_000)
                .start("tail", server.uri().toString(), "items");
        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
    }

    @Test
    void aLostServerIsToldOnce() throws Exception {
        CommandRun run = tail().awaitOut(text -> text.contains("+ 42"));
        server.close();
        run.awaitErr(text -> text.contains("-- stale since "));
        assertThat(run.interrupt().code()).isZero();
        assertThat(run.out().lines()).hasSize(1);
    }

    @Test
    void aValueThatCannotBeReadIsToldAndTheRestGoesOn() throws Exception {
        insert("9", "odd", "no number");
        CommandRun run = tail("--until", "up-to-date");
        assertThat(run.code()).isZero();
        assertThat(run.lines()).hasSize(2);
        assertThat(run.out()).contains("\"price\":null");
        assertThat(run.err()).contains("-- price: expected numeric").contains("in row 9; shown as null");
    }
}
