package dev.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.testkit.driftdb.DriftDbRoom;
import dev.tributary.testkit.driftdb.DriftDbServer;
import dev.tributary.testkit.sodp.SodpDialect;
import dev.tributary.testkit.sodp.SodpServer;
import dev.tributary.testkit.spacetimedb.SpacetimeDbSampleData;
import dev.tributary.testkit.spacetimedb.SpacetimeDbServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tail} where rows hold documents: SODP and DriftDB. */
class DocumentsTest {

    /** Long enough that a part of it may be shown, and hard to guess. */
    private static final String ROOM = "q7Zk2mVx9TfR4bLw8sNd";

    @TempDir
    private Path directory;

    private SodpServer sodp;
    private DriftDbServer drift;
    private DriftDbRoom room;

    @BeforeEach
    void startServers() {
        sodp = SodpServer.start(SodpDialect.TYPESCRIPT);
        Map<String, Object> player = new LinkedHashMap<>();
        player.put("name", "Ada");
        player.put("hp", 100);
        player.put("bag", Arrays.asList("rope", null, 1.5));
        sodp.with(model -> model.set("player", player));
        drift = DriftDbServer.start();
        room = drift.query(model -> model.createRoom(ROOM));
        drift.with(model -> {
            room.append("chat", "{\"text\":\"hi, \\\"you\\\"\"}");
            room.append("chat", "\"5\"");
            room.append("chat", "5");
        });
    }

    @AfterEach
    void stopServers() {
        sodp.close();
        drift.close();
    }

    private CommandRun tail(String uri, String query, String... more) {
        return CommandRun.create()
                .start(Stream.concat(Stream.of("tail", uri, query), Stream.of(more))
                        .toArray(String[]::new));
    }

    private CommandRun player(String... more) {
        return tail(sodp.uri().toString(), "player", more);
    }

    private CommandRun chat(String... more) {
        return tail(drift.uri(ROOM).toString(), "chat?as=log", more);
    }

    @Test
    void theTableShowsDocumentsAsJson() throws Exception {
        CommandRun run = player().awaitOut(text -> text.contains("\n"));
        sodp.with(model -> model.patch("player", Map.of("hp", 90)));
        run.awaitOut(text -> text.contains("~ "));
        sodp.with(model -> model.delete("player"));
        run.awaitOut(text -> text.contains("- player"));
        run.awaitErr(text -> text.contains("\n"));
        assertThat(run.interrupt().code()).isZero();
        String old = "{\"name\":\"Ada\",\"hp\":100,\"bag\":[\"rope\",null,1.5]}";
        assertThat(run.lines())
                .containsExactly(
                        "+ player  {\"key\":\"player\",\"value\":" + old + ",\"version\":1}",
                        "~ player  {\"value\":" + old.replace("100", "90") + ",\"version\":2}  was {\"value\":" + old
                                + ",\"version\":1}",
                        "- player");
        assertThat(run.err()).startsWith("-- live; ");
    }

    @Test
    void membersOfAnObjectAreRows() throws Exception {
        CommandRun run = tail(sodp.uri().toString(), "player?as=children", "--until", "up-to-date");
        assertThat(run.code()).isZero();
        assertThat(run.lines())
                .containsExactlyInAnyOrder(
                        "+ name  {\"name\":\"name\",\"value\":\"Ada\"}",
                        "+ hp  {\"name\":\"hp\",\"value\":100}",
                        "+ bag  {\"name\":\"bag\",\"value\":[\"rope\",null,1.5]}");
    }

    @Test
    void jsonHoldsDocumentsAsTheyAre() throws Exception {
        CommandRun run = chat("--format", "json", "--until", "up-to-date");
        assertThat(run.code()).isZero();
        assertThat(run.lines()).hasSize(3);
        assertThat(run.out())
                .contains("\"value\":{\"text\":\"hi, \\\"you\\\"\"}", "\"value\":\"5\"}", "\"value\":5}")
                .contains("{\"op\":\"insert\",\"key\":[");
    }

    @Test
    void csvTellsATextFromANumber() throws Exception {
        CommandRun run = chat("--format", "csv", "--until", "up-to-date");
        assertThat(run.code()).isZero();
        assertThat(run.lines().get(0)).isEqualTo("op,history,seq,value");
        List<String> values = run.lines().stream()
                .skip(1)
                .map(line -> line.replaceFirst("insert,\\d+,\\d+,", ""))
                .toList();
        assertThat(values)
                .containsExactlyInAnyOrder("\"{\"\"text\"\":\"\"hi, \\\"\"you\\\"\"\"\"}\"", "\"\"\"5\"\"\"", "5");
    }

    @Test
    void rowsOfSpacetimeDbAreJsonInEveryFormat() throws Exception {
        try (SpacetimeDbServer game = SpacetimeDbServer.start(SpacetimeDbSampleData.module())) {
            game.with(model -> new SpacetimeDbSampleData(1).create(model, 3));
            for (String format : List.of("table", "json", "csv", "none")) {
                CommandRun run =
                        tail(game.uri().toString(), "SELECT * FROM player", "--format", format, "--snapshot-only");
                assertThat(run.code()).as(run.err()).isZero();
                assertThat(run.out()).doesNotContain("[name", "Sum[").isNotEmpty();
            }
            CommandRun run =
                    tail(game.uri().toString(), "SELECT * FROM player", "--format", "json", "--until", "up-to-date");
            assertThat(run.code()).as(run.err()).isZero();
            assertThat(run.out())
                    .contains("\"name\":\"Ada\",\"owner\":null,")
                    .containsPattern("\"position\":\\{\"x\":\\d+,\"y\":\\d+},\"team\":");
        }
    }

    @Test
    void figuresCountDocuments() throws Exception {
        CommandRun run = chat("--format", "none", "--until", "up-to-date");
        assertThat(run.code()).isZero();
        assertThat(run.lines()).singleElement().asString().startsWith("3 rows ");
    }

    @Test
    void documentsAreSavedAndGoneOnFrom() throws Exception {
        for (String[] source : new String[][] {
            {sodp.uri().toString(), "player"}, {drift.uri(ROOM).toString(), "chat?as=log"}
        }) {
            Path file = directory.resolve("saved.view");
            CommandRun first = tail(source[0], source[1], "--save", file.toString(), "--until", "up-to-date");
            assertThat(first.code()).as(first.err()).isZero();
            assertThat(Files.size(file)).isPositive();

            CommandRun same = tail(source[0], source[1], "--from", file.toString(), "--snapshot-only");
            assertThat(same.code()).as(same.err()).isZero();
            assertThat(same.lines()).containsExactlyInAnyOrderElementsOf(first.lines());

            sodp.with(model -> model.patch("player", Map.of("hp", 80)));
            drift.with(model -> room.append("chat", "\"more\""));
            CommandRun next =
                    tail(source[0], source[1], "--from", file.toString(), "--changes-only", "--until", "up-to-date");
            assertThat(next.code()).as(next.err()).isZero();
            assertThat(next.lines()).hasSize(1);
        }
    }

    @Test
    void whatIsNotVerifiedIsSaid() throws Exception {
        CommandRun run = chat().awaitOut(text -> text.contains("\n"));
        drift.with(model -> room.append("chat", "\"news\""));
        run.awaitOut(text -> text.contains("news"));
        run.awaitErr(text -> text.contains("-- live, "));
        assertThat(run.err()).contains("newer changes are not");
        assertThat(run.interrupt().code()).isZero();
        assertThat(player("--until", "up-to-date").err()).isEmpty();
    }

    @Tag("D45")
    @Tag("L8")
    @Test
    void roomsAreNeverPrinted() throws Exception {
        CommandRun run = chat("--debug").awaitOut(text -> text.contains("\n"));
        drift.with(model -> room.append("chat", "\"news\""));
        run.awaitOut(text -> text.contains("news"));
        drift.stop();
        run.awaitErr(text -> text.contains("-- stale since "));
        assertThat(run.interrupt().code()).isZero();
        QuietLogs.show(System.Logger.Level.ERROR, false, System.err);

        String uri = drift.uri(ROOM).toString();
        String nobody = "driftdb+ws://127.0.0.1:1/room/" + ROOM;
        for (CommandRun refused : List.of(
                CommandRun.of("tail", nobody, "chat", "--timeout", "300ms"),
                CommandRun.of("call", nobody, "append", "chat", "1", "--deadline", "300ms"),
                CommandRun.of("call", nobody, "--help"),
                CommandRun.of("tail", uri, "chat", uri),
                CommandRun.of("tail", uri, "chat?as=nothing"),
                CommandRun.of("tail", "drift+ws://127.0.0.1:1/room/" + ROOM, "chat"),
                CommandRun.of("tail", "driftdb+ws://127.0.0.1:1/room/" + ROOM + " x", "chat"))) {
            assertThat(refused.out() + refused.err()).doesNotContain(ROOM).isNotEmpty();
        }
        assertThat(run.err() + run.out()).doesNotContain(ROOM);
    }

    @Test
    void aRoomThatIsGoneIsSaid() throws Exception {
        CommandRun run = tail(drift.uri("nowhereToBeFoundAtAll").toString(), "chat", "--timeout", "20s");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).contains("room").doesNotContain("nowhereToBeFoundAtAll");
    }
}
