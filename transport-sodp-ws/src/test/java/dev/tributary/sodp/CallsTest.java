package dev.tributary.sodp;

import static dev.tributary.sodp.Packed.map;
import static dev.tributary.sodp.Scene.op;
import static dev.tributary.sodp.Scene.remove;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.ConfigurationException;
import dev.tributary.LimitExceededException;
import dev.tributary.OutcomeUnknownException;
import dev.tributary.sodp.Packed.Sent;
import dev.tributary.sodp.Scene.FakeSubscription;
import dev.tributary.spi.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls, and which answer is whose. */
class CallsTest {

    private static Scene live(SodpDialect dialect) {
        Scene scene = new Scene(dialect);
        scene.wish(new Wish.AskServer(), null);
        scene.live();
        return scene;
    }

    private static Invocation set(int value) {
        return Invocation.set("k", (long) value);
    }

    @ParameterizedTest
    @EnumSource(SodpDialect.class)
    @Tag("S40")
    void everyMethodHasItsArguments(SodpDialect dialect) {
        Scene scene = live(dialect);
        SodpPath path = SodpPath.of("a", "b");
        String spelled = dialect == SodpDialect.GO ? "a.b" : "/a/b";
        assertThat(args(scene, Invocation.set("k", null))).isEqualTo(map("state", "k", "value", null));
        assertThat(args(scene, Invocation.patch("k", DocMap.EMPTY.with("a", 1L))))
                .isEqualTo(map("state", "k", "patch", map("a", 1L)));
        assertThat(args(scene, Invocation.setIn("k", path, "v")))
                .isEqualTo(map("state", "k", "path", spelled, "value", "v"));
        assertThat(args(scene, Invocation.delete("k"))).isEqualTo(map("state", "k"));
        assertThat(args(scene, Invocation.append("k", 1L, 0))).isEqualTo(map("state", "k", "value", 1L));
        assertThat(args(scene, Invocation.append("k", 1L, 5))).isEqualTo(map("state", "k", "value", 1L, "max_len", 5L));
        assertThat(args(scene, Invocation.call("my.method", DocMap.EMPTY.with("x", true))))
                .isEqualTo(map("x", true));
        if (dialect.knowsPresence()) {
            assertThat(args(scene, Invocation.presence("k", path, 1L)))
                    .isEqualTo(map("state", "k", "path", spelled, "value", 1L));
        }
    }

    private static Map<String, @Nullable Object> args(Scene scene, Invocation invocation) {
        scene.call(invocation);
        Sent sent = scene.sentOne();
        assertThat(sent.type()).isEqualTo(FrameType.CALL);
        assertThat(sent.stream()).isZero();
        assertThat(sent.body().get("method")).isEqualTo(invocation.method());
        scene.result(sent.callId(), true, null);
        return sent.args();
    }

    @Test
    @Tag("S37")
    @Tag("S38")
    void resultsFindTheirCallsInAnyOrder() {
        Scene scene = live(SodpDialect.TYPESCRIPT);
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            calls.add(scene.call(set(i)));
        }
        List<Sent> sent = scene.sent();
        scene.result("unknown", true, null);
        scene.result(sent.get(2).callId(), true, null);
        scene.result(sent.get(0).callId(), false, "access denied");
        scene.result(sent.get(3).callId(), true, List.of(1));
        assertThat(scene.out.replies).containsKeys(calls.get(2), calls.get(3)).doesNotContainKey(calls.get(1));
        assertThat(((SodpResult) scene.out.replies.get(calls.get(3))).data()).isEqualTo(List.of(1L));
        assertThat(scene.out.refusals.get(calls.get(0)))
                .isInstanceOf(SodpException.class)
                .hasMessageContaining("access denied");
        scene.result(sent.get(1).callId(), true, null);
        assertThat(scene.out.replies).containsKey(calls.get(1));
        assertThat(sent.stream().map(Sent::callId).distinct()).hasSize(4);
    }

    @Test
    @Tag("S38")
    void errorsAreOfTheOldestRequestWhereAnswersComeInOrder() {
        Scene scene = live(SodpDialect.RUST);
        Call first = scene.call(set(1));
        Call second = scene.call(set(2));
        List<Sent> sent = scene.sent();
        scene.error(0, 422, "k.a: expected Int, got Float");
        assertThat(((SodpException) scene.out.refusals.get(first)).code()).isEqualTo(422);
        scene.result(sent.get(1).callId(), true, map("version", 1));
        assertThat(scene.out.replies).containsKey(second);
    }

    @ParameterizedTest
    @EnumSource(SodpDialect.class)
    @Tag("S38")
    void anErrorAboutAWatchNeverFailsACall(SodpDialect dialect) {
        Scene scene = live(dialect);
        Call call = scene.call(set(1));
        FakeSubscription view = scene.subscribe("secret");
        List<Sent> sent = scene.sent();
        scene.error(0, 403, "access denied: secret");
        assertThat(scene.out.refusals).isEmpty();
        assertThat(scene.content(view).ends).hasSize(1);
        scene.result(sent.get(0).callId(), true, null);
        assertThat(scene.out.replies).containsKey(call);
    }

    @Test
    @Tag("S38")
    void anErrorThatMayBeOfSeveralIsNobodys() {
        Scene scene = live(SodpDialect.TYPESCRIPT);
        FakeSubscription view = scene.subscribe("k");
        scene.absent(10, "k");
        scene.call(set(1));
        scene.call(set(2));
        scene.error(0, 400, "malformed frame");
        assertThat(scene.out.refusals).isEmpty();
        assertThat(scene.content(view).faults).singleElement().asString().contains("malformed frame");
        assertThat(scene.out.notices).containsExactly(new SodpNotice(400, "malformed frame", 0));
    }

    @Test
    @Tag("S39")
    void callsStayUnderTheAdvertisedLimit() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT).limit("rate_limit_writes", 5);
        for (int i = 0; i < 23; i++) {
            scene.call(set(i));
        }
        scene.live();
        scene.advance(Duration.ofSeconds(10));
        List<Long> times = scene.wire().sentAt;
        assertThat(times).hasSize(23);
        for (int i = 5; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 5)).isGreaterThan(1_000_000_000L);
        }
        List<Object> values = new ArrayList<>();
        scene.sent().forEach(sent -> values.add(sent.args().get("value")));
        assertThat(values.get(22)).isEqualTo(22L);
    }

    @Test
    @Tag("S39")
    void aRefusalForSpeedThatOvertakesIsMatchedAndSentAgain() {
        Scene scene = live(SodpDialect.TYPESCRIPT);
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            calls.add(scene.call(set(i)));
        }
        List<Sent> sent = scene.sent();
        // The third and the fourth are refused, ahead of the first two answers.
        scene.error(0, 429, "write rate limit exceeded").error(0, 429, "write rate limit exceeded");
        assertThat(scene.out.refusals).isEmpty();
        scene.result(sent.get(0).callId(), true, null).result(sent.get(1).callId(), true, null);
        assertThat(scene.out.replies).containsKeys(calls.get(0), calls.get(1));
        scene.advance(Duration.ofMillis(900));
        assertThat(scene.sent()).isEmpty();
        scene.advance(Duration.ofMillis(300));
        List<Sent> again = scene.sent();
        assertThat(again).hasSize(2);
        assertThat(again.get(0).args().get("value")).isIn(2L, 3L);
        again.forEach(one -> scene.result(one.callId(), true, null));
        assertThat(scene.out.replies).containsKeys(calls.get(2), calls.get(3));
        assertThat(scene.out.refusals).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = SodpDialect.class,
            names = {"RUST", "GO"})
    @Tag("S39")
    void aRefusalForSpeedInOrderIsSentAgain(SodpDialect dialect) {
        Scene scene = live(dialect);
        Call call = scene.call(set(1));
        scene.sent();
        scene.error(0, 429, "rate limit exceeded");
        assertThat(scene.out.refusals).isEmpty();
        scene.advance(Duration.ofMillis(1200));
        scene.result(scene.sentOne().callId(), true, map("version", 1));
        assertThat(scene.out.replies).containsKey(call);
    }

    @Test
    @Tag("S34")
    void aCancelledCallIsNotSentAndItsAnswerIsNobodys() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT);
        Call early = scene.call(set(1));
        scene.protocol().cancel(early, scene.out);
        Call other = scene.call(set(2));
        scene.live();
        Sent sent = scene.sentOne();
        assertThat(sent.args().get("value")).isEqualTo(2L);
        scene.protocol().cancel(other, scene.out);
        scene.result(sent.callId(), true, null);
        assertThat(scene.out.replies).isEmpty();
        assertThat(scene.out.sentCalls).containsExactly(other);
    }

    @Test
    @Tag("S34")
    @Tag("S35")
    void whatWasSentIsKnownAsSentAndWhatWasNotIsNot() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT).limit("rate_limit_writes", 1);
        Call first = scene.call(set(1));
        scene.call(set(2));
        scene.live();
        assertThat(scene.out.sentCalls).containsExactly(first);
        scene.drop();
        assertThat(scene.out.ends).hasSize(1);
        scene.advance(Duration.ofMinutes(1));
        assertThat(scene.out.sentCalls).containsExactly(first);
    }

    @Test
    @Tag("S37")
    @Tag("S41")
    void goDropsAnswersAndTheLostCallIsKnownByALaterAnswer() {
        Scene scene = live(SodpDialect.GO);
        Call lost = scene.call(set(1));
        Call answered = scene.call(set(2));
        List<Sent> sent = scene.sent();
        scene.result(sent.get(1).callId(), true, map("version", 2));
        assertThat(scene.out.refusals.get(lost)).isInstanceOf(OutcomeUnknownException.class);
        assertThat(scene.out.replies).containsKey(answered);
    }

    @Test
    @Tag("S41")
    void anOwnWriteIsVisibleWhenItsFutureCompletes() {
        for (SodpDialect dialect : List.of(SodpDialect.TYPESCRIPT, SodpDialect.RUST, SodpDialect.GO)) {
            Scene scene = new Scene(dialect);
            FakeSubscription view = scene.subscribe("k");
            scene.live().init(10, "k", 1, map("n", 0));
            scene.sent();
            Call call = scene.call(Invocation.setIn("k", SodpPath.of("n"), 5L));
            String id = scene.sentOne().callId();
            Object data = dialect == SodpDialect.TYPESCRIPT ? null : map("version", 2);
            if (dialect == SodpDialect.GO) {
                scene.result(id, true, data);
                assertThat(scene.out.replies).as("not before the change").isEmpty();
                scene.delta(10, "k", 2, op("UPDATE", "/n", 5));
            } else {
                scene.delta(10, "k", 2, op("UPDATE", "/n", 5)).result(id, true, data);
            }
            assertThat(scene.out.replies).containsKey(call);
            assertThat(scene.value(view)).isEqualTo(map("n", 5L));
        }
    }

    @Test
    @Tag("S41")
    void anOwnWriteWhoseChangeGoDroppedIsReadAnew() {
        Scene scene = new Scene(SodpDialect.GO);
        FakeSubscription view = scene.subscribe("k");
        scene.live().init(10, "k", 1, map("n", 0));
        scene.sent();
        Call call = scene.call(Invocation.setIn("k", SodpPath.of("n"), 5L));
        scene.result(scene.sentOne().callId(), true, map("version", 2));
        scene.advance(Duration.ofSeconds(3));
        assertThat(scene.sent()).extracting(Sent::type).containsExactly(FrameType.UNWATCH, FrameType.WATCH);
        assertThat(scene.out.replies).isEmpty();
        scene.init(11, "k", 2, map("n", 5));
        assertThat(scene.out.replies).containsKey(call);
        assertThat(scene.value(view)).isEqualTo(map("n", 5L));
    }

    @Test
    @Tag("S41")
    void aVersionFromElsewhereIsAwaited() {
        Scene scene = new Scene(SodpDialect.RUST);
        FakeSubscription view = scene.subscribe("k");
        scene.live();
        Call await = scene.wish(new Wish.Await(7), view);
        Call given = scene.wish(new Wish.Await(7), view);
        scene.protocol().cancel(given, scene.out);
        scene.init(10, "k", 5, map("n", 0));
        assertThat(scene.out.replies).isEmpty();
        scene.delta(10, "k", 8, op("UPDATE", "/n", 1));
        assertThat(scene.out.replies).containsOnlyKeys(await);
    }

    @Test
    @Tag("S12")
    void aFrameThatTheServerWouldNotTakeIsRefusedHere() {
        Scene scene = live(SodpDialect.GO);
        Call large = scene.call(Invocation.set("k", "x".repeat(70_000)));
        assertThat(scene.out.refusals.get(large))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("65536");
        assertThat(scene.sent()).isEmpty();
        assertThat(scene.out.sentCalls).isEmpty();
        Scene rust = live(SodpDialect.RUST);
        rust.call(Invocation.set("k", "x".repeat(70_000)));
        assertThat(rust.sent()).hasSize(1);
        assertThat(rust.call(Invocation.set("k", "x".repeat(1 << 20))))
                .matches(call -> rust.out.refusals.containsKey(call));
        scene.call(set(1));
        assertThat(scene.sentOne().seq()).as("a refused one takes no number").isEqualTo(1);
    }

    @Test
    @Tag("S45")
    void waitingCallsAreBounded() {
        Scene scene = new Scene(SodpDialect.RUST);
        for (int i = 0; i < CallDesk.MOST_WAITING; i++) {
            scene.call(set(i));
        }
        Call tooMany = scene.call(set(1));
        assertThat(scene.out.refusals.get(tooMany)).isInstanceOf(LimitExceededException.class);
        scene.live();
        assertThat(scene.sent()).as("unanswered at once").hasSize(500);
    }

    @Test
    @Tag("S45")
    void aFullWireIsWaitedForButHeartbeatsAreNot() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT);
        scene.subscribe("k");
        scene.wire().full = true;
        scene.call(set(1));
        scene.call(set(2));
        scene.live();
        assertThat(scene.sent()).hasSize(1);
        scene.receive(Packed.frame(FrameType.HEARTBEAT, 0, 0, null));
        assertThat(scene.sentOne().type()).isEqualTo(FrameType.HEARTBEAT);
        scene.wire().full = false;
        scene.protocol().writable(scene.wire(), scene.out);
        assertThat(scene.sent()).hasSize(2);
    }

    @Test
    @Tag("S48")
    void whatHappensIsCounted() {
        Scene scene = new Scene(SodpDialect.RUST);
        scene.subscribe("k");
        scene.live().init(10, "k", 1, map("a", 1)).delta(10, "k", 1, op("UPDATE", "/a", 2));
        scene.call(set(1));
        Sent sent = scene.sent().get(1);
        scene.advance(Duration.ofMillis(40)).result(sent.callId(), true, map("version", 2));
        scene.call(set(2));
        scene.error(0, 429, "rate limit exceeded");
        scene.delta(99, "k", 3, op("UPDATE", "/a", 2)).receive(0x55, 0, null);
        SodpStatistics counted = (SodpStatistics) scene.out.replies.get(scene.wish(new Wish.AskStatistics(), null));
        assertThat(counted.connects()).isEqualTo(1);
        assertThat(counted.duplicates()).isEqualTo(1);
        assertThat(counted.rateRefusals()).isEqualTo(1);
        assertThat(counted.droppedFrames()).isEqualTo(1);
        assertThat(counted.waitingCalls()).isEqualTo(1);
        assertThat(counted.roundTrip()).isEqualTo(Duration.ofMillis(40));
    }

    private static Call hold(Scene scene, String path, Object value, long number) {
        return scene.wish(new Wish.Presence("k", SodpPath.of(path), value, number), null);
    }

    @Test
    @Tag("S36")
    void presenceIsRegisteredOnEachConnection() {
        Scene scene = live(SodpDialect.TYPESCRIPT);
        scene.call(Invocation.presence("k", SodpPath.of("ada"), 1L));
        scene.result(scene.sentOne().callId(), true, null);
        Call hold = hold(scene, "ada", 1L, 1);
        assertThat(scene.sent()).as("it is registered here already").isEmpty();
        scene.drop().reconnect();
        // The engine hands the hold to the new session.
        scene.protocol().call(hold, scene.out);
        scene.open().hello();
        Sent sent = scene.sentOne();
        assertThat(sent.body().get("method")).isEqualTo("state.presence");
        assertThat(sent.args()).isEqualTo(map("state", "k", "path", "/ada", "value", 1L));
        scene.result(sent.callId(), true, null);
        Call newer = hold(scene, "ada", 2L, 2);
        assertThat(scene.sentOne().args().get("value")).isEqualTo(2L);
        assertThat(scene.out.replies).containsKey(hold).doesNotContainKey(newer);
        Call older = hold(scene, "ada", 1L, 1);
        assertThat(scene.out.replies).containsKey(older);
        assertThat(scene.sent()).isEmpty();
    }

    @Test
    @Tag("S36")
    void presenceThatALateCleanUpRemovedIsRegisteredOnceMore() {
        Scene scene = new Scene(SodpDialect.TYPESCRIPT);
        scene.subscribe("k");
        Call hold = hold(scene, "ada", 1L, 1);
        scene.live().init(10, "k", 4, map("ada", 1, "bob", 2));
        List<Sent> sent = scene.sent();
        assertThat(sent).hasSize(2);
        scene.result(sent.get(1).callId(), true, null);
        scene.delta(10, "k", 5, remove("/ada"));
        scene.advance(Duration.ofMillis(100));
        assertThat(scene.sent()).isEmpty();
        scene.advance(Duration.ofMillis(400));
        Sent again = scene.sentOne();
        assertThat(again.args().get("path")).isEqualTo("/ada");
        scene.delta(10, "k", 6, op("UPDATE", "/ada", 1)).result(again.callId(), true, null);
        scene.advance(Duration.ofSeconds(5));
        assertThat(scene.sent()).isEmpty();
        scene.protocol().cancel(hold, scene.out);
        scene.delta(10, "k", 7, remove("/ada"));
        scene.advance(Duration.ofSeconds(5));
        assertThat(scene.sent()).as("nobody holds it").isEmpty();
    }

    private static Call withdraw(Scene scene, String path, long number) {
        return scene.wish(new Wish.Withdraw("k", SodpPath.of(path), number), null);
    }

    @Test
    @Tag("S36")
    void aPlaceThatIsWithdrawnIsEmptiedWhereItIsSetAndNowhereElse() {
        Scene scene = live(SodpDialect.RUST);
        Call hold = hold(scene, "ada", 1L, 1);
        Call atOnce = withdraw(scene, "ada", 1);
        List<Sent> sent = scene.sent();
        assertThat(sent).hasSize(2);
        assertThat(sent.get(1).args())
                .as("though the answer to the first has not come")
                .isEqualTo(map("state", "k", "path", "/ada", "value", null));
        scene.result(sent.get(0).callId(), true, map("version", 4))
                .result(sent.get(1).callId(), true, map("version", 5));
        assertThat(scene.out.replies.get(atOnce)).isInstanceOf(SodpResult.class);
        scene.protocol().cancel(hold, scene.out);

        Call next = hold(scene, "bob", 1L, 2);
        scene.result(scene.sentOne().callId(), true, map("version", 6));
        scene.protocol().cancel(next, scene.out);
        scene.drop().reconnect();
        Call late = withdraw(scene, "bob", 2);
        assertThat(scene.sent())
                .as("the server removed it with the connection; a null would stay for ever")
                .isEmpty();
        assertThat(scene.out.replies.get(late)).isInstanceOf(SodpResult.class);
    }

    @Test
    @Tag("S36")
    void aPlaceThatIsHeldAgainIsNotWithdrawn() {
        Scene scene = live(SodpDialect.RUST);
        hold(scene, "ada", 1L, 1);
        hold(scene, "ada", 2L, 2);
        scene.sent();
        Call old = withdraw(scene, "ada", 1);
        assertThat(scene.sent()).isEmpty();
        assertThat(scene.out.replies).containsKey(old);
    }

    @Test
    @Tag("S36")
    void theGoServerKnowsNoPresence() {
        Scene scene = live(SodpDialect.GO);
        Call call = scene.call(Invocation.presence("k", SodpPath.of("ada"), 1L));
        assertThat(scene.out.refusals.get(call)).isInstanceOf(ConfigurationException.class);
        assertThat(scene.sent()).isEmpty();
    }
}
