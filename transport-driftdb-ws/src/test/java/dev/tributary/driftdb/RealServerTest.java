package dev.tributary.driftdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.ViewListener;
import dev.tributary.conformance.interop.Cuttable;
import dev.tributary.driftdb.StreamCommit.Cause;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The transport beside the published stand-alone server, and the same beside the reference server: the same scripts end the
 * same on both. Run by the profile {@code interop}; skipped where the server cannot be installed.
 */
@Tag("interop")
class RealServerTest {

    private static final int EACH = 1_000;

    /** What a script comes to on both servers. */
    private static List<String> onBoth(Script script) throws Exception {
        List<String> real;
        try (Site site = Site.Kind.REAL.start()) {
            real = script.play(site.root());
        }
        try (Site site = Site.Kind.REFERENCE.start()) {
            assertThat(real).as("the real server, compared with ours").isEqualTo(script.play(site.root()));
        }
        return real;
    }

    private static void skipWithoutCbor(Encoding encoding) {
        if (!Site.encodings().contains(encoding)) {
            String reason = "the published server does not know " + encoding
                    + "; -Dtributary.interop.driftdb=PATH names one that was built from the last source";
            System.out.println("SKIPPED: " + reason);
            Assumptions.abort(reason);
        }
    }

    private interface Script {

        List<String> play(URI root) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    @Tag("D5")
    @Tag("D31")
    void everyAction(Encoding encoding) throws Exception {
        skipWithoutCbor(encoding);
        List<String> seen = onBoth(root -> Workload.everyAction(root, encoding));
        assertThat(seen)
                .contains(
                        "append to 'k': OptionalLong[1] OptionalLong.empty",
                        "  truth [4:S, 5:five]",
                        "log [4:S, 5:five, 6:six, 10:seven]",
                        "latest [10:seven]",
                        "sizes [k 2, k 2, k 2, k 3, never viewed 2, k 3, k 4]",
                        "  truth [3:S]");
    }

    @ParameterizedTest
    @EnumSource
    @Tag("D8")
    @Tag("D9")
    void valuesOfEachKind(Encoding encoding) throws Exception {
        skipWithoutCbor(encoding);
        List<String> seen = onBoth(root -> Workload.values(root, encoding));
        assertThat(seen).contains("JSON BigInteger 18446744073709551615", "http null");
    }

    @ParameterizedTest
    @EnumSource
    @Tag("D17")
    void relaysOfOthersAreFoundOutByTheAudit(Encoding encoding) throws Exception {
        skipWithoutCbor(encoding);
        assertThat(onBoth(root -> Workload.relays(root, encoding)))
                .containsExactly("1:kept", "3:kept too", "passed [2:passing, 4:passing too]");
    }

    @ParameterizedTest
    @EnumSource
    @Tag("D27")
    @Tag("L1")
    void aBurstOfThreeWritersEndsComplete(Encoding encoding) throws Exception {
        skipWithoutCbor(encoding);
        assertThat(onBoth(root -> Workload.burst(root, encoding, EACH))).hasSize(3 * EACH);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("D32")
    @Tag("D34")
    void threeReducersEndWithEachActionAndAShortStream(Encoding encoding) throws Exception {
        skipWithoutCbor(encoding);
        assertThat(onBoth(root -> Workload.reducers(root, encoding, EACH))).contains("3000 3000 0", "late 3000");
    }

    @ParameterizedTest
    @EnumSource
    @Tag("D28")
    @Tag("L1")
    void theBurstOfSomebodyWhoDoesNotPaceEndsComplete(Site.Kind kind) throws Exception {
        try (Site site = kind.start();
                Visit visit = Visit.to(site.root())) {
            MaterializedView<Row> log = Visit.live(visit.open().materialize("k?as=log"));
            List<Cause> causes = new CopyOnWriteArrayList<>();
            ViewListener<Row> listener = commit ->
                    commit.metadata(StreamCommit.class).map(StreamCommit::cause).ifPresent(causes::add);
            log.listen(listener, Runnable::run);
            WebSocket foreign = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(
                            URI.create(site.root() + "/room/" + visit.room + "/connect"), new WebSocket.Listener() {})
                    .join();
            for (int i = 0; i < 2 * EACH; i++) {
                foreign.sendText(
                                "{\"type\":\"push\",\"key\":\"k\",\"value\":" + i
                                        + ",\"action\":{\"type\":\"append\"}}",
                                true)
                        .join();
            }
            Visit.await(log, "all", () -> log.snapshot().size() == 2 * EACH && Visit.isVerified(log));
            foreign.abort();
            List<String> truth = visit.truth("k");
            assertThat(truth).hasSize(2 * EACH);
            assertThat(Rig.log(log)).isEqualTo(truth);
            long arrived = causes.stream().filter(Cause.MESSAGE::equals).count();
            System.out.println("an unpaced burst on the " + kind + " server: " + arrived + " of " + 2 * EACH
                    + " came as messages, the rest by "
                    + causes.stream().filter(Cause.REPAIR::equals).count()
                    + " repairs and "
                    + causes.stream().filter(Cause.AUDIT::equals).count() + " audits");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("D16")
    @Tag("D23")
    void aConnectionThatIsCutIsReplacedAndNothingIsMissing(Site.Kind kind) throws Exception {
        try (Site site = kind.start();
                Cuttable way = new Cuttable("127.0.0.1", site.port());
                Visit visit = Visit.to(site.root())) {
            DriftDb direct = Visit.db(visit.open());
            SyncSource source = visit.openAt(URI.create("ws://127.0.0.1:" + way.port()), options -> options);
            MaterializedView<Row> log = Visit.live(source.materialize("k?as=log"));
            MaterializedView<Row> latest = Visit.live(source.materialize("l"));
            for (int round = 1; round <= 3; round++) {
                int now = round;
                Visit.get(Visit.db(source).append("k", "ours " + round, Visit.PATIENCE));
                way.cut();
                Visit.get(direct.append("k", "theirs " + round, Visit.PATIENCE));
                Visit.get(direct.replace("l", round, Visit.PATIENCE));
                Visit.await(log, "caught up", () -> log.snapshot().size() == 2 * now && Visit.isVerified(log));
                Visit.await(
                        latest, "caught up", () -> Rig.log(latest).toString().endsWith(":" + now + "]"));
            }
            Visit.get(Visit.db(source).append("k", "after all", Visit.PATIENCE));
            assertThat(Rig.log(log))
                    .isEqualTo(visit.truth("k"))
                    .hasSize(7)
                    .last()
                    .isEqualTo("10:after all");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("D20")
    void aRestartLosesTheRoomAndAnotherIsSeeded(Site.Kind kind) throws Exception {
        try (Site site = kind.start();
                Visit visit = Visit.to(site.root())) {
            SyncSource source = visit.open();
            MaterializedView<Row> log = Visit.live(source.materialize("k?as=log"));
            MaterializedView<Row> latest = Visit.live(source.materialize("l"));
            List<String> attempts = new CopyOnWriteArrayList<>();
            source.onStatus(status -> attempts.add(status.toString()));
            Visit.get(Visit.db(source).append("k", "a", Visit.PATIENCE));
            Visit.get(Visit.db(source).append("k", "b", Visit.PATIENCE));
            Visit.get(Visit.db(source).replace("l", "newest", Visit.PATIENCE));
            site.stop();
            Visit.await(log, "stale", () -> log.status().phase() == Phase.STALE);
            site.startAgain();
            source.retryNow();
            for (MaterializedView<Row> view : List.of(log, latest)) {
                Visit.await(view, "the room is gone", () -> view.status().phase() == Phase.FAILED);
                assertThat(view.status().reason()).isInstanceOf(RoomNotFoundException.class);
                assertThat(view.status().toString()).doesNotContain(visit.room);
            }
            assertThat(Rig.log(log)).as("still readable").containsExactly("1:a", "2:b");
            try (Visit other = Visit.to(site.root())) {
                DriftDb db = Visit.db(other.open());
                Visit.get(db.reseed(log, Visit.PATIENCE));
                Visit.get(db.reseed(latest, Visit.PATIENCE));
                assertThat(other.truth("k")).containsExactly("1:a", "2:b");
                assertThat(other.truth("l")).containsExactly("3:newest");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("D1")
    @Tag("D42")
    void refusalsHaveTypes(Site.Kind kind) throws Exception {
        try (Site site = kind.start();
                Visit visit = Visit.to(site.root())) {
            DriftDb db = Visit.db(visit.open());
            Room found = Visit.get(db.room(visit.room, Visit.PATIENCE));
            assertThat(found.id()).isEqualTo(visit.room);
            assertThat(found.socketUrl()).hasToString(site.root() + "/room/" + visit.room + "/connect");
            assertThat(Visit.failure(db.room("no-such-room", Visit.PATIENCE)))
                    .isInstanceOf(RoomNotFoundException.class);
            Visit.get(db.http().append("k", "x".repeat(1_990_000), Visit.PATIENCE));
            assertThat(Visit.failure(db.http().append("k", "x".repeat(2_100_000), Visit.PATIENCE)))
                    .as("refused here, for the server would end it with 413")
                    .isInstanceOf(dev.tributary.LimitExceededException.class);
            try (Visit nowhere = Visit.to(site.root(), "no-such-room")) {
                SyncSource lost = nowhere.open();
                MaterializedView<Row> view = lost.materialize("k");
                Visit.await(view, "gone", () -> view.status().phase() == Phase.FAILED);
                assertThat(view.status().reason()).isInstanceOf(RoomNotFoundException.class);
                assertThat(Visit.failure(Visit.db(lost).append("k", 1, Visit.PATIENCE)))
                        .isInstanceOf(RoomNotFoundException.class);
                assertThat(Visit.failure(Visit.db(lost).http().read("k", 0, Visit.PATIENCE)))
                        .isInstanceOf(RoomNotFoundException.class);
            }
        }
    }

    @Test
    @Tag("D40")
    void theServerThatDoesNotKnowCborIsToldFromABrokenOne() throws Exception {
        if (!Site.Real.isPublished()) {
            Assumptions.abort("the server of the last source knows CBOR");
        }
        try (Site site = Site.Kind.REAL.start();
                Visit visit = Visit.to(site.root())) {
            MaterializedView<Row> view = visit.open(Encoding.CBOR).materialize("k");
            Visit.await(view, "refused", () -> view.status().phase() == Phase.FAILED);
            assertThat(view.status().toString()).contains("does not know CBOR");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("D10")
    void theLargestMessageGoesThroughAndALargerOneIsRefusedHere(Site.Kind kind) throws Exception {
        try (Site site = kind.start();
                Visit visit = Visit.to(site.root())) {
            for (Encoding encoding : Site.encodings()) {
                SyncSource source = visit.open(encoding);
                MaterializedView<Row> latest = Visit.live(source.materialize("large " + encoding));
                String large = "x".repeat(WriteWindow.MOST_MESSAGE - 200);
                Pushed pushed = Visit.get(Visit.db(source).replace("large " + encoding, large, Visit.PATIENCE));
                assertThat(pushed.number()).isPresent();
                Visit.await(latest, "large", () -> latest.snapshot().size() == 1);
                assertThat(latest.get("large " + encoding).get("value")).isEqualTo(large);
                assertThat(Visit.failure(Visit.db(source).replace("large " + encoding, large + large, Visit.PATIENCE)))
                        .isInstanceOf(dev.tributary.LimitExceededException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("D35")
    @Tag("D37")
    void sharedStateAndPresence(Site.Kind kind) throws Exception {
        try (Site site = kind.start();
                Visit visit = Visit.to(site.root())) {
            List<SharedState<Long>> states = new ArrayList<>();
            List<Presence<Long>> presences = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                SyncSource source =
                        visit.open(Site.encodings().get(i % Site.encodings().size()));
                states.add(SharedState.open(source, "s", Visit.LONGS));
                presences.add(Presence.open(source, "client " + i, Visit.LONGS));
                Visit.live(states.get(i).view());
            }
            List<CompletableFuture<Void>> sets = new ArrayList<>();
            for (long round = 0; round < 20; round++) {
                for (int i = 0; i < 3; i++) {
                    sets.add(states.get(i).set(100 * (i + 1) + round));
                }
            }
            sets.forEach(Visit::get);
            Entry last = Visit.get(Visit.db(visit.open()).http().latest("s", Visit.PATIENCE))
                    .orElseThrow();
            Long value = (Long) ((Map<?, ?>) last.value()).get("v");
            for (SharedState<Long> state : states) {
                Visit.await(state, value);
                assertThat(state.confirmed()).contains(value);
            }
            Visit.get(states.get(0).set(0L));
            for (long round = 1; round <= 30; round++) {
                SharedState<Long> state = states.get((int) round % 3);
                long expected = round - 1;
                Visit.await(state, expected);
                assertThat(Visit.get(state.update(now -> Objects.requireNonNull(now) + 1)))
                        .isEqualTo(round);
            }
            for (int i = 0; i < 3; i++) {
                Visit.get(presences.get(i).set((long) i));
            }
            for (Presence<Long> presence : presences) {
                Visit.await(
                        presence.view(), "two others", () -> presence.others().size() == 2);
            }
            Visit.get(presences.get(2).leave());
            Visit.await(
                    presences.get(0).view(),
                    "one other",
                    () -> presences.get(0).others().size() == 1);
            assertThat(presences.get(0).others()).containsEntry("client 1", 1L);
        }
    }
}
