package dev.tributary.sodp;

import static dev.tributary.sodp.Packed.map;
import static dev.tributary.sodp.Scene.op;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ConfigurationException;
import dev.tributary.Query;
import dev.tributary.sodp.Packed.Sent;
import dev.tributary.sodp.Scene.FakeSubscription;
import dev.tributary.spi.Call;
import dev.tributary.spi.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys: how they are asked for, shown, and let go. */
class WatchingTest {

    @ParameterizedTest
    @EnumSource(SodpDialect.class)
    @Tag("S14")
    void eachKeyGetsItsOwnDeltasOnWhateverStreamTheServerChose(SodpDialect dialect) {
        Scene scene = new Scene(dialect);
        List<FakeSubscription> views = new ArrayList<>();
        for (String key : List.of("a", "b", "c", "d")) {
            views.add(scene.subscribe(key));
        }
        scene.live();
        FakeSubscription late = scene.subscribe("e");
        long wish = scene.sent().get(0).stream();
        assertThat(wish).isGreaterThanOrEqualTo(1_000_000);
        // The server's numbers are not the wished ones, and not in the order of the keys.
        scene.init(13, "a", 1, map("n", 0)).init(12, "b", 2, map("n", 0));
        scene.init(11, "c", 3, map("n", 0)).init(10, "d", 4, map("n", 0)).init(14, "e", 5, map("n", 0));
        long version = dialect == SodpDialect.TYPESCRIPT ? 2 : 10;
        scene.delta(13, "a", version, op("UPDATE", "/n", "a"));
        scene.delta(14, "e", dialect == SodpDialect.TYPESCRIPT ? 6 : 11, op("UPDATE", "/n", "e"));
        scene.delta(10, "d", dialect == SodpDialect.TYPESCRIPT ? 5 : 12, op("UPDATE", "/n", "d"));
        assertThat(scene.value(views.get(0))).isEqualTo(map("n", "a"));
        assertThat(scene.value(views.get(1))).isEqualTo(map("n", 0L));
        assertThat(scene.value(views.get(2))).isEqualTo(map("n", 0L));
        assertThat(scene.value(views.get(3))).isEqualTo(map("n", "d"));
        assertThat(scene.value(late)).isEqualTo(map("n", "e"));
    }

    @Test
    @Tag("S15")
    void oneSubscriptionServesAllWhoFollowAKey() {
        Scene scene = new Scene(SodpDialect.RUST);
        FakeSubscription value = scene.subscribe("k");
        FakeSubscription children = scene.subscribe("k?as=children");
        scene.live();
        assertThat(scene.sentOne().keys()).containsExactly("k");
        scene.init(10, "k", 1, map("a", 1, "b", 2)).delta(10, "k", 2, op("UPDATE", "/a", 5), Scene.remove("/b"));
        assertThat(scene.value(value)).isEqualTo(map("a", 5L));
        assertThat(scene.members(children)).isEqualTo(map("a", 5L));
        assertThat(scene.content(children).last().meta().source()).isEqualTo(WatchMeta.Source.DELTA);
        scene.unsubscribe(value);
        assertThat(scene.sent()).isEmpty();
        scene.unsubscribe(children);
        assertThat(scene.sentOne().type()).isEqualTo(FrameType.UNWATCH);
    }

    @Test
    @Tag("S15")
    void aSubscriptionThatTheServerDoubledLosesNothing() {
        Scene scene = new Scene(SodpDialect.RUST);
        FakeSubscription view = scene.subscribe("k");
        scene.live().init(10, "k", 1, map("n", 1));
        // Nobody asked again, so both streams go on; own writes come on one of them alone.
        scene.init(14, "k", 1, map("n", 1));
        scene.delta(10, "k", 2, op("UPDATE", "/n", 2)).delta(14, "k", 2, op("UPDATE", "/n", 2));
        scene.delta(10, "k", 3, op("UPDATE", "/n", 3));
        assertThat(scene.value(view)).isEqualTo(map("n", 3L));
        scene.delta(14, "k", 4, op("UPDATE", "/n", 4));
        assertThat(scene.value(view)).isEqualTo(map("n", 4L));
        assertThat(scene.sent()).hasSize(1);
        scene.unsubscribe(view);
        scene.subscribe("k");
        scene.init(15, "k", 9, map("n", 9)).delta(10, "k", 10, op("UPDATE", "/n", 0));
        scene.delta(14, "k", 11, op("UPDATE", "/n", 0));
        assertThat(scene.sent()).extracting(Sent::type).containsExactly(FrameType.UNWATCH, FrameType.WATCH);
    }

    @Test
    @Tag("S16")
    void whoComesLateSeesTheStateOnceAndThenEachChange() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT);
        scene.subscribe("k");
        scene.live().init(10, "k", 3, map("a", 1));
        FakeSubscription late = scene.subscribe("k?as=value");
        assertThat(scene.value(late)).isEqualTo(map("a", 1L));
        assertThat(scene.content(late).isLive).isTrue();
        assertThat(scene.content(late).commits).hasSize(1);
        assertThat(scene.content(late).last().meta())
                .isEqualTo(new WatchMeta("k", 3, true, WatchMeta.Source.CACHE, false, false, null));
        scene.delta(10, "k", 4, op("UPDATE", "/a", 2));
        assertThat(scene.content(late).commits).hasSize(2);
        assertThat(scene.row(late).getLong("version")).isEqualTo(4);
    }

    @Test
    @Tag("S17")
    void absentNilDeletedWaitingAndPresentAreTold() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT);
        FakeSubscription view = scene.subscribe("k");
        FakeSubscription members = scene.subscribe("k?as=children");
        scene.live();
        assertThat(scene.content(view).isLive).isFalse();
        scene.absent(10, "k");
        assertThat(scene.content(view).isLive).isTrue();
        assertThat(scene.row(view)).isNull();
        assertThat(scene.content(view).condition).isEqualTo("the key does not exist");
        scene.delta(10, "k", 1, op("UPDATE", "/", null));
        assertThat(scene.row(view).get("value")).isNull();
        assertThat(scene.content(view).condition).isNull();
        assertThat(scene.content(members).condition).contains("nil");
        scene.delta(10, "k", 2, op("UPDATE", "/", List.of(1)));
        assertThat(scene.content(members).condition).contains("an array");
        assertThat(scene.members(members)).isEmpty();
        scene.delta(10, "k", 3, op("UPDATE", "/", map("x", 1)));
        assertThat(scene.content(members).condition).isNull();
        assertThat(scene.members(members)).isEqualTo(map("x", 1L));
        scene.delta(10, "k", 4, Scene.remove("/"));
        assertThat(scene.row(view)).isNull();
        assertThat(scene.members(members)).isEmpty();
        assertThat(scene.content(view).condition).isEqualTo("the key was deleted");
        assertThat(scene.content(view).last().meta().initialized()).isFalse();
    }

    @Test
    @Tag("S18")
    @Tag("S19")
    void aKeyThatIsLetGoIsNotRevivedAndIsAskedForAfresh() {
        Scene scene = new Scene(SodpDialect.RUST);
        FakeSubscription view = scene.subscribe("k");
        scene.live().init(10, "k", 1, map("a", 1));
        scene.sent();
        scene.unsubscribe(view);
        assertThat(scene.content(view).ends).hasSize(1);
        assertThat(scene.content(view).ends.get(0).ending().kind()).isEqualTo(Ending.Kind.CLOSED);
        Sent unwatch = scene.sentOne();
        assertThat(unwatch.type()).isEqualTo(FrameType.UNWATCH);
        assertThat(unwatch.stream()).isZero();
        scene.delta(10, "k", 2, op("UPDATE", "/a", 2)).init(10, "k", 2, map("a", 2));
        assertThat(scene.content(view).commits).hasSize(1);
        FakeSubscription again = scene.subscribe("k");
        assertThat(scene.sentOne().type()).isEqualTo(FrameType.WATCH);
        scene.delta(10, "k", 3, op("UPDATE", "/a", 3));
        scene.init(11, "k", 3, map("a", 3)).delta(11, "k", 4, op("UPDATE", "/a", 4));
        assertThat(scene.value(again)).isEqualTo(map("a", 4L));
        assertThat(scene.out.ends).isEmpty();
    }

    @Test
    @Tag("S19")
    void unwatchAndWatchInQuickSuccessionEndRight() {
        Scene scene = new Scene(SodpDialect.RUST);
        FakeSubscription first = scene.subscribe("k");
        scene.live();
        scene.unsubscribe(first);
        FakeSubscription second = scene.subscribe("k");
        assertThat(scene.sent())
                .extracting(Sent::type)
                .containsExactly(FrameType.WATCH, FrameType.UNWATCH, FrameType.WATCH);
        scene.init(10, "k", 1, map("a", 1)).delta(11, "k", 2, op("UPDATE", "/a", 2));
        scene.init(11, "k", 2, map("a", 2)).delta(11, "k", 3, op("UPDATE", "/a", 3));
        assertThat(scene.value(second)).isEqualTo(map("a", 3L));
        assertThat(scene.content(second).faults).isEmpty();
    }

    @Test
    @Tag("S20")
    void aRefusedKeyFailsAloneAndParamsComeBack() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT);
        FakeSubscription open = scene.subscribe("open?param.team=red");
        FakeSubscription secret = scene.subscribe("secret?param.team=red");
        scene.live();
        Sent watch = scene.sentOne();
        assertThat(watch.keys()).containsExactly("open", "secret");
        assertThat(watch.body().get("params")).isEqualTo(map("team", "red"));
        scene.receive(
                FrameType.STATE_INIT,
                10,
                map("state", "open", "version", 1, "value", 1, "initialized", true, "params", map("team", "red")));
        scene.error(0, 403, "access denied: secret");
        assertThat(scene.value(open)).isEqualTo(1L);
        assertThat(scene.content(open).last().meta().params()).isEqualTo(map("team", "red"));
        assertThat(scene.content(open).ends).isEmpty();
        Ending ending = scene.content(secret).ends.get(0).ending();
        assertThat(ending.kind()).isEqualTo(Ending.Kind.REJECTED);
        assertThat(ending.reason()).isInstanceOf(SodpException.class).hasMessageContaining("403");
        assertThat(scene.out.ends).isEmpty();
    }

    @Test
    @Tag("S20")
    void aRefusalIsFoundByItsStreamItsTextOrItsTurn() {
        for (int way = 0; way < 3; way++) {
            Scene scene = new Scene(SodpDialect.RUST);
            FakeSubscription first = scene.subscribe("first");
            scene.live();
            Call call = scene.call(Invocation.set("other", 1L));
            long wish = scene.sent().get(0).stream();
            switch (way) {
                case 0 -> scene.error(wish, 403, "forbidden");
                case 1 -> scene.error(0, 403, "forbidden: first");
                default -> scene.error(0, 403, "forbidden");
            }
            assertThat(scene.content(first).ends).as("way " + way).hasSize(1);
            assertThat(scene.out.refusals).doesNotContainKey(call);
        }
    }

    @Test
    @Tag("S21")
    void aKeyWhoseValueNeverComesIsAskedForAgain() {
        Scene scene = new Scene(SodpDialect.GO);
        FakeSubscription view = scene.subscribe("k");
        FakeSubscription other = scene.subscribe("o");
        scene.live();
        assertThat(scene.sent()).hasSize(2);
        scene.init(1_000_001, "o", 1, 1);
        scene.advance(Duration.ofSeconds(9));
        assertThat(scene.sent()).isEmpty();
        scene.advance(Duration.ofSeconds(2));
        List<Sent> sent = scene.sent();
        assertThat(sent).extracting(Sent::type).containsExactly(FrameType.UNWATCH, FrameType.WATCH);
        assertThat(sent.get(1).keys()).containsExactly("k");
        scene.init(1_000_002, "k", 2, 2);
        assertThat(scene.value(view)).isEqualTo(2L);
        assertThat(scene.value(other)).isEqualTo(1L);
    }

    @Test
    @Tag("S17")
    void aKeyIsReadOnceWithoutAView() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT);
        Call read = scene.wish(new Wish.Read("k"), null);
        scene.live();
        assertThat(scene.sentOne().type()).isEqualTo(FrameType.WATCH);
        scene.init(10, "k", 4, map("a", 1));
        assertThat(scene.out.replies.get(read)).isEqualTo(new KeyState("k", map("a", 1L), 4, true));
        assertThat(scene.sentOne().type()).isEqualTo(FrameType.UNWATCH);
        FakeSubscription view = scene.subscribe("k");
        scene.init(11, "k", 5, 1);
        scene.sent();
        Call second = scene.wish(new Wish.Read("k"), null);
        assertThat(((KeyState) scene.out.replies.get(second)).version()).isEqualTo(5);
        Call watching = scene.wish(new Wish.IsWatching("k"), null);
        assertThat(scene.out.replies.get(watching)).isEqualTo(true);
        assertThat(scene.sent()).isEmpty();
        scene.unsubscribe(view);
        assertThat(scene.out.replies.get(scene.wish(new Wish.IsWatching("k"), null)))
                .isEqualTo(false);
        Call refused = scene.wish(new Wish.Read("secret"), null);
        scene.error(0, 403, "access denied: secret");
        assertThat(scene.out.refusals.get(refused)).isInstanceOf(SodpException.class);
    }

    @Test
    void queriesAreChecked() {
        SodpTransport transport = new SodpTransport();
        for (String wrong : List.of(
                "",
                "?as=children",
                "k?as=log",
                "k?x=1",
                "k?as=value&as=value",
                "k?param.=1",
                "k?param.a=1&param.a=2")) {
            assertThatThrownBy(() -> transport.query(wrong)).isInstanceOf(ConfigurationException.class);
        }
        Query plain = transport.query("k");
        assertThat(transport.mayShareSession(plain, transport.query("other"))).isTrue();
        assertThat(transport.mayShareSession(plain, transport.query("k?as=children")))
                .isTrue();
        assertThat(transport.mayShareSession(plain, transport.query("k?param.a=1")))
                .isFalse();
        assertThat(transport.mayShareSession(transport.query("o?param.a=1"), plain))
                .isTrue();
    }

    @Test
    @Tag("L7")
    void refreshingAsksAgainAndKeepsTheRows() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT);
        FakeSubscription view = scene.subscribe("k");
        scene.subscribe("k?as=children");
        scene.live().init(10, "k", 3, map("a", 1));
        scene.sent();
        scene.unsubscribe(view);
        Object carry = scene.content(view).ends.get(0).carry();
        assertThat(carry).isInstanceOf(Held.class);
    }
}
