package dev.tributary.testkit.sodp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;

/** What no recording shows: the Go server, limits, liveness, and the odd corners of the other two. */
class SodpModelTest {

    private long now = 1_000_000;

    private SodpModel model(SodpDialect dialect) {
        return model(SodpOptions.of(dialect));
    }

    private SodpModel model(SodpOptions options) {
        return new SodpModel(options, () -> now, new SplittableRandom(1));
    }

    private void advance(SodpModel model, long millis) {
        long end = now + millis;
        while (model.nextDeadline().orElse(Long.MAX_VALUE) <= end) {
            now = Math.max(now, model.nextDeadline().getAsLong());
            model.tick();
        }
        now = end;
    }

    // ---- Go ----

    @Test
    void theGoServerOffersNoFlags() {
        RecordingPeer peer = RecordingPeer.connect(model(SodpDialect.GO));
        assertThat(peer.heard).hasSize(1);
        assertThat(peer.heard.get(0))
                .contains("\"protocol\":\"sodp\"", "\"server_id\":\"", "\"max_watches\":64", "\"rate_limit\":100")
                .doesNotContain("multi_watch", "\"server\":");
    }

    @Test
    void theGoServerWritesWideIntegers() throws Exception {
        RecordingPeer peer = RecordingPeer.connect(model(SodpDialect.GO));
        byte[] hello = peer.received.get(0);
        assertThat(hello[1]).isEqualTo((byte) 0xCC);
        assertThat(hello[3]).isEqualTo((byte) 0xCE);
        assertThat(hello[8]).isEqualTo((byte) 0xCF);
        try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(hello)) {
            assertThat(unpacker.unpackValue().asArrayValue().size()).isEqualTo(4);
        }
    }

    @Test
    void theGoServerTakesTheWishAndCanGiveANumberTwice() {
        SodpModel model = model(SodpDialect.GO);
        RecordingPeer peer = RecordingPeer.connect(model);
        peer.take();
        peer.send(SodpFrame.WATCH, 10, "states", List.of("a", "b"));
        assertThat(peer.take()).hasSize(2).allMatch(frame -> frame.startsWith("[3,10,0,"));
        peer.send(SodpFrame.WATCH, 77, "state", "c");
        assertThat(peer.take()).hasSize(1).allMatch(frame -> frame.startsWith("[3,77,0,"));
    }

    @Test
    void theGoServerAnswersBeforeItsOwnDeltaAndLeavesOutFalsyValues() {
        SodpModel model = model(SodpDialect.GO);
        RecordingPeer peer = RecordingPeer.connect(model);
        peer.watch("k").take();
        peer.call("state.set", "state", "k", "value", 0);
        List<String> heard = peer.take();
        assertThat(heard).hasSize(2);
        assertThat(heard.get(0)).startsWith("[6,0,2,").contains("\"data\":{\"version\":1}");
        assertThat(heard.get(1))
                .startsWith("[4,1000,1,")
                .contains("\"key\":\"k\"")
                .doesNotContain("value");
        peer.call("state.set", "state", "k", "value", Map.of("a", 1L));
        peer.take();
        peer.call("state.set", "state", "k", "value", Map.of("a", 1L));
        assertThat(peer.take()).hasSize(1).allMatch(frame -> frame.contains("\"data\":{}"));
    }

    @Test
    void theGoServerReadsPathsWithDots() {
        SodpModel model = model(SodpDialect.GO);
        model.setIn("k", "a.b", 1);
        model.setIn("k", "/c/d", 2);
        assertThat(model.value("k")).isEqualTo(Map.of("a", Map.of("b", 1L), "/c/d", 2L));
    }

    @Test
    void theGoServerReplaysWithoutAnEndAndSeesOnlyWideNumbers() {
        SodpModel model = model(SodpDialect.GO);
        model.set("k", 1);
        model.set("k", 2);
        RecordingPeer peer = RecordingPeer.connect(model);
        peer.take();
        peer.send(SodpFrame.RESUME, 50, "state", "k", "since_version", 1);
        assertThat(peer.take()).as("a short 1 counts as 0").hasSize(2).allMatch(frame -> frame.startsWith("[4,50,"));
        model.set("other", 1);
        model.set("late", 1);
        peer.send(SodpFrame.RESUME, 51, "state", "late", "since_version", 1);
        assertThat(peer.take()).as("its log starts later").hasSize(1).allMatch(frame -> frame.startsWith("[3,51,"));
    }

    @Test
    void theGoServerRefusesByErrorAndStaysConnected() {
        SodpModel model = model(SodpOptions.of(SodpDialect.GO)
                .withTokens(new SodpTokens().accept("good", "ada"))
                .withLimits(0, 2, 128));
        RecordingPeer peer = RecordingPeer.connect(model);
        peer.take();
        peer.watch("k");
        peer.send(SodpFrame.AUTH, 0, "token", "");
        peer.send(SodpFrame.AUTH, 0, "token", "bad");
        peer.send(SodpFrame.AUTH, 0, "token", "good");
        peer.send(SodpFrame.AUTH, 0, "token", "good");
        assertThat(codes(peer.take())).containsExactly("401", "400", "401", "ada", "400");
        peer.watch("..");
        peer.watch("a");
        peer.watch("b");
        peer.watch("c");
        peer.call("state.presence", "state", "a", "path", "/x", "value", 1);
        peer.send(0x20, 0);
        peer.session().text("text");
        assertThat(codes(peer.take())).containsExactly("400", "a", "b", "429", "400", "400", "400");
        assertThat(peer.session().isOpen()).isTrue();
        peer.send(SodpFrame.UNWATCH, 0, "state", "a");
        assertThat(peer.session().watchedKeys()).containsExactly("b");
    }

    @Test
    void theGoServerDropsWhatASlowClientDoesNotTake() {
        SodpModel model = model(SodpOptions.of(SodpDialect.GO).withLimits(0, 0, 16));
        RecordingPeer peer = RecordingPeer.connect(model);
        peer.watch("k").take();
        peer.writable = false;
        IntStream.rangeClosed(1, 40).forEach(i -> model.set("k", i));
        peer.writable = true;
        peer.session().writable();
        assertThat(peer.take()).hasSize(16);
        assertThat(peer.session().isOpen()).isTrue();
    }

    // ---- Rust ----

    @Test
    void theRustServerCutsASlowClientAndItsPresence() {
        SodpModel model = model(SodpDialect.RUST);
        RecordingPeer peer = RecordingPeer.connect(model);
        peer.watch("k").call("state.presence", "state", "k", "path", "/me", "value", 1);
        peer.take();
        peer.writable = false;
        IntStream.rangeClosed(1, 1024).forEach(i -> model.setIn("k", "/n", i));
        assertThat(peer.session().isOpen()).isTrue();
        model.setIn("k", "/n", 0);
        assertThat(peer.session().isOpen()).isFalse();
        assertThat(model.value("k")).isEqualTo(Map.of("n", 0L));
        peer.writable = true;
        peer.session().writable();
        assertThat(peer.take()).as("what was queued is lost").containsExactly("close 1005");
    }

    @Test
    void theRustServerCutsARequestWithTooManyAnswers() {
        SodpModel model = model(SodpDialect.RUST);
        String[] keys = IntStream.range(0, 1024).mapToObj(i -> "k" + i).toArray(String[]::new);
        RecordingPeer peer = RecordingPeer.connect(model);
        peer.take();
        peer.watch(keys);
        assertThat(peer.take()).hasSize(1024);
        String[] more = IntStream.range(0, 1025).mapToObj(i -> "k" + i).toArray(String[]::new);
        peer.watch(more);
        assertThat(peer.take()).containsExactly("close 1005");
    }

    @Test
    void theRustServerEndsAConnectionThatMissesAPong() {
        SodpModel model = model(SodpDialect.RUST);
        RecordingPeer peer = RecordingPeer.connect(model);
        peer.take();
        advance(model, 100_000);
        assertThat(peer.take()).containsExactly("ping", "ping", "ping", "ping");
        peer.answersPings = false;
        advance(model, 49_999);
        assertThat(peer.take()).containsExactly("ping");
        advance(model, 1);
        assertThat(peer.take()).containsExactly("close 1005");
        assertThat(model.nextDeadline()).isEmpty();
    }

    @Test
    void theRustServerKeepsDeepValuesAndDiesOfDeeperPaths() {
        SodpModel model = model(SodpDialect.RUST);
        RecordingPeer peer = RecordingPeer.connect(model);
        peer.take();
        peer.call("state.set_in", "state", "k", "path", "/a".repeat(5000), "value", 1);
        peer.call("state.set_in", "state", "k", "path", "/a".repeat(5000), "value", 2);
        assertThat(peer.take()).hasSize(2).allMatch(frame -> frame.startsWith("[6,"));
        peer.watch("k");
        assertThat(peer.received.get(peer.received.size() - 1)).hasSizeGreaterThan(10_000);
        peer.take();
        peer.call("state.set_in", "state", "k", "path", "/a".repeat(20_000), "value", 1);
        assertThat(peer.take()).containsExactly("end");
        assertThat(model.keys()).isEmpty();
    }

    @Test
    void theRustServerDropsFramesItCannotReadInSilence() {
        SodpModel model = model(SodpDialect.RUST);
        RecordingPeer peer = RecordingPeer.connect(model);
        peer.take();
        peer.call("state.set", "state", "k", "value", nested(1019));
        assertThat(peer.take()).hasSize(1);
        peer.call("state.set", "state", "k", "value", nested(1030));
        peer.call("state.set", "state", "k", "value", new byte[] {1});
        assertThat(peer.take()).isEmpty();
        peer.call("state.set", "state", "k", "value", Double.NaN);
        assertThat(peer.take()).hasSize(1);
        assertThat(model.value("k")).isNull();
        assertThat(model.exists("k")).isTrue();
    }

    private static Object nested(int levels) {
        Object value = 1L;
        for (int i = 0; i < levels; i++) {
            value = List.of(value);
        }
        return value;
    }

    @Test
    void anEmptyNameAtTheTopIsSentAsTheWholeValueByTheRustServer() {
        SodpModel model = model(SodpDialect.RUST);
        model.set("k", Map.of("a", 1));
        RecordingPeer peer = RecordingPeer.connect(model);
        peer.watch("k").take();
        model.patch("k", Map.of("", Map.of("x", 1)));
        model.patch("k", Map.of("", Map.of("x", 2)));
        assertThat(peer.heard.get(0)).contains("{\"op\":\"ADD\",\"path\":\"/\",\"value\":{\"x\":1}}");
        assertThat(peer.heard.get(1)).contains("{\"op\":\"UPDATE\",\"path\":\"//x\",\"value\":2}");
    }

    // ---- TypeScript ----

    @Test
    void theTypeScriptServerEndsAConnectionWithoutHeartbeats() {
        SodpModel model = model(SodpDialect.TYPESCRIPT);
        RecordingPeer peer = RecordingPeer.connect(model);
        peer.take();
        advance(model, 30_000);
        assertThat(peer.take()).containsExactly("[9,0,0,null]");
        peer.watch("other traffic does not count");
        peer.session().pong();
        advance(model, 30_000);
        assertThat(peer.take()).hasSize(2).last().isEqualTo("close 1005");
    }

    @Test
    void theTypeScriptServerChecksTokensAMomentLater() {
        SodpModel model = model(SodpOptions.of(SodpDialect.TYPESCRIPT)
                .withTokens(new SodpTokens().accept("good", "ada").accept("old", "ada", now)));
        RecordingPeer pipelined = RecordingPeer.connect(model);
        pipelined.take();
        pipelined.send(SodpFrame.AUTH, 0, "token", " good ").watch("k");
        model.tick();
        assertThat(codes(pipelined.take())).as("the refusal overtakes").containsExactly("401", "ada");
        assertThat(pipelined.session().subject()).isEqualTo("ada");

        RecordingPeer expired = RecordingPeer.connect(model);
        expired.send(SodpFrame.AUTH, 0, "token", "old");
        model.tick();
        assertThat(expired.heard).hasSize(3).last().isEqualTo("close 1005");

        RecordingPeer idle = RecordingPeer.connect(model);
        advance(model, 15_000);
        assertThat(idle.heard)
                .hasSize(3)
                .contains("[7,0,1,{\"code\":401,\"message\":\"AUTH timeout\"}]")
                .last()
                .isEqualTo("close 1005");
    }

    @Test
    void theTypeScriptServerSharesASecondWatchAndRunsCleanUpTwiceAfterAnError() {
        SodpModel model = model(SodpDialect.TYPESCRIPT);
        model.set("k", List.of());
        RecordingPeer watcher = RecordingPeer.connect(model);
        watcher.watch("k").watch("k");
        model.tick();
        assertThat(watcher.take())
                .hasSize(3)
                .filteredOn(f -> f.startsWith("[3,10,"))
                .hasSize(2);
        RecordingPeer owner = RecordingPeer.connect(model);
        owner.call("state.presence", "state", "k", "path", "/0", "value", "me");
        model.append("k", "x", 0);
        model.append("k", "y", 0);
        watcher.take();
        owner.session().failed();
        assertThat(watcher.take()).as("several elements go").hasSize(2);
        assertThat(model.value("k")).isEqualTo(List.of("y"));
    }

    @Test
    void presenceBringsADeletedKeyBackOnTheTypeScriptServer() {
        SodpModel model = model(SodpDialect.TYPESCRIPT);
        RecordingPeer owner = RecordingPeer.connect(model);
        owner.call("state.presence", "state", "k", "path", "/me", "value", 1);
        model.delete("k");
        owner.session().closed();
        assertThat(model.value("k")).isEqualTo(Map.of());
        assertThat(model.version("k")).isEqualTo(1);
    }

    @Test
    void theTypeScriptServerDiesOfABodyThatIsNil() {
        SodpModel model = model(SodpDialect.TYPESCRIPT);
        model.set("k", 1);
        RecordingPeer innocent = RecordingPeer.connect(model);
        RecordingPeer.connect(model).sendBody(SodpFrame.WATCH, 10, null);
        assertThat(innocent.heard).last().isEqualTo("end");
        assertThat(model.keys()).isEmpty();
    }

    @Test
    void numbersDoNotAllSurviveTheTypeScriptServer() {
        SodpModel model = model(SodpDialect.TYPESCRIPT);
        Map<String, Object> numbers = new LinkedHashMap<>();
        numbers.put("whole", 5.0);
        numbers.put("big", Long.MAX_VALUE);
        numbers.put("zero", -0.0);
        model.set("k", numbers);
        assertThat(model.value("k")).isEqualTo(Map.of("whole", 5L, "big", 9.223372036854775807E18, "zero", 0L));
    }

    @Test
    void aFirstNilTellsNobodyOnTheTypeScriptServer() {
        SodpModel model = model(SodpDialect.TYPESCRIPT);
        RecordingPeer peer = RecordingPeer.connect(model);
        peer.watch("k");
        model.tick();
        peer.take();
        model.set("k", null);
        assertThat(peer.take()).isEmpty();
        assertThat(model.exists("k")).isTrue();
        assertThat(model.version("k")).isZero();
    }

    @Test
    void theApplicationAnswersItsMethodsInItsOwnTime() {
        SodpModel model = model(SodpDialect.TYPESCRIPT);
        model.application("slow", 50, args -> "slow");
        model.application("fast", 10, args -> "fast");
        RecordingPeer peer = RecordingPeer.connect(model);
        peer.take();
        peer.call("slow").call("fast");
        advance(model, 50);
        assertThat(peer.take())
                .containsExactly(
                        "[6,0,2,{\"call_id\":\"call-2\",\"success\":true,\"data\":\"fast\"}]",
                        "[6,0,1,{\"call_id\":\"call-1\",\"success\":true,\"data\":\"slow\"}]");
    }

    // ---- all ----

    @Test
    void sessionsAreLimited() {
        SodpModel go = model(SodpOptions.of(SodpDialect.GO).withLimits(1, 0, 0));
        SodpModel rust = model(SodpOptions.of(SodpDialect.RUST).withLimits(1, 0, 1024));
        RecordingPeer.connect(go);
        RecordingPeer first = RecordingPeer.connect(rust);
        assertThat(go.admit().status()).isEqualTo(503);
        assertThat(rust.admit().isReset()).isTrue();
        first.session().closed();
        assertThat(rust.admit().isAccepted()).isTrue();
    }

    @Test
    void optionsAndFramesShowNoSecrets() {
        SodpOptions options = SodpOptions.of(SodpDialect.RUST).withTokens(new SodpTokens().accept("secret", "ada"));
        assertThat(options.toString()).doesNotContain("secret");
        assertThat(new SodpFrame(SodpFrame.AUTH, 0, 1, Map.of("token", "secret")).toString())
                .doesNotContain("secret");
    }

    private static List<String> codes(List<String> frames) {
        return frames.stream()
                .map(frame -> frame.replaceAll(".*\"(?:code|sub|state)\":\"?(\\w+)\"?.*", "$1"))
                .toList();
    }
}
