package dev.tributary.driftdb;

import static dev.tributary.driftdb.JavaScriptPeer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.MaterializedView;
import dev.tributary.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The official JavaScript client and ours in one room, on the reference server and on the real one. Run by the profile
 * {@code interop}; skipped where the client cannot be installed.
 */
@Tag("interop")
@Tag("D41")
class JavaScriptClientTest {

    static Stream<Arguments> sites() {
        return Site.encodings().stream()
                .flatMap(encoding ->
                        Stream.of(Site.Kind.values()).map(kind -> Arguments.of(kind, encoding == Encoding.CBOR)));
    }

    @ParameterizedTest
    @MethodSource("sites")
    void messagesGoBothWays(Site.Kind kind, boolean cbor) throws Exception {
        try (Site site = kind.start();
                JavaScriptPeer javascript = new JavaScriptPeer(site.root());
                Visit visit = Visit.to(site.root(), javascript.newRoom())) {
            DriftDb db = Visit.db(visit.open());
            Room room = Visit.get(db.room(visit.room, Visit.PATIENCE));
            assertThat(javascript.getRoom(visit.room))
                    .contains(
                            text(visit.room),
                            text(room.socketUrl().toString()),
                            text(room.httpUrl().toString()));
            Visit.get(db.append("k", "before", Visit.PATIENCE));
            MaterializedView<Row> log =
                    Visit.live(visit.open(options -> options.audit(java.time.Duration.ofMillis(300)))
                            .materialize("k?as=log"));
            javascript.connect(visit.room, cbor).ask("subscribe", text("k"));
            assertThat(javascript.ask("log", text("k"), "1")).isEqualTo("[\"1:\\\"before\\\"\"]");
            Visit.get(db.append("k", Map.of("n", List.of(1, 2.5)), Visit.PATIENCE));
            Visit.get(db.relay("k", null, Visit.PATIENCE));
            Visit.get(db.replace("k", "é", Visit.PATIENCE));
            assertThat(javascript.ask("log", text("k"), "4"))
                    .isEqualTo("[\"1:\\\"before\\\"\",\"2:{\\\"n\\\":[1,2.5]}\",\"3:null\",\"4:\\\"é\\\"\"]");
            send(javascript, "{\"type\":\"append\"}", "5");
            send(javascript, "{\"type\":\"append\"}", "[6.25]");
            send(javascript, "{\"type\":\"compact\",\"seq\":5}", text("fold"));
            assertThat(javascript.ask("sizes", "3")).isEqualTo("[2,3,2]");
            Visit.get(log.refresh());
            Visit.await(
                    log,
                    "verified",
                    () -> Visit.isVerified(log) && log.snapshot().size() == 2);
            assertThat(Rig.log(log)).containsExactly("5:fold", "6:[6.25]").isEqualTo(visit.truth("k"));
            assertThat(javascript.ask("latency")).isEqualTo("true");
            send(javascript, "{\"type\":\"replace\"}", "true");
            Visit.await(log, "replaced", () -> {
                boolean verified = Visit.isVerified(log);
                return verified && Rig.log(log).equals(List.of("7:true"));
            });
        }
    }

    private static void send(JavaScriptPeer javascript, String action, String value)
            throws IOException, InterruptedException {
        javascript.ask("send", "{\"type\":\"push\",\"key\":\"k\",\"action\":" + action + ",\"value\":" + value + "}");
    }

    @ParameterizedTest
    @MethodSource("sites")
    @Tag("D35")
    void aStateIsShared(Site.Kind kind, boolean cbor) throws Exception {
        try (Site site = kind.start();
                JavaScriptPeer javascript = new JavaScriptPeer(site.root());
                Visit visit = Visit.to(site.root(), javascript.newRoom())) {
            SharedState<String> state = SharedState.open(visit.open(), "s", ValueCodec.plain(String.class));
            Visit.live(state.view());
            Visit.get(state.set("before"));
            javascript.connect(visit.room, cbor).ask("state", text("s"));
            javascript.ask("awaitState", text("s"), text("before"));
            for (int round = 0; round < 5; round++) {
                String theirs = "theirs " + round;
                javascript.ask("setState", text("s"), text(theirs));
                Visit.await(state, theirs);
                String ours = "ours " + round;
                Visit.get(state.set(ours));
                javascript.ask("awaitState", text("s"), text(ours));
                String both = "updated " + round;
                Visit.get(state.update(now -> both));
                javascript.ask("awaitState", text("s"), text(both));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sites")
    @Tag("D34")
    void aReducerIsSharedAcrossFoldsOfBothSides(Site.Kind kind, boolean cbor) throws Exception {
        try (Site site = kind.start();
                JavaScriptPeer javascript = new JavaScriptPeer(site.root());
                JavaScriptPeer late = new JavaScriptPeer(site.root());
                Visit visit = Visit.to(site.root(), javascript.newRoom())) {
            SharedReducer<Long, Long> early = Workload.counter(visit.open());
            Visit.live(early.view());
            javascript.connect(visit.room, cbor).ask("reducer", text("counter"));
            javascript.ask("dispatch", text("counter"), "40");
            Workload.awaitState(early, 40);
            List<String> foldedByJavaScript = visit.truth("counter");
            assertThat(foldedByJavaScript.get(0)).contains("reset").doesNotContain("seen");
            SharedReducer<Long, Long> second = Workload.counter(
                    visit.open(Site.encodings().get(Site.encodings().size() - 1)));
            Workload.awaitState(second, 40);
            List<java.util.concurrent.CompletableFuture<Void>> dispatched = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                dispatched.add((i % 2 == 0 ? early : second).dispatch(1L));
            }
            dispatched.forEach(Visit::get);
            Workload.awaitState(early, 140);
            Workload.awaitState(second, 140);
            javascript.ask("awaitReduced", text("counter"), "140");
            Workload.awaitShort(visit, second);
            assertThat(visit.truth("counter").get(0)).contains("reset").contains("seen");
            late.connect(visit.room, cbor).ask("reducer", text("counter"));
            late.ask("awaitReduced", text("counter"), "140");
            javascript.ask("dispatch", text("counter"), "5");
            late.ask("dispatch", text("counter"), "40");
            Workload.awaitState(early, 185);
            Workload.awaitState(second, 185);
            javascript.ask("awaitReduced", text("counter"), "185");
        }
    }

    @ParameterizedTest
    @MethodSource("sites")
    @Tag("D37")
    void bothSidesAreThere(Site.Kind kind, boolean cbor) throws Exception {
        try (Site site = kind.start();
                JavaScriptPeer javascript = new JavaScriptPeer(site.root());
                Visit visit = Visit.to(site.root(), javascript.newRoom())) {
            Presence<Long> presence = Presence.open(visit.open(), "java", Visit.LONGS);
            Visit.get(presence.set(1L));
            javascript.connect(visit.room, cbor).ask("presence", text("js"), "10");
            Visit.await(presence.view(), "it is there", () -> presence.others().equals(Map.of("js", 10L)));
            javascript.ask("awaitPresence", "{\"java\":1}");
            Visit.get(presence.set(2L));
            javascript.ask("awaitPresence", "{\"java\":2}");
            javascript.ask("setPresence", "11");
            Visit.await(presence.view(), "it changed", () -> presence.others().equals(Map.of("js", 11L)));
            javascript.crash();
            Visit.await(presence.view(), "it is gone", () -> presence.others().isEmpty());
        }
    }
}
