package dev.tributary.sodp;

import static dev.tributary.sodp.Packed.map;
import static dev.tributary.sodp.Scene.op;
import static dev.tributary.sodp.Scene.remove;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.sodp.Packed.Sent;
import dev.tributary.sodp.Scene.FakeSubscription;
import dev.tributary.sodp.ScriptedOutput.Committed;
import dev.tributary.spi.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens between two connections. */
class ReconnectTest {

    @ParameterizedTest
    @EnumSource(
            value = SodpDialect.class,
            names = {"TYPESCRIPT", "RUST", "STANDARD"})
    @Tag("S30")
    void missedStepsAreToldOneByOneWhereTheyAreGenuine(SodpDialect dialect) {
        Scene scene = new Scene(dialect);
        FakeSubscription view = scene.subscribe("k");
        FakeSubscription members = scene.subscribe("k?as=children");
        scene.live().init(10, "k", 4, map("a", 1)).delta(10, "k", 5, op("UPDATE", "/a", 2));
        int before = scene.content(view).commits.size();
        scene.drop();
        assertThat(scene.ended().kind()).isEqualTo(Ending.Kind.RETRY);
        scene.reconnect();
        Sent resume = scene.sentOne();
        assertThat(resume.type()).isEqualTo(FrameType.RESUME);
        assertThat(resume.body()).isEqualTo(map("state", "k", "since_version", 5L));
        scene.delta(10, "k", 6, op("UPDATE", "/a", 3)).delta(10, "k", 7, op("ADD", "/b", 1));
        assertThat(scene.content(view).commits).hasSize(before);
        scene.init(10, "k", 7, map("a", 3, "b", 1));
        List<Committed> news = scene.content(view)
                .commits
                .subList(before, scene.content(view).commits.size());
        assertThat(steps(scene)).extracting(MissedStep::value).containsExactly(map("a", 3L), map("a", 3L, "b", 1L));
        assertThat(steps(scene)).extracting(step -> step.meta().version()).containsExactly(6L, 7L);
        assertThat(steps(scene)).allMatch(step -> step.meta().replayed());
        assertThat(news).extracting(commit -> commit.meta().version()).containsExactly(7L);
        assertThat(news).noneMatch(Committed::whole);
        assertThat(news)
                .noneMatch(
                        commit -> commit.meta().stepsSkipped() || commit.meta().replayed());
        assertThat(scene.members(members)).isEqualTo(map("a", 3L, "b", 1L));
        assertThat(scene.content(view).isLive).isTrue();
    }

    private static List<MissedStep> steps(Scene scene) {
        return scene.out.notices.stream().map(MissedStep.class::cast).toList();
    }

    /** Found by the laws: the change of "a" is lost with the old log, and the one behind it hides that. */
    @Test
    @Tag("S52")
    @Tag("L2")
    void aReplayOfAnotherHistoryThatEndsRightByChanceIsShownByNoView() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT);
        FakeSubscription view = scene.subscribe("k");
        scene.live().init(10, "k", 1, map("a", 0)).drop().reconnect();
        int before = scene.content(view).commits.size();
        scene.delta(10, "k", 2, op("ADD", "/b", 0)).delta(10, "k", 3, op("UPDATE", "/a", 5));
        scene.init(10, "k", 3, map("a", 5, "b", 0));
        assertThat(scene.content(view).commits).as("one, with the whole value").hasSize(before + 1);
        assertThat(scene.value(view)).isEqualTo(map("a", 5L, "b", 0L));
    }

    @Test
    @Tag("S31")
    @Tag("S52")
    void aReplayWithAHoleOrOfAnotherHistoryIsNotTold() {
        for (int way = 0; way < 3; way++) {
            Scene scene = new Scene(SodpDialect.RUST);
            FakeSubscription view = scene.subscribe("k");
            scene.live().init(10, "k", 5, map("a", 1)).drop().reconnect();
            int before = scene.content(view).commits.size();
            switch (way) {
                // A hole: what set "b" is gone from the log.
                case 0 -> scene.delta(10, "k", 9, op("UPDATE", "/a", 3)).init(10, "k", 9, map("a", 3, "b", 1));
                // Another history, whose versions look right.
                case 1 -> scene.delta(10, "k", 6, op("UPDATE", "/z", 3)).init(10, "k", 6, map("z", 3));
                // Not rising.
                default ->
                    scene.delta(10, "k", 7, op("UPDATE", "/a", 3))
                            .delta(10, "k", 6, op("UPDATE", "/a", 2))
                            .init(10, "k", 6, map("a", 2));
            }
            List<Committed> news = scene.content(view)
                    .commits
                    .subList(before, scene.content(view).commits.size());
            assertThat(steps(scene)).as("way " + way).isEmpty();
            assertThat(news.get(0).meta().stepsSkipped()).isTrue();
            assertThat(scene.content(view).faults.size()).isLessThanOrEqualTo(way == 2 ? 1 : 0);
        }
    }

    @Test
    @Tag("S51")
    void aReplayThatEndsInADeletionLeavesTheKeyAbsent() {
        Scene scene = new Scene(SodpDialect.RUST);
        FakeSubscription view = scene.subscribe("k");
        scene.live().init(10, "k", 5, map("a", 1)).drop().reconnect();
        scene.sent();
        scene.delta(10, "k", 6, op("UPDATE", "/a", 2))
                .delta(10, "k", 9, remove("/"))
                .absent(10, "k");
        assertThat(scene.row(view)).isNull();
        assertThat(scene.content(view).faults).isEmpty();
        assertThat(scene.sent()).isEmpty();
        assertThat(scene.content(view).isLive).isTrue();
        assertThat(scene.content(view).last().meta().initialized()).isFalse();
    }

    @Test
    @Tag("S53")
    void liveDeltasInsideAReplayDoubledOnesAndOlderOnesLeaveTheCopyRight() {
        Scene scene = new Scene(SodpDialect.RUST);
        FakeSubscription view = scene.subscribe("k");
        scene.live().init(10, "k", 5, map("a", 1)).drop().reconnect();
        scene.sent();
        scene.delta(10, "k", 8, op("UPDATE", "/a", 8));
        scene.delta(10, "k", 6, op("UPDATE", "/a", 6)).delta(10, "k", 7, op("UPDATE", "/a", 7));
        scene.delta(10, "k", 8, op("UPDATE", "/a", 8));
        scene.init(10, "k", 7, map("a", 7));
        assertThat(scene.value(view)).isEqualTo(map("a", 8L));
        scene.delta(10, "k", 8, op("UPDATE", "/a", 8));
        assertThat(scene.value(view)).isEqualTo(map("a", 8L));
        assertThat(scene.content(view).isLive).isTrue();
    }

    @Test
    @Tag("S31")
    void aKeyThatWasMadeAnewWhileAwayIsTheNewOne() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT);
        FakeSubscription view = scene.subscribe("k");
        scene.live().init(10, "k", 2, map("old", 1)).drop().reconnect();
        // The new life has gone past version 2: what is replayed looks contiguous.
        scene.delta(10, "k", 3, op("UPDATE", "/n", 3)).delta(10, "k", 4, op("UPDATE", "/n", 4));
        scene.init(10, "k", 4, map("n", 4));
        assertThat(scene.value(view)).isEqualTo(map("n", 4L));
        assertThat(scene.content(view).last().meta().stepsSkipped()).isTrue();
    }

    @Test
    @Tag("S32")
    void withoutTheCapabilitiesEachKeyIsWatchedAlone() {
        Scene scene = new Scene(SodpDialect.GO);
        scene.subscribe("a");
        scene.subscribe("b");
        scene.live();
        assertThat(scene.sent())
                .allSatisfy(sent -> assertThat(sent.type()).isEqualTo(FrameType.WATCH))
                .extracting(sent -> sent.body().get("state"))
                .containsExactly("a", "b");
        scene.init(1_000_000, "a", 1, 1).init(1_000_001, "b", 2, 2).drop().reconnect();
        assertThat(scene.sent()).extracting(Sent::type).containsExactly(FrameType.WATCH, FrameType.WATCH);
    }

    @Test
    @Tag("S30")
    void aKeyAtVersionZeroIsWatched() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT);
        scene.subscribe("k");
        scene.live().absent(10, "k").drop().reconnect();
        assertThat(scene.sentOne().type()).isEqualTo(FrameType.WATCH);
    }

    /** Answers requests as a server with a limit of frames in each second would. */
    private static void serve(Scene scene, int limit, Map<String, Long> asked, int refuseEvery) {
        long stream = 100_000L + asked.size();
        int frames = 0;
        for (Sent sent : scene.sent()) {
            if (sent.type() != FrameType.WATCH && sent.type() != FrameType.RESUME) {
                continue;
            }
            if (refuseEvery > 0 && ++frames % refuseEvery == 0) {
                scene.error(sent.stream(), 429, "rate limit exceeded");
                continue;
            }
            for (String key : sent.keys()) {
                asked.put(key, scene.out.nanos);
                scene.init(stream++, key, 3, map("key", key));
            }
        }
        assertThat(limit).isPositive();
    }

    private static void neverMoreInASecond(Scene scene, int limit) {
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < scene.wire().sent.size(); i++) {
            int type = scene.wire().sent.get(i).type();
            if (type == FrameType.WATCH || type == FrameType.RESUME) {
                times.add(scene.wire().sentAt.get(i));
            }
        }
        for (int i = limit; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - limit))
                    .as("frame " + i + " of " + times.size())
                    .isGreaterThan(1_000_000_000L);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 10", "true, 1", "false, 10", "false, 3"})
    @Tag("S33")
    void aThousandKeysBecomeLiveUnderTheLimit(boolean multi, int limit) {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT)
                .limit("rate_limit_watches", limit)
                .limit("multi_watch", multi);
        List<FakeSubscription> views = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            views.add(scene.subscribe("key." + i));
        }
        scene.live();
        java.util.Map<String, Long> asked = new java.util.HashMap<>();
        for (int i = 0; i < 2000 && asked.size() < 1000; i++) {
            serve(scene, limit, asked, 0);
            scene.advance(Duration.ofMillis(200));
        }
        assertThat(views).allMatch(view -> scene.content(view).isLive);
        neverMoreInASecond(scene, limit);
        scene.drop().reconnect();
        asked.clear();
        for (int i = 0; i < 2000 && asked.size() < 1000; i++) {
            serve(scene, limit, asked, 0);
            scene.advance(Duration.ofMillis(200));
        }
        assertThat(views).allMatch(view -> scene.content(view).isLive);
        neverMoreInASecond(scene, limit);
    }

    @ParameterizedTest
    @EnumSource(
            value = SodpDialect.class,
            names = {"TYPESCRIPT", "RUST", "GO"})
    @Tag("S33")
    void arefusalForSpeedIsAskedAgainUntilItSucceeds(SodpDialect dialect) {
        Scene scene = new Scene(dialect).limit("rate_limit_watches", null);
        List<FakeSubscription> views = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            views.add(scene.subscribe("key." + i));
        }
        scene.live();
        java.util.Map<String, Long> asked = new java.util.HashMap<>();
        for (int i = 0; i < 200 && asked.size() < 300; i++) {
            serve(scene, 1, asked, dialect == SodpDialect.GO ? 2 : i < 4 ? 1 : 3);
            scene.advance(Duration.ofMillis(300));
        }
        assertThat(views).allMatch(view -> scene.content(view).isLive);
    }

    @Test
    @Tag("S33")
    void aRefusalThatNamesNothingIsOfAllThatAreOpen() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT);
        FakeSubscription view = scene.subscribe("k");
        scene.live();
        scene.sent();
        scene.error(0, 429, "watch rate limit exceeded");
        assertThat(scene.sent()).isEmpty();
        scene.advance(Duration.ofMillis(900));
        assertThat(scene.sent()).as("not within the second").isEmpty();
        scene.advance(Duration.ofMillis(300));
        assertThat(scene.sent()).extracting(Sent::type).contains(FrameType.WATCH);
        scene.absent(10, "k");
        assertThat(scene.content(view).isLive).isTrue();
    }

    @Test
    @Tag("S35")
    void nothingOfOneConnectionIsSentOnAnother() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT).limit("rate_limit_watches", 1);
        scene.subscribe("a?param.x=1");
        scene.subscribe("b");
        scene.live();
        scene.drop();
        ScriptedOutput.FakeWire first = scene.wire();
        int sent = first.sent.size();
        scene.advance(Duration.ofMinutes(1));
        assertThat(first.sent).hasSize(sent);
        scene.reconnect();
        assertThat(first.sent).hasSize(sent);
        assertThat(scene.sentOne().keys()).containsExactly("a");
    }

    @Test
    @Tag("S56")
    void unansweredRequestsAreBoundedAndResumesGoOneAtATime() {
        Scene scene = new Scene(SodpDialect.RUST);
        for (int i = 0; i < 2000; i++) {
            scene.subscribe("key." + i);
        }
        scene.live();
        int open = 0;
        for (Sent sent : scene.sent()) {
            open += sent.keys().size();
            assertThat(sent.keys()).hasSizeLessThanOrEqualTo(100);
        }
        assertThat(open).isEqualTo(500);
        Scene few = new Scene(SodpDialect.RUST);
        for (int i = 0; i < 3; i++) {
            few.subscribe("key." + i);
        }
        few.live();
        few.sent();
        for (int i = 0; i < 3; i++) {
            few.init(10 + i, "key." + i, 5, map("a", 1));
        }
        few.drop().reconnect();
        for (int i = 0; i < 3; i++) {
            Sent resume = few.sentOne();
            assertThat(resume.type()).isEqualTo(FrameType.RESUME);
            few.init(10 + i, resume.keys().get(0), 5, map("a", 1));
        }
    }

    @Test
    @Tag("S56")
    void aConnectionLostWhileAskingFallsBackToWatchAndToLess() {
        Scene scene = new Scene(SodpDialect.RUST);
        for (int i = 0; i < 600; i++) {
            scene.subscribe("key." + i);
        }
        scene.live();
        scene.sent();
        scene.init(10, "key.0", 5, map("a", 1));
        scene.drop().reconnect();
        List<Sent> sent = scene.sent();
        assertThat(sent).extracting(Sent::type).containsOnly(FrameType.WATCH);
        assertThat(sent.stream().mapToInt(one -> one.keys().size()).sum()).isEqualTo(250);
        assertThat(sent.get(0).keys()).hasSize(50);
    }

    @Test
    @Tag("S30")
    void withManyKeysTheStepsAreNotAskedFor() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT).set(SodpOptions.RESUME, 2);
        for (int i = 0; i < 3; i++) {
            scene.subscribe("key." + i);
        }
        scene.live();
        for (int i = 0; i < 3; i++) {
            scene.init(10 + i, "key." + i, 5, map("a", 1));
        }
        scene.sent();
        scene.drop().reconnect();
        assertThat(scene.sentOne().type()).isEqualTo(FrameType.WATCH);
    }

    @Test
    @Tag("S50")
    void theGoServersSilenceIsAudited() {
        Scene scene = new Scene(SodpDialect.GO);
        FakeSubscription view = scene.subscribe("k");
        scene.live().init(1_000_000, "k", 4, map("a", 1)).delta(1_000_000, "k", 5, op("UPDATE", "/a", 2));
        assertThat(scene.content(view).isVerified).isFalse();
        scene.sent();
        // The delta of version 6 is dropped by the server.
        scene.advance(Duration.ofSeconds(305));
        assertThat(scene.sent()).extracting(Sent::type).containsExactly(FrameType.UNWATCH, FrameType.WATCH);
        assertThat(scene.content(view).isLive).isTrue();
        scene.init(1_000_001, "k", 6, map("a", 3));
        assertThat(scene.value(view)).isEqualTo(map("a", 3L));
        assertThat(scene.content(view).isVerified).isTrue();
        assertThat(scene.content(view).verified).contains("version 6");
        assertThat(scene.content(view).faults).hasSize(1);
    }
}
