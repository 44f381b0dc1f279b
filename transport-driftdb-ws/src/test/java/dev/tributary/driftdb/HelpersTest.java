package dev.tributary.driftdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.SyncSource;
import dev.tributary.testkit.driftdb.AnswerFault;
import dev.tributary.testkit.driftdb.ClientMessage;
import dev.tributary.testkit.driftdb.DriftDbOptions;
import dev.tributary.testkit.driftdb.FrameFault;
import dev.tributary.testkit.driftdb.MessageFault;
import dev.tributary.testkit.driftdb.ServerMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Shared state, shared reducer, presence and signalling, among ourselves and with JavaScript peers. */
class HelpersTest {

    private static final ValueCodec<Long> LONGS = ValueCodec.plain(Long.class);
    private static final ValueCodec<String> TEXTS = ValueCodec.plain(String.class);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static SharedReducer<Long, Long> counter(SyncSource source, int threshold) {
        return SharedReducer.open(source, "counter", 0L, Long::sum, LONGS, LONGS, threshold);
    }

    @Test
    @Tag("D35")
    @Tag("D41")
    void aStateEndsWithTheNewestWriteOfAnybody() {
        try (Rig rig = new Rig()) {
            SharedState<Long> a = SharedState.open(rig.open(), "s", LONGS);
            SharedState<Long> b = SharedState.open(rig.open(), "s", LONGS);
            rig.run();
            CompletableFuture<Void> set = a.set(1L);
            assertThat(a.get()).as("shown at once").contains(1L);
            assertThat(a.confirmed()).isEmpty();
            rig.get(set);
            rig.run();
            assertThat(b.get()).contains(1L);
            rig.room.replace("s", "{\"v\":7,\"i\":\"javascript\"}");
            rig.run();
            assertThat(a.get()).contains(7L);
            b.set(8L);
            a.set(9L);
            rig.run();
            assertThat(a.get()).isEqualTo(b.get()).isEqualTo(a.confirmed());
            assertThat(a.get())
                    .contains(rig.get(rig.db(rig.open()).http().latest("s", MINUTE))
                            .map(entry -> (Long) ((Map<?, ?>) entry.value()).get("v"))
                            .orElseThrow());
        }
    }

    @Property(tries = 30)
    @net.jqwik.api.Tag("D35")
    void anUpdateLosesNoForeignWrite(@ForAll @Size(min = 1, max = 8) List<@IntRange(max = 1) Integer> who) {
        try (Rig rig = new Rig()) {
            List<SharedState<Long>> states =
                    List.of(SharedState.open(rig.open(), "s", LONGS), SharedState.open(rig.open(), "s", LONGS));
            rig.run();
            rig.get(states.get(0).set(0L));
            rig.run();
            List<CompletableFuture<Long>> all = new ArrayList<>();
            for (int one : who) {
                all.add(states.get(one).update(value -> value == null ? 1L : value + 1));
                rig.advance(Duration.ofMillis(one));
            }
            all.forEach(rig::get);
            rig.run();
            assertThat(states.get(0).get()).isEqualTo(states.get(1).get());
            assertThat(states.get(0).get().orElseThrow()).isGreaterThanOrEqualTo(who.size());
        }
    }

    /** Each update adds a letter, so that none can stand in for another that was lost. */
    @Property(tries = 150)
    @net.jqwik.api.Tag("D35")
    void noUpdateThatWasDoneIsLostAmongManyWriters(
            @ForAll @LongRange(min = 0, max = 1_000) long seed,
            @ForAll @Size(min = 2, max = 24) List<@IntRange(max = 4) Integer> steps,
            @ForAll @IntRange(max = 2) int lost) {
        UnaryOperator<DriftDbSourceBuilder> often = builder -> builder.audit(Duration.ofSeconds(5));
        try (Rig rig = new Rig(seed, DriftDbOptions.standAlone())) {
            List<SharedState<String>> states = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                states.add(SharedState.open(rig.open(often), "s", TEXTS));
            }
            rig.run();
            rig.model.faults().frame(frame -> frame instanceof ServerMessage.Push, lost, new FrameFault.Lose());
            List<CompletableFuture<String>> all = new ArrayList<>();
            for (int step : steps) {
                if (step < 3) {
                    all.add(states.get(step).update(adding((char) ('A' + all.size()))));
                } else if (step == 3) {
                    rig.advance(Duration.ofMillis(2));
                } else {
                    // Somebody who joins in the midst of it.
                    states.add(SharedState.open(rig.open(often), "s", TEXTS));
                    all.add(states.get(states.size() - 1).update(adding((char) ('A' + all.size()))));
                }
            }
            all.forEach(rig::get);
            rig.advance(Rig.LONG);
            String end = states.get(0).get().orElse("");
            for (int i = 0; i < all.size(); i++) {
                assertThat(end).as("each once").containsOnlyOnce(String.valueOf((char) ('A' + i)));
            }
            assertThat(end).hasSize(all.size());
            assertThat(states)
                    .allSatisfy(state -> assertThat(state.get().orElse("")).isEqualTo(end));
            assertThat(rig.room.entries("s")).hasSizeLessThan(40);
        }
    }

    private static UnaryOperator<String> adding(char letter) {
        return value -> value == null ? "" + letter : value + letter;
    }

    @Property(tries = 40)
    @net.jqwik.api.Tag("D34")
    @net.jqwik.api.Tag("D32")
    void reducersConvergeWhateverIsDispatchedAndLost(
            @ForAll @Size(min = 1, max = 80) List<@IntRange(max = 3) Integer> steps,
            @ForAll @IntRange(max = 2) int lose) {
        // Of a message that nothing follows only the regular audit shows that it was lost.
        UnaryOperator<DriftDbSourceBuilder> often = builder -> builder.audit(Duration.ofSeconds(5));
        try (Rig rig = new Rig()) {
            SharedReducer<Long, Long> a = counter(rig.open(often), 10);
            SharedReducer<Long, Long> b = counter(rig.open(often), 10);
            rig.run();
            rig.model.faults().frame(frame -> frame instanceof ServerMessage.Push, lose, new FrameFault.Lose());
            long sum = 0;
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int step : steps) {
                sum += step;
                if (step == 0) {
                    rig.model.connections().stream().findFirst().ifPresent(one -> one.drop());
                    rig.advance(Duration.ofMillis(300));
                } else {
                    all.add((step == 1 ? a : b).dispatch((long) step));
                }
                if (step == 3) {
                    rig.advance(Duration.ofMillis(5));
                }
            }
            all.forEach(rig::get);
            rig.advance(Rig.LONG);
            assertThat(a.get()).isEqualTo(sum).isEqualTo(a.confirmed());
            assertThat(b.get()).isEqualTo(sum);
            assertThat(a.pending() + b.pending()).isZero();
            SharedReducer<Long, Long> late = counter(rig.open(), 10);
            rig.run();
            assertThat(late.get()).isEqualTo(sum);
        }
    }

    @Test
    @Tag("D34")
    void pendingActionsStayOnTopOfRemoteOnes() {
        try (Rig rig = new Rig()) {
            SharedReducer<Long, Long> reducer = counter(rig.open(), 30);
            rig.run();
            List<Long> shown = new ArrayList<>();
            reducer.listen(shown::add);
            CompletableFuture<Void> own = reducer.dispatch(1L);
            assertThat(reducer.get()).isEqualTo(1);
            rig.room.append("counter", "{\"apply\":10,\"i\":\"javascript\"}");
            rig.get(own);
            rig.run();
            assertThat(reducer.get()).isEqualTo(11);
            assertThat(shown).doesNotContain(10L);
        }
    }

    @Test
    @Tag("D32")
    @Tag("D33")
    @Tag("D41")
    void foldsLeaveTheSameStateForLateJoinersAndJavaScriptPeers() {
        try (Rig rig = new Rig()) {
            rig.room.compact("counter", 5, "{\"reset\":100}");
            rig.room.counter(5);
            SharedReducer<Long, Long> a = counter(rig.open(), 5);
            rig.run();
            assertThat(a.get()).isEqualTo(100);
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                all.add(a.dispatch(1L));
                rig.room.append("counter", "{\"apply\":2,\"i\":\"javascript\"}");
                rig.advance(Duration.ofMillis(30));
            }
            all.forEach(rig::get);
            rig.advance(Rig.LONG);
            assertThat(a.get()).isEqualTo(220);
            assertThat(rig.room.entries("counter").size()).isLessThan(40);
            long compacts = rig.received.stream()
                    .filter(message ->
                            message instanceof ClientMessage.Push push && push.action() == ClientMessage.Action.COMPACT)
                    .count();
            assertThat(compacts).isBetween(1L, 20L);
            List<Entry> entries = rig.get(rig.db(rig.open()).http().read("counter", 0, MINUTE));
            long javascript = 0;
            for (Entry entry : entries) {
                Map<?, ?> envelope = (Map<?, ?>) entry.value();
                javascript = envelope.containsKey("reset")
                        ? (Long) envelope.get("reset")
                        : javascript + (Long) envelope.get("apply");
            }
            assertThat(javascript).as("as the official client adds it up").isEqualTo(220);
            assertThat(((Map<?, ?>) entries.get(0).value()).get("seen")).isInstanceOf(Map.class);
        }
    }

    @Test
    @Tag("D25")
    @Tag("D32")
    void anActionThatWasFoldedWhileItsOutcomeWasUnknownIsNotSentAgain() {
        try (Rig rig = new Rig()) {
            SharedReducer<Long, Long> a = counter(rig.open(), 30);
            SharedReducer<Long, Long> b = counter(rig.open(), 1);
            rig.run();
            rig.get(a.dispatch(1L));
            rig.get(a.dispatch(2L));
            rig.model.faults().message(message -> message instanceof ClientMessage.Push, 1, MessageFault.CUT_AFTER);
            rig.model.faults().upgrade(4, AnswerFault.status(503));
            CompletableFuture<Void> cut = a.dispatch(4L);
            rig.advance(Duration.ofMillis(10));
            assertThat(rig.get(b.fold())).isTrue();
            assertThat(rig.room.entries("counter")).hasSize(1);
            rig.get(cut);
            rig.run();
            assertThat(rig.room.entries("counter")).hasSize(1);
            assertThat(a.get()).isEqualTo(7);
        }
    }

    @Test
    @Tag("D32")
    void aFoldReadsWhatIsRetainedAndNotWhatArrived() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            source.materialize("k?as=log");
            rig.run();
            rig.model.faults().frame(frame -> frame instanceof ServerMessage.Push, 3, new FrameFault.Lose());
            for (int i = 1; i <= 5; i++) {
                rig.room.append("k", "" + i);
            }
            List<Integer> sizes = new ArrayList<>();
            CompletableFuture<Boolean> first = rig.db(source)
                    .fold(
                            "k",
                            3,
                            entries -> {
                                sizes.add(entries.size());
                                return "all";
                            },
                            MINUTE);
            CompletableFuture<Boolean> second = rig.db(source).fold("k", 3, entries -> "never", MINUTE);
            assertThat(rig.get(first)).isTrue();
            assertThat(rig.get(second)).as("one at a time").isFalse();
            assertThat(sizes).containsExactly(5);
            assertThat(rig.truth("k")).containsExactly("5:all");
            assertThat(rig.get(rig.db(source).fold("k", 3, entries -> "never", MINUTE)))
                    .as("short already")
                    .isFalse();
        }
    }

    @Test
    @Tag("D34")
    void whatIsNoActionIsReportedAndChangesNothing() {
        try (Rig rig = new Rig()) {
            SharedReducer<Long, Long> reducer = counter(rig.open(), 30);
            List<Object> unusable = new ArrayList<>();
            reducer.onUnusable(entry -> unusable.add(entry.value()));
            rig.run();
            rig.room.append("counter", "{\"apply\":1}");
            rig.room.append("counter", "\"what\"");
            rig.room.append("counter", "{\"apply\":\"no number\"}");
            rig.run();
            assertThat(reducer.get()).isEqualTo(1);
            assertThat(unusable).hasSize(2);
        }
    }

    @Test
    @Tag("D37")
    @Tag("D41")
    void presenceIsAnnouncedExpiresAndIgnoresItself() {
        try (Rig rig = new Rig()) {
            Presence<Long> a = Presence.open(rig.open(), "a", LONGS);
            Presence<Long> b = Presence.open(rig.open(), "b", LONGS);
            List<Map<String, Long>> heard = new ArrayList<>();
            a.listen(heard::add);
            rig.run();
            rig.get(a.set(1L));
            rig.get(b.set(2L));
            rig.room.relay("__presence", "{\"client\":\"js\",\"value\":3}");
            rig.advance(Duration.ofMillis(500));
            assertThat(a.others()).containsExactlyInAnyOrderEntriesOf(Map.of("b", 2L, "js", 3L));
            assertThat(b.others()).containsExactlyInAnyOrderEntriesOf(Map.of("a", 1L, "js", 3L));
            assertThatThrownBy(() -> a.others().clear()).isInstanceOf(UnsupportedOperationException.class);
            rig.advance(Duration.ofSeconds(5));
            assertThat(a.others()).as("the peer that was silent is gone").containsOnlyKeys("b");
            assertThat(heard).last().isEqualTo(Map.of("b", 2L));
            int before = heard.size();
            rig.advance(Duration.ofSeconds(10));
            assertThat(heard).as("heartbeats are no news").hasSize(before);
            rig.get(b.leave());
            rig.advance(Duration.ofMillis(100));
            assertThat(a.others()).isEmpty();
        }
    }

    @Test
    @Tag("D37")
    @Tag("D26")
    void presenceIsSaidOnceAfterAReconnectAndNotMeanwhile() {
        try (Rig rig = new Rig()) {
            Presence<Long> a = Presence.open(rig.open(), "a", LONGS);
            rig.run();
            rig.get(a.set(1L));
            rig.run();
            rig.server.down(true);
            rig.model.connections().forEach(connection -> connection.drop());
            rig.advance(Rig.LONG);
            long before = relays(rig);
            rig.server.down(false);
            while (rig.model.connections().isEmpty()) {
                rig.advance(Duration.ofMillis(100));
            }
            rig.advance(Duration.ofMillis(500));
            assertThat(relays(rig) - before).isEqualTo(1);
            for (int i = 2; i < 60; i++) {
                a.set((long) i);
                rig.advance(Duration.ofMillis(1));
            }
            rig.advance(Duration.ofMillis(100));
            assertThat(relays(rig) - before).as("at most every 20 ms").isBetween(3L, 6L);
        }
    }

    private static long relays(Rig rig) {
        return rig.received.stream()
                .filter(message ->
                        message instanceof ClientMessage.Push push && push.action() == ClientMessage.Action.RELAY)
                .count();
    }

    @Test
    @Tag("D41")
    void signalsGoBothWaysAndAreFoldedAway() {
        try (Rig rig = new Rig()) {
            List<Signal> atA = new ArrayList<>();
            List<Signal> atB = new ArrayList<>();
            Signalling a = Signalling.open(rig.open(), "a1", "b2", atA::add);
            Signalling b = Signalling.open(rig.open(), "b2", "a1", atB::add);
            rig.run();
            assertThat(a.isPolite()).isTrue();
            assertThat(b.isPolite()).isFalse();
            rig.get(a.send(new Signal.Offer("offered")));
            rig.get(b.send(new Signal.Answer("answered")));
            rig.get(b.send(new Signal.Candidate(null)));
            rig.run();
            assertThat(atB).containsExactly(new Signal.Offer("offered"));
            assertThat(atA).containsExactly(new Signal.Answer("answered"), new Signal.Candidate(null));
            assertThat(rig.room.entries("b2a1"))
                    .as("the keys of the official client")
                    .hasSize(1);
            assertThat(rig.get(a.fold())).isTrue();
            assertThat(rig.room.entries("a1b2")).hasSize(1);
        }
    }

    @Property(tries = 20)
    @net.jqwik.api.Tag("D32")
    void aBurstOfActionsLeavesAShortStream(@ForAll @LongRange(min = 0) long seed) {
        try (Rig rig = new Rig(seed, DriftDbOptions.standAlone())) {
            SharedReducer<Long, Long> reducer = counter(rig.open(), 30);
            rig.run();
            List<CompletableFuture<Void>> dispatched = new ArrayList<>();
            for (int i = 0; i < 900; i++) {
                dispatched.add(reducer.dispatch(1L));
            }
            dispatched.forEach(rig::get);
            rig.advance(Duration.ofSeconds(5));
            assertThat(reducer.get()).isEqualTo(900);
            assertThat(rig.room.entries("counter")).hasSizeLessThanOrEqualTo(31);
        }
    }
}
