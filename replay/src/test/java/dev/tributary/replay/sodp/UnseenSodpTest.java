package dev.tributary.replay.sodp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.replay.QuietLog;
import dev.tributary.replay.recording.Outcome;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Conversations that no bundled file has, and what becomes of them. */
@ExtendWith(QuietLog.class)
class UnseenSodpTest {

    private static void assertPassed(Outcome outcome) {
        assertThat(outcome.status()).as(outcome.toString()).isEqualTo(Outcome.Status.PASSED);
    }

    private static void assertFailed(Outcome outcome, String... details) {
        assertThat(outcome.status()).as(outcome.toString()).isEqualTo(Outcome.Status.FAILED);
        assertThat(outcome.detail()).contains(details);
    }

    private static Recorded begun(String value, long version) {
        return Recorded.endsWith(value, version).rust("c1").watches("c1", "k").init("c1", 10, "k", 1, Map.of("a", 1));
    }

    @Test
    @Tag("S49")
    void aRepairThatTheRecordedClientDidNotMakeFails() {
        // What does not fit leads to the whole value, which the recording does not have: the rest must not save it.
        assertFailed(
                begun("{\"a\":1,\"b\":2}", 3)
                        .delta("c1", 10, 2, "UPDATE", "/b", 2)
                        .delta("c1", 10, 3, "UPDATE", "/", Map.of("a", 1, "b", 2))
                        .replay(),
                "found a fault of k and repaired it, the recorded one did not",
                "c1 (line 6)");
    }

    @Test
    @Tag("S54")
    void aRepairThatTheRecordedClientMadeIsNone() {
        assertPassed(begun("{\"a\":1,\"b\":2}", 2)
                .delta("c1", 10, 2, "UPDATE", "/b", 2)
                .unwatches("c1", "k")
                .watches("c1", "k")
                .init("c1", 11, "k", 2, Map.of("a", 1, "b", 2))
                .replay());
    }

    @Test
    @Tag("S30")
    void whoResumesFromLessThanTheRecordedClientHadMissedSomething() {
        assertFailed(
                begun("{\"a\":3}", 3)
                        .drops("c1")
                        .later(2_000)
                        .rust("c2")
                        .resumes("c2", "k", 2)
                        .delta("c2", 10, 3, "UPDATE", "/a", 3)
                        .init("c2", 10, "k", 3, Map.of("a", 3))
                        .replay(),
                "our client resumes k from version 1",
                "version 2");
    }

    @Test
    @Tag("S11")
    void anIntegerIsNotAFloat() {
        assertPassed(begun("{\"a\":1}", 1).replay());
        assertFailed(begun("{\"a\":1.0}", 1).replay(), "/a is 1, expected is 1.0");
        assertFailed(begun("{\"a\":1}", 2).replay(), "the version is 1, expected is 2");
    }

    @Test
    @Tag("S49")
    void eachNowIsCompared() {
        assertFailed(
                begun("{\"a\":2}", 2)
                        .now("k", Recorded.state("{\"a\":7}", 1))
                        .delta("c1", 10, 2, "UPDATE", "/a", 2)
                        .replay(),
                "line 6: k: /a is 1, expected is 7");
    }

    @Test
    @Tag("S10")
    void whatIsNoFrameDoesNotDisturb() {
        assertPassed(begun("{\"a\":2}", 2)
                .line("ws-recv", "c1", "\"text\":\"hello\"")
                .hears("c1", 0x55, 0, Map.of())
                .delta("c1", 10, 2, "UPDATE", "/a", 2)
                .replay());
    }

    @Test
    @Tag("S14")
    void answersMayComeInAnotherOrderThanOursAsks() {
        Recorded recorded = new Recorded("\"query\":[\"a\",\"b\"],\"final\":{\"a\":" + Recorded.state("1", 5)
                        + ",\"b\":" + Recorded.state("3", 6) + "}")
                .typeScript("c1")
                .says("c1", Frame.WATCH, 77, Map.of("states", List.of("a", "b")))
                .init("c1", 31, "b", 5, 2)
                .init("c1", 30, "a", 5, 1)
                .hears(
                        "c1",
                        Frame.DELTA,
                        31,
                        Map.of(
                                "state",
                                "b",
                                "version",
                                6,
                                "ops",
                                List.of(Map.of("op", "UPDATE", "path", "/", "value", 3))));
        assertPassed(recorded.replay());
    }

    @Test
    @Tag("S20")
    void aKeyThatTheServerRefusesDoesNotHoldUpTheOthers() {
        assertPassed(begun("{\"a\":1}", 1)
                .says("c1", Frame.WATCH, 2_000_000, Map.of("state", "secret"))
                .hears("c1", Frame.ERROR, 0, Map.of("code", 403, "message", "forbidden: secret"))
                .now("k", Recorded.state("{\"a\":1}", 1))
                .replay());
    }

    @Test
    @Tag("S6")
    void tokensAreGivenInTheOrderOfTheRecording() {
        Map<String, Object> hello =
                Map.of("auth", true, "server", "SODP-RS", "version", "0.1", "capabilities", Recorded.abilities());
        assertPassed(Recorded.endsWith("7", 1)
                .open("c1", hello)
                .says("c1", Frame.AUTH, 0, Map.of("token", "old"))
                .hears("c1", Frame.ERROR, 0, Map.of("code", 401, "message", "auth failed"))
                .line("ws-close", "c1", "\"by\":\"server\",\"code\":1006,\"reason\":\"\"")
                .later(3_000)
                .open("c2", hello)
                .says("c2", Frame.AUTH, 0, Map.of("token", "new"))
                .hears("c2", Frame.AUTH_OK, 0, Map.of("sub", "ada"))
                .watches("c2", "k")
                .init("c2", 10, "k", 1, 7)
                .replay());
    }

    @Test
    @Tag("S38")
    void withoutAFinalEachAnswerMustBecomeItsTypedResultOrError() {
        Recorded good = new Recorded("\"query\":[\"k\"],\"final\":null")
                .rust("c1")
                .watches("c1", "k")
                .init("c1", 10, "k", 0, null)
                .calls("c1", "one", "state.set", Map.of("state", "k", "value", 1))
                .delta("c1", 10, 1, "ADD", "/", 1)
                .hears("c1", Frame.RESULT, 0, Map.of("call_id", "one", "success", true, "data", Map.of("version", 1)))
                .calls("c1", "two", "nope", Map.of())
                .hears("c1", Frame.ERROR, 0, Map.of("code", 404, "message", "unknown method: nope"));
        assertPassed(good.replay());
    }

    @Test
    @Tag("S38")
    void whatOurApiRefusesIsListedAndItsAnswerLeftOut() {
        Outcome outcome = begun("{\"a\":1}", 1)
                .calls("c1", "bin", "state.set", Map.of("state", "k", "value", new byte[] {1}))
                .calls("c1", "good", "state.set", Map.of("state", "other", "value", 1))
                .hears("c1", Frame.RESULT, 0, Map.of("call_id", "good", "success", true, "data", Map.of("version", 2)))
                .replay();
        assertPassed(outcome);
        assertThat(outcome.detail()).contains("our API refused call bin");
        assertThat(outcome.used()).contains("c1:8");
    }

    @Test
    void membersOfAnObjectAreComparedAsRows() {
        Recorded recorded = new Recorded("\"query\":[\"k?as=children\"],\"final\":{\"k\":"
                        + Recorded.state("{\"a\":1,\"b\":{\"c\":2}}", 1) + "}")
                .rust("c1")
                .watches("c1", "k")
                .init("c1", 10, "k", 1, Map.of("a", 1, "b", Map.of("c", 2)));
        assertPassed(recorded.replay());
    }

    @Test
    void nothingIsNotTheSameAsAnAbsentKey() {
        assertFailed(
                new Recorded("\"query\":[\"k\"],\"final\":{\"k\":{\"value\":null,\"version\":0,\"initialized\":false}}")
                        .rust("c1")
                        .watches("c1", "k")
                        .replay(),
                "nothing came of it");
    }
}
