package dev.tributary.sodp;

import static dev.tributary.sodp.Packed.map;
import static dev.tributary.sodp.Scene.op;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.sodp.Packed.Sent;
import dev.tributary.sodp.Scene.FakeSubscription;
import dev.tributary.spi.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls and keys beside others that end, are given up or cannot be read. */
class StandingTest {

    private static Scene live(SodpDialect dialect) {
        Scene scene = new Scene(dialect);
        scene.wish(new Wish.AskServer(), null);
        return scene.live();
    }

    private static Invocation set(int value) {
        return Invocation.set("k", (long) value);
    }

    @Test
    @Tag("S39")
    void theOnlyCallIsTheOneThatWasRefusedForItsSpeed() {
        Scene scene = live(SodpDialect.TYPESCRIPT);
        Call call = scene.call(set(1));
        scene.sent();
        scene.error(0, 429, "write rate limit exceeded");
        scene.advance(Duration.ofMillis(1_000));
        assertThat(scene.sent()).isEmpty();
        scene.advance(Duration.ofMillis(200));
        scene.result(scene.sentOne().callId(), true, null);
        assertThat(scene.out.replies).containsKey(call);
    }

    @Test
    @Tag("S39")
    void aMethodOfTheApplicationTellsNothingOfTheOrder() {
        Scene scene = live(SodpDialect.TYPESCRIPT);
        Call first = scene.call(set(1));
        scene.call(Invocation.call("my.method", DocMap.EMPTY));
        scene.call(set(3));
        List<Sent> sent = scene.sent();
        scene.error(0, 429, "write rate limit exceeded");
        scene.result(sent.get(1).callId(), true, null).advance(Duration.ofMillis(1_200));
        assertThat(scene.sent()).as("which one was refused is not known yet").isEmpty();
        scene.result(sent.get(2).callId(), true, null).advance(Duration.ofMillis(1_200));
        Sent again = scene.sentOne();
        assertThat(again.args().get("value")).isEqualTo(1L);
        scene.result(again.callId(), true, null);
        assertThat(scene.out.replies).containsKey(first);
    }

    @Test
    @Tag("S39")
    void anAnswerThatComesFirstTellsNothingOfLaterCalls() {
        Scene scene = live(SodpDialect.TYPESCRIPT);
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            calls.add(scene.call(set(i)));
        }
        List<Sent> sent = scene.sent();
        scene.error(0, 429, "write rate limit exceeded");
        scene.result(sent.get(0).callId(), true, null).advance(Duration.ofMillis(1_200));
        assertThat(scene.sent()).isEmpty();
        scene.result(sent.get(2).callId(), true, null).advance(Duration.ofMillis(1_200));
        Sent again = scene.sentOne();
        assertThat(again.args().get("value")).isEqualTo(1L);
        scene.result(again.callId(), true, null);
        assertThat(scene.out.replies).containsOnlyKeys(withServer(scene, calls));
    }

    /** The calls and the one that asked for the server. */
    private static Call[] withServer(Scene scene, List<Call> calls) {
        List<Call> all = new ArrayList<>(calls);
        scene.out.replies.keySet().stream()
                .filter(call -> call.request() instanceof Wish.AskServer)
                .forEach(all::add);
        return all.toArray(new Call[0]);
    }

    @Test
    @Tag("S34")
    @Tag("S39")
    void aCallThatWasGivenUpIsNotSentAgainAfterARefusalForSpeed() {
        Scene scene = live(SodpDialect.TYPESCRIPT);
        Call call = scene.call(set(1));
        scene.sent();
        scene.protocol().cancel(call, scene.out);
        scene.error(0, 429, "write rate limit exceeded").advance(Duration.ofSeconds(5));
        assertThat(scene.sent()).isEmpty();
    }

    @Test
    @Tag("S18")
    void aReadThatIsGivenUpLetsItsKeyGo() {
        Scene scene = live(SodpDialect.TYPESCRIPT);
        Call read = scene.wish(new Wish.Read("k"), null);
        Call other = scene.wish(new Wish.Read("k"), null);
        assertThat(scene.sentOne().type()).isEqualTo(FrameType.WATCH);
        scene.protocol().cancel(read, scene.out);
        assertThat(scene.sent()).as("another still reads it").isEmpty();
        scene.protocol().cancel(other, scene.out);
        assertThat(scene.sentOne().type()).isEqualTo(FrameType.UNWATCH);
        scene.init(10, "k", 1, 1);
        assertThat(scene.out.replies).doesNotContainKeys(read, other);
    }

    @Test
    @Tag("S15")
    @Tag("S18")
    void oneOfSeveralGoesAndTheOthersHearOn() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT);
        FakeSubscription first = scene.subscribe("k");
        FakeSubscription second = scene.subscribe("k?as=children");
        scene.live().init(10, "k", 1, map("a", 1));
        scene.sent();
        scene.unsubscribe(second);
        assertThat(scene.content(second).ends).hasSize(1);
        assertThat(scene.content(first).ends).isEmpty();
        scene.delta(10, "k", 2, op("UPDATE", "/a", 2));
        assertThat(scene.value(first)).isEqualTo(map("a", 2L));
        assertThat(scene.members(second)).isEqualTo(map("a", 1L));
        assertThat(scene.sent()).isEmpty();
    }

    @Test
    @Tag("S41")
    void anOwnWriteIsAnsweredThoughItsKeyIsLetGo() {
        Scene scene = new Scene(SodpDialect.GO);
        FakeSubscription view = scene.subscribe("k");
        scene.live().init(10, "k", 1, map("n", 0));
        scene.sent();
        Call call = scene.call(Invocation.setIn("k", SodpPath.of("n"), 5L));
        Call await = scene.wish(new Wish.Await(9), view);
        scene.result(scene.sentOne().callId(), true, map("version", 2));
        assertThat(scene.out.replies).doesNotContainKey(call);
        scene.unsubscribe(view);
        assertThat(scene.out.replies).as("it was written").containsKey(call).doesNotContainKey(await);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("S10")
    @Tag("S24")
    void aChangeThatCannotBeReadIsOfItsKeyAloneWhereItsStreamIsKnown(SodpDialect dialect) {
        Scene scene = new Scene(dialect);
        FakeSubscription a = scene.subscribe("a");
        FakeSubscription b = scene.subscribe("b");
        scene.live().init(10, "a", 1, 1).init(11, "b", 1, 1);
        scene.sent();
        scene.receive(FrameType.DELTA, 10, map("version", "one", "ops", 5));
        assertThat(scene.content(a).isLive).isFalse();
        assertThat(scene.content(b).isLive).isTrue();
        assertThat(asked(scene)).containsExactly("a");
        scene.init(12, "a", 2, 2);
        assertThat(scene.content(a).isLive).isTrue();
        scene.receive(FrameType.DELTA, 99, map("version", "one", "ops", 5));
        assertThat(scene.content(b).isLive).isFalse();
        assertThat(scene.content(a).isLive).isFalse();
        scene.advance(Duration.ofSeconds(1));
        assertThat(asked(scene)).containsExactlyInAnyOrder("a", "b");
    }

    /** The keys that were asked for since the last look. */
    private static List<String> asked(Scene scene) {
        List<String> keys = new ArrayList<>();
        for (Sent sent : scene.sent()) {
            if (sent.type() != FrameType.UNWATCH) {
                keys.addAll(sent.keys());
            }
        }
        return keys;
    }

    @Test
    @Tag("S21")
    @Tag("L5")
    void aKeyWhoseRenewedValueDoesNotComeIsNotLive() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT);
        FakeSubscription view = scene.subscribe("k");
        scene.live().init(10, "k", 1, map("a", 1));
        scene.sent();
        scene.delta(10, "k", 5, op("UPDATE", "/missing/b", 2));
        assertThat(asked(scene)).containsExactly("k");
        int told = scene.content(view).behind.size();
        scene.advance(Duration.ofMinutes(1));
        assertThat(asked(scene)).contains("k");
        assertThat(scene.content(view).behind.size()).isGreaterThan(told);
        assertThat(scene.value(view)).as("what was there is still shown").isEqualTo(map("a", 1L));
    }
}
