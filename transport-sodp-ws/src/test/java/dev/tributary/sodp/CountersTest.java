package dev.tributary.sodp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.sodp.Packed.Sent;
import dev.tributary.sodp.Scene.FakeSubscription;
import dev.tributary.spi.Call;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a source tells of its connections. */
class CountersTest {

    private static SodpStatistics statistics(Scene scene) {
        Call asked = scene.wish(new Wish.AskStatistics(), null);
        return (SodpStatistics) scene.out.replies.get(asked);
    }

    @Test
    @Tag("S48")
    void theRoundTripIsAMeanThatForgetsSlowly() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT);
        scene.wish(new Wish.AskServer(), null);
        scene.live();
        assertThat(statistics(scene).roundTrip()).isZero();
        long mean = 0;
        for (int millis : List.of(80, 160, 16)) {
            scene.call(Invocation.set("k", 1L));
            Sent sent = scene.sentOne();
            scene.advance(Duration.ofMillis(millis));
            assertThat(statistics(scene).unanswered()).isEqualTo(1);
            scene.result(sent.callId(), true, null);
            long nanos = Duration.ofMillis(millis).toNanos();
            mean = mean == 0 ? nanos : mean + (nanos - mean) / 8;
            assertThat(statistics(scene).roundTrip()).isEqualTo(Duration.ofNanos(mean));
        }
        assertThat(statistics(scene).unanswered()).isZero();
    }

    @Test
    @Tag("S48")
    void whatWaitsAndWhatCameIsCounted() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT);
        FakeSubscription one = scene.subscribe("a");
        scene.subscribe("b");
        Call given = scene.call(Invocation.set("k", 1L));
        scene.call(Invocation.set("k", 2L));
        SodpStatistics before = statistics(scene);
        assertThat(before.connects()).isZero();
        assertThat(before.waitingKeys()).isEqualTo(2);
        assertThat(before.waitingCalls()).isEqualTo(2);
        scene.protocol().cancel(given, scene.out);
        assertThat(statistics(scene).waitingCalls()).as("nobody waits for it").isEqualTo(1);
        scene.live();
        SodpStatistics asked = statistics(scene);
        assertThat(asked.connects()).isEqualTo(1);
        assertThat(asked.waitingKeys() + asked.waitingCalls()).isZero();
        assertThat(asked.unanswered()).isEqualTo(3);
        scene.init(10, "a", 1, 1).init(11, "b", 1, 1);
        scene.result("nobody's", true, null);
        scene.receive(77, 0, null);
        assertThat(statistics(scene).droppedFrames()).isEqualTo(2);
        scene.error(0, 429, "write rate limit exceeded");
        assertThat(statistics(scene).rateRefusals()).isEqualTo(1);
        assertThat(scene.content(one).isLive).isTrue();
        scene.drop();
        scene.reconnect();
        assertThat(statistics(scene).connects()).isEqualTo(2);
    }
}
