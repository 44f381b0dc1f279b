package dev.tributary.sodp;

import static dev.tributary.sodp.Packed.map;
import static dev.tributary.sodp.Scene.op;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.ClosedException;
import dev.tributary.sodp.Packed.Sent;
import dev.tributary.sodp.Scene.FakeSubscription;
import dev.tributary.spi.Call;
import dev.tributary.spi.Ending;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When the server is told that a key is not followed any more. */
class LettingGoTest {

    private static Scene lingering() {
        return new Scene(SodpDialect.TYPESCRIPT).set(SodpOptions.LINGER, Duration.ofSeconds(5));
    }

    @Test
    @Tag("S18")
    @Tag("S16")
    void whoComesBackInTimeHasTheContentAtOnceAndTheServerIsNotAsked() {
        Scene scene = lingering();
        FakeSubscription view = scene.subscribe("k");
        scene.live().init(10, "k", 1, map("a", 1));
        scene.sent();
        scene.unsubscribe(view);
        scene.advance(Duration.ofSeconds(4));
        scene.delta(10, "k", 2, op("UPDATE", "/a", 2));
        FakeSubscription again = scene.subscribe("k?as=children");
        assertThat(scene.members(again)).isEqualTo(map("a", 2L));
        assertThat(scene.content(again).isLive).isTrue();
        scene.advance(Duration.ofMinutes(1));
        assertThat(scene.sent()).isEmpty();
        scene.delta(10, "k", 3, op("UPDATE", "/a", 3));
        assertThat(scene.members(again)).isEqualTo(map("a", 3L));
    }

    @Test
    @Tag("S18")
    @Tag("S19")
    void afterTheTimeTheServerIsToldOnce() {
        Scene scene = lingering();
        FakeSubscription view = scene.subscribe("k");
        scene.live().init(10, "k", 1, map("a", 1));
        scene.sent();
        scene.unsubscribe(view);
        assertThat(scene.sent()).isEmpty();
        scene.advance(Duration.ofSeconds(5));
        assertThat(scene.sentOne().type()).isEqualTo(FrameType.UNWATCH);
        scene.delta(10, "k", 2, op("UPDATE", "/a", 2)).advance(Duration.ofMinutes(1));
        assertThat(scene.sent()).isEmpty();
        scene.subscribe("k");
        assertThat(scene.sentOne().type()).isEqualTo(FrameType.WATCH);
    }

    @Test
    @Tag("S18")
    void nothingIsRepairedForNobody() {
        Scene scene = lingering();
        FakeSubscription view = scene.subscribe("k");
        scene.live().init(10, "k", 1, map("a", 1));
        scene.sent();
        scene.unsubscribe(view);
        scene.delta(10, "k", 9, op("UPDATE", "/a", 2));
        assertThat(scene.sentOne().type()).isEqualTo(FrameType.UNWATCH);
        scene.advance(Duration.ofMinutes(1));
        assertThat(scene.sent()).isEmpty();
    }

    @Test
    @Tag("S20")
    void otherParametersAreAskedForAfresh() {
        Scene scene = lingering();
        FakeSubscription view = scene.subscribe("k?param.x=1");
        scene.live().init(10, "k", 1, map("a", 1));
        scene.sent();
        scene.unsubscribe(view);
        FakeSubscription other = scene.subscribe("k?param.x=2");
        assertThat(scene.content(other).isLive).isFalse();
        assertThat(scene.sent()).extracting(Sent::type).containsExactly(FrameType.UNWATCH, FrameType.WATCH);
    }

    @Test
    @Tag("L7")
    void refreshingAsksTheServerThoughTheKeyLingers() {
        Scene scene = lingering();
        FakeSubscription view = scene.subscribe("k");
        scene.live().init(10, "k", 1, map("a", 1));
        scene.sent();
        scene.unsubscribe(view);
        Object carry = scene.content(view).ends.get(0).carry();
        FakeSubscription again = scene.resubscribe("k", carry);
        assertThat(scene.sent()).extracting(Sent::type).containsExactly(FrameType.UNWATCH, FrameType.WATCH);
        scene.init(11, "k", 1, map("a", 1));
        assertThat(scene.content(again).isLive).isTrue();
    }

    @Test
    @Tag("S18")
    void unwatchEndsAllWhoFollowAndTellsTheServer() {
        Scene scene = lingering();
        FakeSubscription one = scene.subscribe("k");
        FakeSubscription two = scene.subscribe("k?as=children");
        FakeSubscription other = scene.subscribe("other");
        scene.live().init(10, "k", 1, map("a", 1)).init(11, "other", 1, 1);
        scene.sent();
        Call call = scene.wish(new Wish.Unwatch("k"), null);
        assertThat(scene.out.replies).containsKey(call);
        for (FakeSubscription gone : List.of(one, two)) {
            Ending ending = scene.content(gone).ends.get(0).ending();
            assertThat(ending.kind()).isEqualTo(Ending.Kind.GONE);
            assertThat(ending.reason()).isInstanceOf(ClosedException.class).hasMessageContaining("k");
        }
        assertThat(scene.content(other).ends).isEmpty();
        assertThat(scene.sentOne().keys()).containsExactly("k");
        Call again = scene.wish(new Wish.Unwatch("k"), null);
        assertThat(scene.out.replies).containsKey(again);
        assertThat(scene.sent()).as("it is over already").isEmpty();
        Call asked = scene.wish(new Wish.IsWatching("k"), null);
        assertThat(scene.out.replies.get(asked)).isEqualTo(false);
    }
}
