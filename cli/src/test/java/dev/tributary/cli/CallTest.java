package dev.tributary.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.testkit.driftdb.DriftDbRoom;
import dev.tributary.testkit.driftdb.DriftDbServer;
import dev.tributary.testkit.sodp.SodpDialect;
import dev.tributary.testkit.sodp.SodpFault;
import dev.tributary.testkit.sodp.SodpFrame;
import dev.tributary.testkit.sodp.SodpOptions;
import dev.tributary.testkit.sodp.SodpServer;
import dev.tributary.testkit.sodp.SodpTokens;
import dev.tributary.testkit.spacetimedb.SpacetimeDbSampleData;
import dev.tributary.testkit.spacetimedb.SpacetimeDbServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code call}: what it does, and how it ends. */
class CallTest {

    private SodpServer sodp;
    private DriftDbServer drift;
    private DriftDbRoom room;

    @BeforeEach
    void startServers() {
        sodp = SodpServer.start(SodpDialect.RUST);
        sodp.with(model -> model.set("player", Map.of("hp", 100)));
        drift = DriftDbServer.start();
        room = drift.query(model -> model.createRoom("room"));
    }

    @AfterEach
    void stopServers() {
        sodp.close();
        drift.close();
    }

    private static CommandRun call(Object uri, String... words) {
        return CommandRun.create()
                .start(Stream.concat(Stream.of("call", uri.toString()), Stream.of(words))
                        .toArray(String[]::new));
    }

    private static String result(CommandRun run) throws Exception {
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).isEmpty();
        return run.out();
    }

    private static void isRefused(int code, String part, CommandRun run) throws Exception {
        assertThat(run.code()).as(run.out() + run.err()).isEqualTo(code);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(part).startsWith("tributary: ").doesNotContain("\tat ");
        assertThat(run.err().lines().findFirst().orElse("")).matches(".*[.?!]");
    }

    private Object value(String key) {
        return sodp.query(model -> model.value(key));
    }

    private List<String> entries(String key) {
        return drift.query(model -> room.entries(key).stream()
                .map(entry -> entry.value().toString())
                .toList());
    }

    @Test
    void sodpIsWritten() throws Exception {
        assertThat(result(call(sodp.uri(), "patch", "player", "{\"mp\":-5}"))).contains("\"version\":2");
        assertThat(value("player").toString()).contains("hp=100", "mp=-5");
        result(call(sodp.uri(), "set-in", "player", "/hp", "-1"));
        assertThat(value("player").toString()).contains("hp=-1");
        result(call(sodp.uri(), "set", "name", "\"Ada\""));
        assertThat(value("name")).isEqualTo("Ada");
        result(call(sodp.uri(), "delete", "name"));
        boolean there = sodp.query(model -> model.exists("name"));
        assertThat(there).isFalse();
    }

    @Test
    void sodpIsRead() throws Exception {
        assertThat(result(call(sodp.uri(), "get", "player")))
                .isEqualTo("{\"key\":\"player\",\"exists\":true,\"value\":{\"hp\":100},\"version\":1}\n");
        assertThat(result(call(sodp.uri(), "server"))).contains("\"dialect\":\"rust\"");
    }

    @Test
    void presenceHoldsUntilTheCommandEnds() throws Exception {
        CommandRun run = call(sodp.uri(), "presence", "player", "/ada", "{\"x\":1}");
        run.awaitErr(text -> text.contains("holds until Ctrl-C"));
        assertThat(value("player").toString()).contains("ada");
        assertThat(run.interrupt().code()).isZero();
        assertThat(sodp.await(model -> !String.valueOf(model.value("player")).contains("ada"), Duration.ofSeconds(20)))
                .isTrue();
    }

    @Test
    void driftDbIsWritten() throws Exception {
        String uri = drift.uri("room").toString();
        result(call(uri, "append", "chat", "{\"text\":\"hi\"}"));
        assertThat(result(call(uri, "append", "chat", "-5"))).contains("\"size\":2");
        assertThat(entries("chat")).hasSize(2);
        assertThat(result(call(uri, "get", "chat"))).matches("\\{\"seq\":\\d+,\"value\":-5}\n");
        assertThat(result(call(uri, "read", "chat"))).contains("{\"text\":\"hi\"}");
        result(call(uri, "replace", "chat", "null"));
        assertThat(entries("chat")).hasSize(1);
        result(call(uri, "relay", "cursors", "[1,2.5]"));
        assertThat(entries("cursors")).isEmpty();
        assertThat(result(call(uri, "get", "cursors"))).isEmpty();
        assertThat(result(call(uri, "create-room"))).startsWith("{\"room\":\"");
    }

    @Test
    void spacetimeDbIsCalled() throws Exception {
        try (SpacetimeDbServer game = SpacetimeDbServer.start(SpacetimeDbSampleData.module())) {
            Object uri = game.uri();
            assertThat(result(call(uri, "reducer", "add_player", "[\"Zoe\"]"))).isEmpty();
            assertThat(result(call(uri, "reducer", "add_player", "{\"name\":\"Al\"}")))
                    .isEmpty();
            assertThat(result(call(uri, "query", "SELECT * FROM player WHERE name = 'Zoe'")))
                    .startsWith("[{\"id\":1,\"name\":\"Zoe\",");
            assertThat(result(call(uri, "procedure", "add", "[40,2]"))).isEqualTo("42\n");
            assertThat(result(call(uri, "procedure", "count_players"))).isEqualTo("2\n");
            assertThat(result(call(uri, "identity"))).startsWith("\"c200");
            isRefused(1, "a player needs a name", call(uri, "reducer", "add_player", "[\"\"]"));
            isRefused(2, "did you mean 'reducer'?", call(uri, "reduser", "add_player", "[]"));
            isRefused(2, "an array or an object", call(uri, "reducer", "add_player", "5"));
            assertThat(result(call(uri, "--help"))).contains("  reducer REDUCER [ARGUMENTS]");
        }
    }

    @Test
    void theHelpListsTheVerbsOfTheSource() throws Exception {
        CommandRun run = call(sodp.uri(), "--help");
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .startsWith("Usage: tributary call")
                .contains("Verbs of " + sodp.uri(), "  set-in KEY PATH VALUE", "  append KEY ELEMENT [MOST]");
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines()).allMatch(line -> line.length() <= 100);
        assertThat(CommandRun.of("call", "--help").out())
                .startsWith("Usage: tributary call")
                .doesNotContain("Verbs of");
        isRefused(2, "Did you mean sodp+ws?", call("sopd+ws://localhost", "--help"));
    }

    @Test
    void wrongCommandsAreRefusedBeforeAnythingIsSent() throws Exception {
        isRefused(2, "did you mean 'patch'?", call(sodp.uri(), "pacth", "player", "{}"));
        isRefused(2, "known are [append, call", call(sodp.uri(), "frobnicate"));
        isRefused(2, "but it is patch KEY MEMBERS", call(sodp.uri(), "patch", "player"));
        isRefused(2, "but it is set KEY VALUE", call(sodp.uri(), "set", "a", "1", "2"));
        isRefused(2, "VALUE is no JSON (at character 1: ", call(sodp.uri(), "set", "a", "hi"));
        isRefused(2, "more behind its end", call(sodp.uri(), "set", "a", "1 2"));
        isRefused(2, "it is empty", call(sodp.uri(), "set", "a", ""));
        isRefused(2, "Duplicate", call(sodp.uri(), "set", "a", "{\"b\":1,\"b\":2}"));
        isRefused(2, "larger than any double", call(sodp.uri(), "set", "a", "1e999"));
        isRefused(2, "MOST is a whole number", call(sodp.uri(), "append", "a", "1", "many"));
        isRefused(2, "must be an object", call(sodp.uri(), "patch", "player", "5"));
        isRefused(2, "begins with a slash", call(sodp.uri(), "set-in", "player", "hp", "5"));
        isRefused(2, "Unknown option: '--dedline'", call(sodp.uri(), "set", "a", "1", "--dedline", "5s"));
        isRefused(2, "Missing required parameter", call(sodp.uri()));
        isRefused(2, "nothing can be called at electric", call("electric+http://localhost:3000", "set", "a", "1"));
        int connections = sodp.query(model -> model.connectionCount());
        assertThat(connections).isZero();
        assertThat(result(call(sodp.uri(), "set", "--", "-a", "1"))).contains("version");
        assertThat(value("-a")).isEqualTo(1L);
    }

    @Test
    void aRefusalOfTheServerSaysItsReason() throws Exception {
        isRefused(1, "the server refused", call(sodp.uri(), "call", "no.such.method"));
        isRefused(1, "404", call(drift.uri("elsewhere"), "append", "chat", "1"));
        try (SodpServer guarded = SodpServer.builder(SodpDialect.TYPESCRIPT)
                .options(SodpOptions.of(SodpDialect.TYPESCRIPT).withTokens(new SodpTokens().accept("s3cret", "ada")))
                .start()) {
            CommandRun wrong = CommandRun.create()
                    .with("TOKEN", "wr0ng")
                    .start(
                            "call",
                            guarded.uri().toString(),
                            "set",
                            "a",
                            "1",
                            "--token-env",
                            "TOKEN",
                            "--deadline",
                            "1m");
            isRefused(1, "401", wrong);
            assertThat(wrong.err()).doesNotContain("wr0ng");
            CommandRun right = CommandRun.create()
                    .with("TOKEN", "s3cret")
                    .start("call", guarded.uri().toString(), "set", "a", "1", "--token-env", "TOKEN");
            assertThat(right.code()).as(right.err()).isZero();
        }
    }

    @Test
    void whatWasNotSentSaysWhy() throws Exception {
        CommandRun run = call("sodp+ws://127.0.0.1:1", "set", "a", "1", "--deadline", "300ms");
        isRefused(1, "not sent in time", run);
        assertThat(run.err()).contains("the connection was refused", "'./tributary serve sodp' starts one");
        run = call("driftdb+ws://127.0.0.1:1/room/x", "append", "a", "1", "--deadline", "300ms");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("serve driftdb");
    }

    @Test
    void anUnknownOutcomeHasItsOwnCode() throws Exception {
        sodp.with(model -> model.faults().nth(1, SodpFrame.RESULT, SodpFault.drop()));
        isRefused(3, "unknown", call(sodp.uri(), "set", "a", "1", "--deadline", "1s"));
    }

    @Test
    void ctrlCEndsTheWait() throws Exception {
        CommandRun run = call("sodp+ws://127.0.0.1:1", "set", "a", "1", "--deadline", "1m");
        assertThat(run.interrupt().code()).isEqualTo(ExitCode.INTERRUPTED);
    }
}
