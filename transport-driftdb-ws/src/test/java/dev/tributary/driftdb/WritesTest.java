package dev.tributary.driftdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.ConfigurationException;
import dev.tributary.ConnectionException;
import dev.tributary.LimitExceededException;
import dev.tributary.MaterializedView;
import dev.tributary.OutcomeUnknownException;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.testkit.driftdb.ClientMessage;
import dev.tributary.testkit.driftdb.FrameFault;
import dev.tributary.testkit.driftdb.MessageFault;
import dev.tributary.testkit.driftdb.ServerMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Writes behind fences: each future ends, and what is said of the outcome is true. */
class WritesTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static boolean isPush(ClientMessage message) {
        return message instanceof ClientMessage.Push;
    }

    @Test
    @Tag("D24")
    void aPushOfAViewedKeyHasItsNumberAndAnyOtherEndsByAFence() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            MaterializedView<Row> log = source.materialize("k?as=log");
            rig.run();
            DriftDb db = rig.db(source);
            Pushed first = rig.get(db.append("k", "a", MINUTE));
            assertThat(first.number()).hasValue(1);
            assertThat(log.snapshot().size()).as("what is confirmed is visible").isEqualTo(1);
            assertThat(rig.get(db.append("unseen", "b", MINUTE)).number()).isEmpty();
            assertThat(rig.get(db.append("k", "c", MINUTE)).number()).hasValue(3);
            Pushed third = rig.get(db.push(Push.compact("k", "all", 3), MINUTE));
            assertThat(third.number()).isEmpty();
            rig.run();
            assertThat(Rig.log(log)).as("a fold of ours is seen soon").containsExactly("3:all");
        }
    }

    @Test
    @Tag("D24")
    void anEchoThatWasDroppedEndsThePushWithoutNumberAndTheEntryIsFound() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            MaterializedView<Row> log = source.materialize("k?as=log");
            rig.run();
            rig.model.faults().frame(frame -> frame instanceof ServerMessage.Push, 1, new FrameFault.Lose());
            Pushed pushed = rig.get(rig.db(source).append("k", "a", MINUTE));
            assertThat(pushed.number()).isEmpty();
            rig.run();
            assertThat(Rig.log(log)).containsExactly("1:a");
            assertThat(log.snapshot().isVerified()).isTrue();
        }
    }

    @Test
    @Tag("D24")
    @Tag("D12")
    void anOwnRelayIsAnEventAndNeverARow() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            MaterializedView<Row> log = source.materialize("k?as=log");
            List<Object> events = new ArrayList<>();
            log.listen(new dev.tributary.ViewListener<>() {
                @Override
                public void onCommit(dev.tributary.Commit<Row> commit) {
                    assertThat(commit.changes()).isEmpty();
                }

                @Override
                public void onEvent(Object event) {
                    events.add(event);
                }
            });
            rig.run();
            rig.model.faults().frame(frame -> frame instanceof ServerMessage.Push, 1, FrameFault.repeated(3));
            assertThat(rig.get(rig.db(source).relay("k", "hello", MINUTE)).number())
                    .hasValue(1);
            rig.run();
            assertThat(rig.model.faults().struck()).isEqualTo(1);
            assertThat(log.snapshot().isEmpty()).isTrue();
            assertThat(events).containsExactly(new Passed(new Entry(1, "hello")));
        }
    }

    @Test
    @Tag("D24")
    @Tag("D27")
    void atMostTwelvePushesAreUnderWayThatNoFenceConfirmed() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            MaterializedView<Row> log = source.materialize("k?as=log");
            rig.run();
            List<CompletableFuture<Pushed>> all = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                all.add(rig.db(source).append("k", i, MINUTE));
            }
            all.forEach(rig::get);
            int since = 0;
            int most = 0;
            for (ClientMessage message : rig.received) {
                since = isPush(message) ? since + 1 : 0;
                most = Math.max(most, since);
            }
            assertThat(most).isEqualTo(WriteWindow.MOST_UNCONFIRMED);
            assertThat(rig.model.droppedFrames()).isZero();
            assertThat(Rig.log(log)).isEqualTo(rig.truth("k")).hasSize(500);
        }
    }

    @Test
    @Tag("D24")
    void aServerThatConfirmsNothingIsLeft() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            source.materialize("k?as=log");
            rig.run();
            rig.model.faults().frame(frame -> frame instanceof ServerMessage.Pong, 3, new FrameFault.Lose());
            rig.model.faults().frame(frame -> frame instanceof ServerMessage.Push, 1, new FrameFault.Lose());
            assertThat(rig.failure(rig.db(source).append("k", "a", MINUTE)))
                    .isInstanceOf(OutcomeUnknownException.class);
            rig.run();
            assertThat(rig.model.accepted()).isEqualTo(2);
        }
    }

    @Property(tries = 60)
    @net.jqwik.api.Tag("D24")
    @net.jqwik.api.Tag("D25")
    void whateverIsCutEachFutureEndsAndTellsTheTruth(
            @ForAll @IntRange(min = 1, max = 40) int pushes,
            @ForAll @IntRange(max = 60) int cutAt,
            @ForAll boolean after,
            @ForAll boolean atLeastOnce) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            MaterializedView<Row> log = source.materialize("k?as=log");
            rig.run();
            int[] seen = {0};
            rig.model
                    .faults()
                    .message(
                            message -> isPush(message) && seen[0]++ == cutAt,
                            1,
                            after ? MessageFault.CUT_AFTER : MessageFault.CUT_BEFORE);
            List<CompletableFuture<Pushed>> all = new ArrayList<>();
            for (int i = 0; i < pushes; i++) {
                Push push = Push.append("k", Envelopes.action(i, "me", i + 1));
                all.add(rig.db(source).push(atLeastOnce ? push.atLeastOnce() : push, MINUTE));
            }
            rig.advance(Rig.LONG);
            Map<Object, Integer> stored = new HashMap<>();
            rig.get(rig.db(source).http().read("k", 0, Rig.SOON))
                    .forEach(entry -> stored.merge(((Map<?, ?>) entry.value()).get("apply"), 1, Integer::sum));
            for (int i = 0; i < pushes; i++) {
                CompletableFuture<Pushed> future = all.get(i);
                assertThat(future).isDone();
                int times = stored.getOrDefault((long) i, 0);
                assertThat(times).as("push %s", i).isLessThanOrEqualTo(1);
                if (atLeastOnce || !future.isCompletedExceptionally()) {
                    assertThat(times).as("push %s", i).isEqualTo(1);
                } else {
                    assertThat(rig.failure(future)).isInstanceOf(OutcomeUnknownException.class);
                }
            }
            assertThat(Rig.log(log)).isEqualTo(rig.truth("k"));
        }
    }

    @Test
    @Tag("D25")
    void aRelayIsNeverSentAgain() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            source.materialize("k?as=log");
            rig.run();
            rig.model.faults().message(WritesTest::isPush, 1, MessageFault.CUT_AFTER);
            assertThat(rig.failure(rig.db(source).relay("k", 1, MINUTE))).isInstanceOf(ConnectionException.class);
            rig.advance(Rig.LONG);
            assertThat(rig.received.stream().filter(WritesTest::isPush)).hasSize(1);
        }
    }

    @Test
    @Tag("D26")
    void whatWaitsForAConnectionIsBoundedOrderedAndHasDeadlines() {
        try (Rig rig = new Rig()) {
            rig.server.down(true);
            SyncSource source = rig.open();
            DriftDb db = rig.db(source).withQueue(3, QueuePolicy.REJECT);
            assertThat(rig.failure(db.relay("k", "now or never", MINUTE))).isInstanceOf(ConnectionException.class);
            CompletableFuture<Pushed> brief = db.append("k", 0, Duration.ofSeconds(1));
            List<CompletableFuture<Pushed>> queued = new ArrayList<>();
            queued.add(db.append("k", 1, MINUTE));
            queued.add(db.append("k", 2, MINUTE));
            assertThat(rig.failure(db.append("k", 3, MINUTE))).isInstanceOf(LimitExceededException.class);
            assertThat(rig.failure(brief)).isInstanceOf(ConnectionException.class);
            queued.add(db.append("k", 4, MINUTE));
            rig.server.down(false);
            queued.forEach(rig::get);
            assertThat(rig.truth("k")).containsExactly("1:1", "2:2", "3:4");
        }
    }

    @Test
    @Tag("D26")
    void whenTooManyWaitTheOldestOrFormerReplacesGiveWay() {
        try (Rig rig = new Rig()) {
            rig.server.down(true);
            SyncSource source = rig.open();
            DriftDb dropping = rig.db(source).withQueue(2, QueuePolicy.DROP_OLDEST);
            CompletableFuture<Pushed> oldest = dropping.append("a", 1, MINUTE);
            CompletableFuture<Pushed> second = dropping.append("a", 2, MINUTE);
            CompletableFuture<Pushed> third = dropping.append("a", 3, MINUTE);
            assertThat(rig.failure(oldest)).isInstanceOf(LimitExceededException.class);
            DriftDb latest = rig.db(source).withQueue(2, QueuePolicy.LATEST_REPLACE);
            CompletableFuture<Pushed> former = latest.replace("b", 1, MINUTE);
            CompletableFuture<Pushed> later = latest.replace("b", 2, MINUTE);
            assertThat(rig.failure(former)).isInstanceOf(LimitExceededException.class);
            rig.server.down(false);
            List.of(second, third, later).forEach(rig::get);
            rig.run();
            assertThat(rig.truth("a")).extracting(text -> text.split(":")[1]).containsExactly("2", "3");
            assertThat(rig.truth("b")).extracting(text -> text.split(":")[1]).containsExactly("2");
            assertThat(rig.received.stream().filter(WritesTest::isPush)).hasSize(3);
        }
    }

    @Test
    @Tag("D16")
    void queuedPushesGoOnlyWhenTheKeysAreAnswered() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            MaterializedView<Row> log = source.materialize("k?as=log");
            CompletableFuture<Pushed> early = rig.db(source).append("k", 1, MINUTE);
            assertThat(rig.get(early).number()).as("its echo was heard").hasValue(1);
            rig.model.connections().forEach(connection -> connection.drop());
            rig.advance(Duration.ofMillis(5));
            assertThat(rig.get(rig.db(source).append("k", 2, MINUTE)).number()).hasValue(2);
            assertThat(Rig.log(log)).containsExactly("1:1", "2:2");
        }
    }

    @Test
    @Tag("D27")
    void tenThousandAppendsAreStoredAndSeen() {
        try (Rig rig = new Rig()) {
            SyncSource writer = rig.open();
            List<MaterializedView<Row>> views = new ArrayList<>();
            views.add(writer.materialize("k?as=log"));
            views.add(rig.open().materialize("k?as=log"));
            views.add(rig.open(builder -> builder.encoding(Encoding.CBOR)).materialize("k?as=log"));
            rig.run();
            long[] progress = {0};
            CompletableFuture<Void> all = rig.db(writer)
                    .appendAll("k", IntStream.range(0, 10_000).boxed().toList(), MINUTE, done -> progress[0] = done);
            rig.environment.await(all, Duration.ofMinutes(30));
            assertThat(all).isCompleted();
            assertThat(progress[0]).isEqualTo(10_000);
            rig.advance(Rig.LONG);
            assertThat(rig.room.entries("k")).hasSize(10_000);
            assertThat(views).allSatisfy(view -> {
                assertThat(view.snapshot().size()).isEqualTo(10_000);
                assertThat(view.snapshot().isVerified()).isTrue();
            });
        }
    }

    @Test
    @Tag("D27")
    @Tag("D28")
    void threeWritersOfAThousandEachEndComplete() {
        try (Rig rig = new Rig()) {
            List<CompletableFuture<Void>> bulks = new ArrayList<>();
            List<MaterializedView<Row>> views = new ArrayList<>();
            views.add(rig.open().materialize("k?as=log"));
            for (int writer = 0; writer < 3; writer++) {
                int mine = writer;
                SyncSource source = rig.open();
                views.add(source.materialize("k?as=log"));
                bulks.add(rig.db(source)
                        .appendAll(
                                "k",
                                IntStream.range(0, 1000)
                                        .mapToObj(i -> mine + "-" + i)
                                        .toList(),
                                MINUTE,
                                done -> {}));
            }
            bulks.forEach(bulk -> rig.environment.await(bulk, Duration.ofMinutes(30)));
            assertThat(bulks).allMatch(CompletableFuture::isDone);
            rig.advance(Rig.LONG);
            List<String> truth = rig.truth("k");
            assertThat(truth).hasSize(3000);
            assertThat(truth.stream()
                            .map(text -> text.substring(text.indexOf(':')))
                            .distinct())
                    .hasSize(3000);
            assertThat(views).allSatisfy(view -> assertThat(Rig.log(view)).isEqualTo(truth));
        }
    }

    @Test
    @Tag("D31")
    void sizeNoticesReachWhoPushes() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            List<StreamSize> sizes = new ArrayList<>();
            rig.db(source).onSize(sizes::add);
            for (int i = 0; i < 3; i++) {
                rig.get(rig.db(source).append("k", i, MINUTE));
            }
            rig.get(rig.db(source).relay("k", "r", MINUTE));
            rig.get(rig.db(source).replace("k", "one", MINUTE));
            rig.run();
            assertThat(sizes).containsExactly(new StreamSize("k", 2), new StreamSize("k", 3), new StreamSize("k", 3));
        }
    }

    @Test
    @Tag("D36")
    void ofManyWritesTheFirstAndTheLastAreSent() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            source.materialize("k");
            rig.run();
            List<CompletableFuture<Pushed>> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                all.add(rig.db(source).replaceThinned("k", i, MINUTE));
            }
            rig.run();
            assertThat(all).allMatch(CompletableFuture::isDone).noneMatch(CompletableFuture::isCompletedExceptionally);
            assertThat(rig.truth("k")).containsExactly("2:49");
            assertThat(all.get(0).join().number()).hasValue(1);
        }
    }

    @Test
    @Tag("D39")
    void anErrorOfTheServerIsToldWithWhatWasUnderWay() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            MaterializedView<Row> log = source.materialize("k?as=log");
            List<ServerError> errors = new ArrayList<>();
            rig.db(source).onError(errors::add);
            rig.run();
            rig.model
                    .faults()
                    .frame(frame -> frame instanceof ServerMessage.Push, 1, FrameFault.errorBefore("cannot use it"));
            assertThat(rig.failure(rig.db(source).append("k", 1, MINUTE)))
                    .isInstanceOf(OutcomeUnknownException.class)
                    .hasMessageContaining("cannot use it");
            rig.run();
            assertThat(errors).containsExactly(new ServerError("cannot use it", List.of("append to 'k'")));
            assertThat(rig.get(rig.db(source).append("k", 2, MINUTE)).number()).hasValue(2);
            assertThat(Rig.log(log)).hasSize(2);
        }
    }

    @Test
    @Tag("D10")
    @Tag("D40")
    void bytesNeedCborAndAreRefusedBeforeTheyLeave() {
        try (Rig rig = new Rig()) {
            SyncSource json = rig.open();
            assertThat(rig.failure(rig.db(json).append("k", new byte[] {1}, MINUTE)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("cbor");
            SyncSource cbor = rig.open(builder -> builder.encoding(Encoding.CBOR));
            MaterializedView<Row> log = cbor.materialize("k?as=log");
            rig.run();
            assertThat(rig.get(rig.db(cbor).append("k", new byte[] {1, 2}, MINUTE))
                            .number())
                    .hasValue(1);
            assertThat((byte[]) log.snapshot().toList().get(0).get("value")).containsExactly(1, 2);
            rig.get(log.refresh());
            assertThat((byte[]) log.snapshot().toList().get(0).get("value")).containsExactly(1, 2);
            assertThat(rig.get(rig.db(cbor).append("k", Collections.singletonMap("f", 0.1f), MINUTE))
                            .number())
                    .hasValue(2);
            assertThat(rig.model.unusableMessages()).isZero();
        }
    }

    @Test
    @Tag("D38")
    void latencyIsMeasuredManyAtATimeAndOverReconnects() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            List<CompletableFuture<Duration>> all = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                all.add(rig.db(source).latency(MINUTE));
            }
            all.forEach(one -> assertThat(rig.get(one)).isBetween(Duration.ofMillis(2), Duration.ofMillis(50)));
            rig.model.faults().message(message -> message instanceof ClientMessage.Ping, 1, MessageFault.CUT_BEFORE);
            assertThat(rig.get(rig.db(source).latency(MINUTE))).isPositive();
            rig.server.down(true);
            rig.model.connections().forEach(connection -> connection.drop());
            rig.run();
            assertThat(rig.failure(rig.db(source).latency(Duration.ofSeconds(3))))
                    .isInstanceOf(ConnectionException.class);
        }
    }

    @Test
    @Tag("D31")
    void aSizeNoticeIsThatOfThePushBeforeIt() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            source.materialize("k?as=log");
            rig.run();
            DriftDb db = rig.db(source);
            CompletableFuture<Pushed> replaced = db.replace("k", "only", MINUTE);
            CompletableFuture<Pushed> appended = db.append("k", "next", MINUTE);
            CompletableFuture<Pushed> folded = db.push(Push.compact("k", "S", 1), MINUTE);
            assertThat(rig.get(replaced).number()).hasValue(1);
            assertThat(rig.get(appended).number()).hasValue(2);
            assertThat(rig.get(folded).size()).hasValue(2);
            CompletableFuture<Pushed> unseen = db.replace("unseen", "only", MINUTE);
            CompletableFuture<Pushed> behind = db.append("unseen", "next", MINUTE);
            assertThat(rig.get(unseen).size()).isEmpty();
            assertThat(rig.get(behind).size()).hasValue(2);
        }
    }

    @Test
    @Tag("D24")
    void whatIsConfirmedIsVisible() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(builder -> builder.executor(Runnable::run));
            MaterializedView<Row> log = source.materialize("k?as=log");
            rig.run();
            CompletableFuture<Integer> rows = rig.db(source)
                    .append("k", "ours", MINUTE)
                    .thenApply(pushed -> log.snapshot().size());
            assertThat(rig.get(rows)).isEqualTo(1);
        }
    }
}
