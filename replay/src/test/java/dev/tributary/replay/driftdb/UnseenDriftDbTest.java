package dev.tributary.replay.driftdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.replay.QuietLog;
import dev.tributary.replay.recording.Outcome;
import dev.tributary.replay.recording.ReplayOptions;
import dev.tributary.replay.recording.Transcripts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Conversations that no bundled file has, and what becomes of them. */
@ExtendWith(QuietLog.class)
@Tag("D44")
class UnseenDriftDbTest {

    private static final String ROOM = "/room/5ec7e75ec7e75ec7e7/connect";

    private final List<String> lines = new ArrayList<>();
    private int time;

    private static Outcome replay(List<String> of) {
        return new DriftDbReplay().judge(Transcripts.parse(of.toArray(String[]::new)), new ReplayOptions(3, 0));
    }

    private static void assertPassed(Outcome outcome) {
        assertThat(outcome.status()).as(outcome.toString()).isEqualTo(Outcome.Status.PASSED);
    }

    private static void assertFailed(Outcome outcome, String... details) {
        assertThat(outcome.status()).as(outcome.toString()).isEqualTo(Outcome.Status.FAILED);
        assertThat(outcome.detail()).contains(details);
    }

    private UnseenDriftDbTest header(String query, String log) {
        lines.add(
                "{\"protocol\":\"driftdb\",\"query\":{\"a\":[\"%s\"]},\"compare\":[\"log\"],\"final\":{\"clients\":{\"a\":{\"log\":%s}}}}"
                        .formatted(query, log));
        return this;
    }

    private UnseenDriftDbTest line(String kind, String id, String members) {
        time += 50;
        lines.add("{\"kind\":\"%s\",\"id\":\"%s\",\"t\":%d,%s}".formatted(kind, id, time, members));
        return this;
    }

    private UnseenDriftDbTest open(String id) {
        return line("ws-open", id, "\"target\":\"" + ROOM + "\"");
    }

    private UnseenDriftDbTest says(String id, String message) {
        return line("ws-send", id, "\"text\":\"" + message.replace("\"", "\\\"") + "\"");
    }

    private UnseenDriftDbTest hears(String id, String message) {
        return line("ws-recv", id, "\"text\":\"" + message.replace("\"", "\\\"") + "\"");
    }

    private UnseenDriftDbTest gets(String id, String key, long above) {
        return says(id, "{\"type\":\"get\",\"key\":\"%s\",\"seq\":%d}".formatted(key, above));
    }

    private UnseenDriftDbTest init(String id, String key, String data) {
        return hears(id, "{\"type\":\"init\",\"key\":\"%s\",\"data\":[%s]}".formatted(key, data));
    }

    private UnseenDriftDbTest message(String id, String key, String value, long number) {
        return hears(id, "{\"type\":\"push\",\"key\":\"%s\",\"value\":%s,\"seq\":%d}".formatted(key, value, number));
    }

    private UnseenDriftDbTest others(String key, String value) {
        time += 5;
        lines.add(("{\"kind\":\"truth\",\"t\":%d,\"message\":{\"type\":\"push\",\"key\":\"%s\",\"value\":%s,"
                        + "\"action\":{\"type\":\"append\"}}}")
                .formatted(time, key, value));
        return this;
    }

    private UnseenDriftDbTest drops(String id) {
        line("ws-close", id, "\"by\":\"drop\",\"code\":1006,\"reason\":\"\"");
        time += 3_000;
        return this;
    }

    @Test
    void aGetFromAnotherNumberIsAnsweredForThatNumber() {
        header("k?as=log", "{\"k\":[[1,\"x\"],[2,\"y\"],[3,\"z\"]]}")
                .open("a1")
                .gets("a1", "k", 0)
                .init("a1", "k", "");
        others("k", "\"x\"").message("a1", "k", "\"x\"", 1).others("k", "\"y\"").message("a1", "k", "\"y\"", 2);
        drops("a1").others("k", "\"z\"").open("a2").gets("a2", "k", 2);
        init("a2", "k", "{\"value\":\"z\",\"seq\":3}");
        assertPassed(replay(lines));
    }

    @Test
    void aMessageThatOursLearnedOfByARepairAloneFails() {
        header("k?as=log", "{\"k\":[[1,\"x\"],[2,\"y\"],[3,\"z\"]]}")
                .open("a1")
                .gets("a1", "k", 0)
                .init("a1", "k", "");
        others("k", "\"x\"").others("k", "\"y\"").message("a1", "k", "\"y\"", 2);
        // The first message was lost; what ours asks again tells it.
        drops("a1").others("k", "\"z\"").open("a2").gets("a2", "k", 2);
        init("a2", "k", "{\"value\":\"z\",\"seq\":3}");
        assertFailed(replay(lines), "learned of number 1 of k by a repair");
    }

    @Test
    void anIntegerIsNotAFloat() {
        header("k?as=log", "{\"k\":[[1,1.0]]}").open("a1").gets("a1", "k", 0);
        init("a1", "k", "{\"value\":1,\"seq\":1}");
        assertFailed(replay(lines), "client a, log: k");
    }

    @Test
    void theNewestValueAloneIsComparedAsALogToo() {
        header("k", "{\"k\":[[1,\"x\"],[2,\"y\"]]}")
                .open("a1")
                .gets("a1", "k", 0)
                .init("a1", "k", "");
        others("k", "\"x\"").message("a1", "k", "\"x\"", 1).others("k", "\"y\"").message("a1", "k", "\"y\"", 2);
        assertPassed(replay(lines));
    }

    @Test
    void aRoomThatIsGoneEndsOneLogAndANewOneBegins() {
        header("k?as=log", "{\"k\":[[1,\"new\"]]}")
                .open("a1")
                .gets("a1", "k", 0)
                .init("a1", "k", "");
        others("k", "\"old\"").message("a1", "k", "\"old\"", 1);
        line("ws-close", "a1", "\"by\":\"server\",\"code\":1006,\"reason\":\"\"");
        line("http-request", "a2", "\"method\":\"GET\",\"target\":\"" + ROOM + "\",\"headers\":{},\"body\":null");
        line("ws-close", "a2", "\"by\":\"drop\",\"code\":1006,\"reason\":\"\"");
        line("ws-open", "a3", "\"target\":\"" + ROOM.replace("5ec", "5ed") + "\"");
        gets("a3", "k", 0).init("a3", "k", "").message("a3", "k", "\"new\"", 1);
        assertPassed(replay(lines));
    }

    @Test
    void aRefusedUpgradeIsComparedWhereItIsAsked() {
        lines.add(
                "{\"protocol\":\"driftdb\",\"query\":{\"a\":[\"k?as=log\"]},\"compare\":[\"log\",\"refused_handshakes\"],"
                        + "\"final\":{\"clients\":{\"a\":{\"log\":{\"k\":[[1,\"x\"]]},\"refused_handshakes\":{\"a2\":503}}}}}");
        open("a1").gets("a1", "k", 0).init("a1", "k", "").message("a1", "k", "\"x\"", 1);
        line("ws-close", "a1", "\"by\":\"drop\",\"code\":1006,\"reason\":\"\"");
        line("http-request", "a2", "\"method\":\"GET\",\"target\":\"" + ROOM + "\",\"headers\":{},\"body\":null");
        line("http-response", "a2", "\"status\":503,\"headers\":{},\"body\":\"\"");
        time += 60_000;
        open("a3").gets("a3", "k", 0).init("a3", "k", "{\"value\":\"x\",\"seq\":1}");
        assertPassed(replay(lines));
    }

    // ---- variants of the bundled files ----

    static Stream<Path> files() {
        return Transcripts.files("driftdb").stream();
    }

    @ParameterizedTest
    @MethodSource("files")
    void otherNamesAndNumbers(Path file) {
        List<String> variant = new ArrayList<>();
        // Every room, every letter of a client with its connections, and every time is another one.
        for (String line : read(file)) {
            String other =
                    Pattern.compile("\\b([ab])(\\d+)\\b(?=\")").matcher(line).replaceAll("$1$1$2");
            other = Pattern.compile("\"(a|b)\":(?=[\\[{])").matcher(other).replaceAll("\"$1$1\":");
            variant.add(Pattern.compile("([0-9a-f]{8})-([0-9a-f]{4})-")
                    .matcher(other)
                    .replaceAll("$2-$1-"));
        }
        assertPassed(replay(variant));
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
