package dev.tributary.sodp;

import static dev.tributary.sodp.Packed.map;
import static dev.tributary.sodp.Scene.op;
import static dev.tributary.sodp.Scene.remove;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.ProtocolException;
import dev.tributary.sodp.Packed.Sent;
import dev.tributary.sodp.Scene.FakeSubscription;
import dev.tributary.spi.Call;
import dev.tributary.spi.Ending;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What versions and misfits do to a copy (20.2). */
class DeltaRulesTest {

    private static Scene live(SodpDialect dialect) {
        return new Scene(dialect);
    }

    private static SodpStatistics statistics(Scene scene) {
        return (SodpStatistics) scene.out.replies.get(scene.wish(new Wish.AskStatistics(), null));
    }

    @Test
    @Tag("S24")
    @Tag("S10")
    void aDeltaThatDoesNotFitChangesNothingAndTheKeyIsReadAnew() {
        List<List<Object>> misfits = List.of(
                List.of(op("UPDATE", "/a", 2), op("FROBNICATE", "/a", 3)),
                List.of(op("UPDATE", "/a", 2), map("op", "UPDATE", "path", "/a")),
                List.of(op("UPDATE", "/a", 2), op("UPDATE", "/a/b", 3)),
                List.of(op("UPDATE", "/a", 2), op("UPDATE", "no slash", 3)),
                List.of(op("UPDATE", "/a", 2), map("op", "update", "path", "/a", "value", 1)));
        for (SodpDialect dialect : SodpDialect.values()) {
            for (List<Object> ops : misfits) {
                Scene scene = live(dialect);
                FakeSubscription view = scene.subscribe("k");
                scene.live().init(10, "k", 1, map("a", 1));
                scene.sent();
                scene.delta(10, "k", 2, ops.toArray());
                assertThat(scene.value(view)).isEqualTo(map("a", 1L));
                assertThat(scene.content(view).isLive).as("stale, not wrong").isFalse();
                assertThat(scene.content(view).faults).hasSize(1);
                assertThat(scene.sent()).extracting(Sent::type).containsExactly(FrameType.UNWATCH, FrameType.WATCH);
                scene.init(11, "k", 2, map("a", 9));
                assertThat(scene.value(view)).isEqualTo(map("a", 9L));
                assertThat(scene.content(view).isLive).isTrue();
                assertThat(statistics(scene).refetches()).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SodpDialect.class)
    @Tag("S26")
    void aDeletedKeyComesBackWithWhateverVersionItsServerCounts(SodpDialect dialect) {
        Scene scene = live(dialect);
        FakeSubscription view = scene.subscribe("k");
        scene.live().init(10, "k", 5, map("a", 1)).delta(10, "k", 6, remove("/"));
        assertThat(scene.row(view)).isNull();
        assertThat(scene.content(view).last().meta().initialized()).isFalse();
        scene.sent();
        boolean again = dialect == SodpDialect.TYPESCRIPT || dialect == SodpDialect.STANDARD;
        long version = again ? 1 : 7;
        scene.delta(10, "k", version, op(dialect == SodpDialect.RUST ? "ADD" : "UPDATE", "/", map("b", 2)));
        assertThat(scene.value(view)).isEqualTo(map("b", 2L));
        assertThat(scene.row(view).getLong("version")).isEqualTo(version);
        assertThat(scene.sent()).isEmpty();
        scene.delta(10, "k", version + 1, op("UPDATE", "/b", 3));
        assertThat(scene.value(view)).isEqualTo(map("b", 3L));
    }

    @ParameterizedTest
    @EnumSource(SodpDialect.class)
    @Tag("S27")
    void duplicatesAreDroppedAndLowerVersionsNeverApplied(SodpDialect dialect) {
        Scene scene = live(dialect);
        FakeSubscription view = scene.subscribe("k");
        scene.live().init(10, "k", 4, map("a", 1)).delta(10, "k", 5, op("UPDATE", "/a", 2));
        scene.sent();
        scene.delta(10, "k", 5, op("UPDATE", "/a", 99));
        assertThat(scene.value(view)).isEqualTo(map("a", 2L));
        assertThat(scene.sent()).isEmpty();
        assertThat(statistics(scene).duplicates()).isEqualTo(1);
        scene.delta(10, "k", 3, op("UPDATE", "/a", 77));
        assertThat(scene.value(view)).isEqualTo(map("a", 2L));
        assertThat(scene.sent()).extracting(Sent::type).contains(FrameType.WATCH);
        assertThat(statistics(scene).gaps()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(SodpDialect.class)
    @Tag("S27")
    void aGapIsALossOnlyWhereVersionsAreOfTheKey(SodpDialect dialect) {
        Scene scene = live(dialect);
        FakeSubscription view = scene.subscribe("k");
        scene.live().init(10, "k", 4, map("a", 1));
        scene.sent();
        scene.delta(10, "k", 9, op("UPDATE", "/a", 2));
        boolean lost = dialect == SodpDialect.TYPESCRIPT;
        assertThat(scene.value(view)).isEqualTo(map("a", lost ? 1L : 2L));
        assertThat(scene.sent().isEmpty()).isEqualTo(!lost);
    }

    @ParameterizedTest
    @EnumSource(SodpDialect.class)
    @Tag("S28")
    void aDeltaBeforeTheValueIsContainedInItOrAppliedAfterIt(SodpDialect dialect) {
        for (boolean contained : new boolean[] {true, false}) {
            Scene scene = live(dialect);
            FakeSubscription view = scene.subscribe("k");
            scene.live();
            scene.delta(10, "k", 8, op("UPDATE", "/a", 2));
            scene.init(10, "k", contained ? 8 : 7, map("a", contained ? 2 : 1));
            assertThat(scene.value(view)).isEqualTo(map("a", 2L));
            assertThat(scene.row(view).getLong("version")).isEqualTo(8);
            assertThat(scene.content(view).faults).isEmpty();
            assertThat(scene.content(view).isLive).isTrue();
        }
    }

    /** The value is of version 2 of the later life; its changes were given the numbers of an earlier one, too. */
    @Test
    @Tag("S28")
    @Tag("L2")
    void aValueAfterSeveralLivesOfItsKeyIsFollowedByNoChangeOfAnEarlierOne() {
        Scene scene = live(SodpDialect.TYPESCRIPT);
        FakeSubscription view = scene.subscribe("k");
        scene.live()
                .delta(10, "k", 1, op("UPDATE", "/", map("a", 1)))
                .delta(10, "k", 2, op("UPDATE", "/a", 2))
                .delta(10, "k", 3, op("UPDATE", "/a", 3))
                .delta(10, "k", 4, op("REMOVE", "/", null))
                .delta(10, "k", 1, op("UPDATE", "/", map("a", 7)));
        scene.sent();
        scene.init(10, "k", 2, map("a", 8));
        assertThat(scene.value(view)).isEqualTo(map("a", 8L));
        assertThat(statistics(scene).refetches()).isEqualTo(1);
    }

    @Test
    @Tag("S28")
    void anOlderDeltaBehindTheValueIsDropped() {
        Scene scene = live(SodpDialect.TYPESCRIPT);
        FakeSubscription view = scene.subscribe("k");
        scene.live().delta(10, "k", 3, op("UPDATE", "/a", 0)).init(10, "k", 5, map("a", 1));
        assertThat(scene.value(view)).isEqualTo(map("a", 1L));
        assertThat(scene.content(view).faults).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(SodpDialect.class)
    @Tag("S31")
    void aValueOfALowerVersionCounts(SodpDialect dialect) {
        Scene scene = live(dialect);
        FakeSubscription view = scene.subscribe("k");
        scene.live().init(10, "k", 50, map("a", 1)).drop().reconnect().init(10, "k", 3, map("a", 0));
        assertThat(scene.value(view)).isEqualTo(map("a", 0L));
        assertThat(scene.row(view).getLong("version")).isEqualTo(3);
        scene.delta(10, "k", 4, op("UPDATE", "/a", 7));
        assertThat(scene.value(view)).isEqualTo(map("a", 7L));
    }

    @Test
    @Tag("S54")
    @Tag("S48")
    void refetchesOfOneKeyBackOffAndThenEachDeltaIsOnlyANotice() {
        Scene scene = live(SodpDialect.RUST);
        FakeSubscription view = scene.subscribe("k");
        scene.live().init(10, "k", 1, map("", 1));
        scene.sent();
        long stream = 10;
        long version = 2;
        long waited = 0;
        for (int i = 0; i < 8; i++) {
            // A member with the empty name: its change looks like a new root beside others.
            scene.delta(stream, "k", version, op("ADD", "/", version));
            assertThat(scene.content(view).isLive).isFalse();
            long begin = scene.out.nanos;
            while (scene.sent().isEmpty()) {
                scene.advance(Duration.ofMillis(50));
            }
            waited = scene.out.nanos - begin;
            scene.init(++stream, "k", version++, map("", version));
            assertThat(scene.content(view).isLive).isTrue();
        }
        assertThat(Duration.ofNanos(waited)).isGreaterThan(Duration.ofSeconds(4));
        scene.delta(stream, "k", version, op("ADD", "/x", 1));
        assertThat(scene.value(view)).as("not applied any more").isEqualTo(map("", version));
        assertThat(statistics(scene).refetches()).isEqualTo(9);
    }

    @Test
    @Tag("S54")
    void pathsThatComeTwiceAndRootsBesideOthersLeadToARefetch() {
        for (Object[] ops : List.of(
                new Object[] {op("UPDATE", "/a/b", 2), op("UPDATE", "/a/b", 3)},
                new Object[] {op("UPDATE", "/a/b", 2), remove("/")},
                new Object[] {op("ADD", "/", 3)})) {
            Scene scene = live(SodpDialect.RUST);
            FakeSubscription view = scene.subscribe("k");
            scene.live().init(10, "k", 1, map("a", map("b", 1)));
            scene.sent();
            scene.delta(10, "k", 2, ops);
            assertThat(scene.value(view)).isEqualTo(map("a", map("b", 1L)));
            assertThat(scene.sent()).extracting(Sent::type).containsExactly(FrameType.UNWATCH, FrameType.WATCH);
        }
    }

    @Test
    @Tag("S57")
    void aValueThatCannotBeReadFailsItsKeyByNameAndNoOther() {
        Scene scene = live(SodpDialect.RUST);
        FakeSubscription deep = scene.subscribe("deep");
        FakeSubscription other = scene.subscribe("other");
        scene.live().init(10, "other", 1, 1);
        byte[] nested = new byte[5001];
        java.util.Arrays.fill(nested, (byte) 0x91);
        nested[5000] = (byte) 0xc0;
        for (int i = 0; i < 5; i++) {
            scene.receive(
                    FrameType.STATE_INIT,
                    11 + i,
                    map("initialized", true, "state", "deep", "value", new Packed.Raw(nested), "version", 1));
            scene.advance(Duration.ofSeconds(3));
        }
        Ending ending = scene.content(deep).ends.get(0).ending();
        assertThat(ending.kind()).isEqualTo(Ending.Kind.REJECTED);
        assertThat(ending.reason()).isInstanceOf(ProtocolException.class).hasMessageContaining("nested too deep");
        assertThat(scene.content(other).ends).isEmpty();
        assertThat(scene.value(other)).isEqualTo(1L);
    }

    @Test
    @Tag("S58")
    void aVersionThatNoDeltaCarriedMakesNobodyWait() {
        Scene scene = live(SodpDialect.RUST);
        FakeSubscription view = scene.subscribe("k");
        scene.live().init(10, "k", 1, map("a", 1));
        scene.sent();
        Call equal = scene.call(Invocation.set("k", Documents.PLAIN.of(map("a", 1))));
        scene.result(scene.sentOne().callId(), true, map("version", 2));
        assertThat(scene.out.replies.get(equal)).isInstanceOf(SodpResult.class);
        Call await = scene.wish(new Wish.Await(2), view);
        assertThat(scene.out.replies).containsKey(await);
        scene.delta(10, "k", 3, op("UPDATE", "/a", 5));
        assertThat(scene.value(view)).isEqualTo(map("a", 5L));
        assertThat(scene.sent()).isEmpty();
    }

    @Test
    @Tag("S45")
    @Tag("L9")
    void changesThatComeBeforeTheirValueAreKeptUpToABound() {
        Scene scene = live(SodpDialect.RUST).set(SodpOptions.MAX_EARLY, 10_000L);
        FakeSubscription view = scene.subscribe("k");
        scene.live();
        for (int i = 0; i < 200; i++) {
            scene.delta(10, "k", 2 + i, op("UPDATE", "/a", "x".repeat(100)));
        }
        scene.sent();
        scene.init(10, "k", 50, map("a", 0));
        assertThat(scene.content(view).isLive)
                .as("what was dropped may be newer")
                .isFalse();
        assertThat(scene.sent()).extracting(Sent::type).containsExactly(FrameType.UNWATCH, FrameType.WATCH);
        scene.init(11, "k", 201, map("a", "x"));
        assertThat(scene.content(view).isLive).isTrue();
    }

    @Test
    @Tag("S45")
    @Tag("S25")
    void aLongBurstOfDeltasAndALargeValuePass() {
        Scene scene = live(SodpDialect.TYPESCRIPT);
        FakeSubscription view = scene.subscribe("k?as=children");
        scene.live();
        java.util.Map<String, Object> large = map();
        for (int i = 0; i < 10_000; i++) {
            large.put("member " + i, "x".repeat(1000));
        }
        scene.init(10, "k", 1, large);
        assertThat(scene.content(view).rows).hasSize(10_000);
        Object before = scene.content(view).rows.get(List.of("member 7"));
        scene.unsubscribe(view);
        FakeSubscription counter = scene.subscribe("counter");
        scene.init(11, "counter", 1, map("n", 0));
        Object first = scene.value(counter);
        for (int i = 0; i < 100_000; i++) {
            scene.delta(11, "counter", 2 + i, op("UPDATE", "/n", i));
            if (i % 1000 == 0) {
                scene.content(counter).commits.clear();
            }
        }
        assertThat(scene.value(counter)).isEqualTo(map("n", 99_999L));
        assertThat(first).isEqualTo(map("n", 0L));
        assertThat(before).isNotNull();
    }

    @Test
    @Tag("S11")
    void versionsOfAnyWidthAreRead() {
        Scene scene = live(SodpDialect.GO);
        FakeSubscription view = scene.subscribe("k");
        scene.live();
        byte[] wide = {(byte) 0xcf, 0, 0, 0, 0, 0, 0, 0, 9};
        scene.receive(
                FrameType.STATE_INIT,
                10,
                map("state", "k", "version", new Packed.Raw(wide), "value", 1, "initialized", true, "params", null));
        assertThat(scene.row(view).getLong("version")).isEqualTo(9);
    }
}
