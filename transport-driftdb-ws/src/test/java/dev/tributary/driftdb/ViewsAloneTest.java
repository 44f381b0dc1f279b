package dev.tributary.driftdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.LimitExceededException;
import dev.tributary.Query;
import dev.tributary.spi.Output;
import dev.tributary.spi.Resume;
import dev.tributary.spi.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Presence, the debug view, folds and the queue, each alone. */
class ViewsAloneTest {

    private record Asked(Query query) implements Subscription {

        @Override
        public @Nullable Resume resume() {
            return null;
        }

        @Override
        public boolean keepsRows() {
            return true;
        }
    }

    private final PlayedOutput engine = new PlayedOutput(content -> {});
    private final Output out = engine.output();
    private final Subscription subscription = new Asked(Query.of("k"));
    private final PlayedOutput.Content content = engine.of(subscription);
    private long number;

    private Entry entry(@Nullable Object value) {
        return new Entry(++number, value);
    }

    private List<String> rows() {
        return content.rows.values().stream()
                .map(row -> row.key() + "=" + row.get("value"))
                .toList();
    }

    @Test
    @Tag("D37")
    void whoIsSilentForTheWholeTimeIsGoneAndNotBefore() {
        PresenceView view = new PresenceView(Duration.ofNanos(100), "me"::equals, subscription);
        view.message(entry(Envelopes.presence("early", 0L)), null, out);
        assertThat(content.commits)
                .as("nothing is shown before the first content")
                .isEmpty();
        assertThat(view.above()).isEqualTo(StreamView.NOTHING);
        assertThat(view.isAudited()).isFalse();
        assertThat(view.isUnverified()).isFalse();
        assertThat(view.subscription()).isSameAs(subscription);
        assertThat(view.read(List.of(), 0, true, out)).isTrue();
        assertThat(content.upToDate).isEqualTo(1);
        assertThat(content.verified).isTrue();
        assertThat(view.untilNext(out)).isNull();
        view.message(entry(Envelopes.presence("a", 1L)), null, out);
        engine.nanos += 60;
        view.message(entry(Envelopes.presence("b", 2L)), null, out);
        view.message(entry(Envelopes.presence("me", 3L)), null, out);
        view.message(entry("no presence"), null, out);
        assertThat(rows()).containsExactly("[a]=1", "[b]=2");
        int commits = content.commits.size();
        assertThat(commits).isEqualTo(3);
        assertThat(view.untilNext(out)).isEqualTo(Duration.ofNanos(40));
        engine.nanos += 39;
        view.expire(out);
        assertThat(content.commits).hasSize(commits);
        engine.nanos += 1;
        view.expire(out);
        assertThat(rows()).containsExactly("[b]=2");
        assertThat(content.commits).hasSize(commits + 1);
        // Heard again, although it says nothing new.
        view.message(entry(Envelopes.presence("b", 2L)), null, out);
        assertThat(content.commits).hasSize(commits + 1);
        assertThat(view.untilNext(out)).isEqualTo(Duration.ofNanos(100));
        engine.nanos += 90;
        view.message(entry(Envelopes.presence("b", 5L)), null, out);
        assertThat(rows()).containsExactly("[b]=5");
        engine.nanos += 90;
        // A new connection: nobody could be heard meanwhile.
        view.read(List.of(), 0, true, out);
        engine.nanos += 90;
        view.expire(out);
        assertThat(rows()).containsExactly("[b]=5");
        view.read(List.of(), 0, false, out);
        engine.nanos += 10;
        assertThat(view.untilNext(out)).isZero();
        engine.nanos += 10;
        assertThat(view.untilNext(out)).isZero();
        view.expire(out);
        assertThat(rows()).isEmpty();
    }

    @Test
    @Tag("D37")
    void whoSaysFarewellIsGoneAtOnce() {
        PresenceView view = new PresenceView(Duration.ofNanos(100), "me"::equals, subscription);
        view.read(List.of(), 0, true, out);
        view.message(entry(Envelopes.presence("a", 1L)), null, out);
        int commits = content.commits.size();
        view.message(entry(Envelopes.farewell("stranger")), null, out);
        assertThat(content.commits).hasSize(commits);
        view.message(entry(Envelopes.farewell("a")), null, out);
        assertThat(rows()).isEmpty();
        assertThat(content.commits).hasSize(commits + 1);
        assertThat(view.untilNext(out)).isNull();
        Subscription other = new Asked(Query.of("k"));
        view.attach(other);
        assertThat(view.subscription()).isSameAs(other);
    }

    @Test
    @Tag("D43")
    void theDebugViewIsWhatTheServerToldLastAndNeverVerified() {
        RoomView view = new RoomView(subscription);
        assertThat(view.subscription()).isSameAs(subscription);
        view.init("a", List.of(new Entry(1, "x"), new Entry(2, "y")), out);
        view.init("b", List.of(new Entry(3, "z")), out);
        view.init("a", List.of(new Entry(2, "other"), new Entry(4, "new")), out);
        assertThat(rows()).containsExactlyInAnyOrder("[a, 2]=other", "[a, 4]=new", "[b, 3]=z");
        view.relayed(new Entry(5, "passing"), out);
        assertThat(content.events).containsExactly(new Passed(new Entry(5, "passing")));
        assertThat(content.upToDate).isZero();
        assertThat(content.verified).isFalse();
        view.upToDate(out);
        assertThat(content.upToDate).isEqualTo(1);
        assertThat(content.condition).contains("only some");
        assertThat(content.commits).hasSize(5);
    }

    private static Fold<Long, Long> fold(List<Entry> unusable) {
        ValueCodec<Long> longs = ValueCodec.plain(Long.class);
        return new Fold<>(new Fold.Rules<>(0L, Long::sum, longs, longs), unusable::add);
    }

    @Test
    @Tag("D32")
    @Tag("D34")
    void aSnapshotSaysWhoseActionsAreInIt() {
        List<Entry> unusable = new ArrayList<>();
        Fold<Long, Long> first = fold(unusable);
        first.apply(entry(Envelopes.action(1L, "a", 1)));
        first.apply(entry(Envelopes.action(2L, "b", 7)));
        first.apply(entry(Envelopes.action(4L, "a", 2)));
        // A message that came later, although it was sent before.
        first.apply(entry(Envelopes.action(8L, "b", 6)));
        first.apply(entry(Map.of("apply", 16L)));
        assertThat(first.state()).isEqualTo(31);
        Map<String, Object> snapshot = first.snapshot();
        Fold<Long, Long> second = fold(unusable);
        second.apply(entry(Envelopes.action(1_000L, "a", 9)));
        second.apply(entry(snapshot));
        assertThat(second.state()).isEqualTo(31);
        for (Fold<Long, Long> fold : List.of(first, second)) {
            assertThat(fold.includes("a", 2)).isTrue();
            assertThat(fold.includes("b", 7)).isTrue();
            assertThat(fold.includes("b", 8)).isFalse();
            assertThat(fold.includes("c", 1)).isFalse();
        }
        assertThat(first.includes("a", 3)).isFalse();
        assertThat(unusable).isEmpty();
        second.apply(entry(Map.of("reset", "no number")));
        second.apply(entry(Map.of("reset", 5L, "seen", "nobody")));
        assertThat(unusable).hasSize(1);
        assertThat(second.state()).isEqualTo(5);
    }

    @Test
    @Tag("D34")
    void ofSendersOnlyTheLastAreRemembered() {
        Fold<Long, Long> fold = fold(new ArrayList<>());
        for (int i = 0; i < 1_000; i++) {
            fold.apply(entry(Envelopes.action(1L, "s" + i, 1)));
        }
        assertThat(fold.includes("s0", 1)).isTrue();
        fold.apply(entry(Envelopes.action(1L, "s0", 2)));
        fold.apply(entry(Envelopes.action(1L, "one more", 1)));
        assertThat(fold.includes("s0", 2)).as("it was heard again").isTrue();
        assertThat(fold.includes("s1", 1)).isFalse();
        assertThat(fold.includes("s2", 1)).isTrue();
    }

    @Test
    @Tag("D25")
    @Tag("D32")
    void aMessageIsKnownByItsSenderAndCountAlone() {
        Object sent = Envelopes.action(1L, "a", 3);
        assertThat(Envelopes.isSameMessage(sent, Envelopes.action(1L, "a", 3))).isTrue();
        assertThat(Envelopes.isSameMessage(sent, Envelopes.action(1L, "a", 4))).isFalse();
        assertThat(Envelopes.isSameMessage(sent, Envelopes.action(1L, "b", 3))).isFalse();
        assertThat(Envelopes.isSameMessage(sent, "else")).isFalse();
        assertThat(Envelopes.isSameMessage(sent, Map.of("apply", 1L))).isFalse();
        assertThat(Envelopes.isSameMessage("plain", "plain")).isNull();
        assertThat(Envelopes.isSameMessage(Map.of("i", "a"), sent)).isNull();
        assertThat(Envelopes.isSameMessage(Map.of("n", 3L), sent)).isNull();
        Object snapshot = Envelopes.snapshot(9L, Map.of("a", 3L));
        assertThat(Envelopes.isFolded(sent, snapshot)).isTrue();
        assertThat(Envelopes.isFolded(Envelopes.action(1L, "a", 4), snapshot)).isFalse();
        assertThat(Envelopes.isFolded(Envelopes.action(1L, "b", 1), snapshot)).isFalse();
        assertThat(Envelopes.isFolded(sent, Map.of("reset", 9L))).isFalse();
        assertThat(Envelopes.isFolded(sent, Map.of("seen", Map.of("a", 3L)))).isFalse();
        assertThat(Envelopes.isFolded("plain", snapshot)).isFalse();
    }

    @Test
    @Tag("D26")
    void theQueueKeepsItsBoundByItsPolicy() {
        for (QueuePolicy policy : QueuePolicy.values()) {
            PushQueue queue = new PushQueue(2, policy);
            List<CompletableFuture<Pushed>> results = new ArrayList<>();
            List<LimitExceededException> refusals = new ArrayList<>();
            List<Request.Write> writes = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                writes.add(new Request.Write(Push.replace(i == 3 ? "other" : "k", (long) i), Request.Way.DEFAULT));
                results.add(new CompletableFuture<>());
                refusals.add(queue.add(writes.get(i), results.get(i)));
            }
            switch (policy) {
                case REJECT -> {
                    assertThat(refusals.subList(0, 2)).containsOnlyNulls();
                    assertThat(refusals.subList(2, 4)).doesNotContainNull();
                    assertThat(refusals.get(2)).hasMessageContaining("2 pushes");
                    assertThat(results).noneMatch(CompletableFuture::isDone);
                }
                case DROP_OLDEST -> {
                    assertThat(refusals).containsOnlyNulls();
                    assertThat(results).extracting(CompletableFuture::isDone).containsExactly(true, true, false, false);
                }
                case LATEST_REPLACE -> {
                    assertThat(refusals).containsOnlyNulls();
                    assertThat(results).extracting(CompletableFuture::isDone).containsExactly(true, true, false, false);
                }
            }
            // What has left, or is answered, waits no more.
            for (int i = 0; i < 4; i++) {
                boolean waited = !results.get(i).isDone() && refusals.get(i) == null;
                assertThat(writes.get(i).leave()).isEqualTo(waited || refusals.get(i) != null);
            }
            for (int i = 0; i < 2; i++) {
                Request.Write next = new Request.Write(Push.append("k", 9L), Request.Way.DEFAULT);
                assertThat(queue.add(next, new CompletableFuture<>())).isNull();
            }
        }
    }

    @Test
    @Tag("D25")
    void aWriteLeavesOrIsDroppedButNotBoth() {
        Request.Write left = new Request.Write(Push.append("k", 1L), Request.Way.DEFAULT);
        assertThat(left.hasLeft()).isFalse();
        assertThat(left.leave()).isTrue();
        assertThat(left.hasLeft()).isTrue();
        assertThat(left.drop()).isFalse();
        assertThat(left.leave()).as("again, on another connection").isTrue();
        Request.Write dropped = new Request.Write(Push.append("k", 1L), Request.Way.DEFAULT);
        assertThat(dropped.drop()).isTrue();
        assertThat(dropped.drop()).isFalse();
        assertThat(dropped.leave()).isFalse();
        assertThat(dropped.hasLeft()).isFalse();
    }

    @Test
    @Tag("D15")
    @Tag("D33")
    void whatAReadTellsOfAMessage() {
        Numbers since = new Numbers();
        since.add(5);
        since.add(7);
        List<Entry> read = List.of(new Entry(3, 0L), new Entry(7, 0L));
        assertThat(Retained.decides(read, since, 7)).isTrue();
        assertThat(Retained.decides(read, since, 5)).as("a later one is there").isTrue();
        assertThat(Retained.decides(read, since, 8)).isFalse();
        assertThat(Retained.decides(List.of(new Entry(9, 0L)), since, 7))
                .as("9 is a snapshot's number: no message had it")
                .isFalse();
        assertThat(Retained.decides(List.of(), since, 5)).isFalse();
        assertThat(Retained.reaches(read, 7)).isTrue();
        assertThat(Retained.reaches(read, 8)).isFalse();
        assertThat(Retained.reaches(List.of(new Entry(-1, 0L)), 8))
                .as("unsigned")
                .isTrue();
        Numbers messages = new Numbers();
        Retained.collectMessages(List.of(new Entry(9, 0L), new Entry(5, 0L), new Entry(6, 0L)), messages);
        assertThat(messages.toArray()).containsExactly(5, 6);
        assertThat(new Entry(-1, "secret")).hasToString("Entry[18446744073709551615]");
    }

    @Test
    @Tag("L3")
    void aPlaceIsWrittenAndReadBack() {
        Long[] numbers = {null, 0L, 7L, -1L};
        for (Long retained : numbers) {
            for (Long floor : numbers) {
                StreamCheckpoint place = new StreamCheckpoint(3, retained, floor);
                byte[] bytes = place.toBytes();
                assertThat(StreamCheckpoint.of(() -> bytes)).isEqualTo(place);
                assertThat(StreamCheckpoint.of(place)).isSameAs(place);
                bytes[0]++;
                assertThat(StreamCheckpoint.of(() -> bytes))
                        .as("of another format")
                        .isNull();
            }
        }
        assertThat(StreamCheckpoint.of(null)).isNull();
        assertThat(StreamCheckpoint.of(() -> new byte[] {1, 0})).isNull();
    }
}
