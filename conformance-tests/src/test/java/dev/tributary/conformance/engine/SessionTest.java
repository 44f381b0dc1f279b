package dev.tributary.conformance.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Backoff;
import dev.tributary.ConfigurationException;
import dev.tributary.ConnectionException;
import dev.tributary.LimitExceededException;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.ProtocolException;
import dev.tributary.Row;
import dev.tributary.SourceStatus;
import dev.tributary.SyncSource;
import dev.tributary.ViewStatus;
import dev.tributary.spi.Calls;
import dev.tributary.spi.Delivery;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Output;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a protocol says is done, shown and told. */
@ExtendWith(QuietEngine.class)
class SessionTest {

    private static final Ending BUSY = Ending.retry(new ConnectionException("busy"), Duration.ofMinutes(5));

    private final ScriptedTransport transport = new ScriptedTransport();
    private final SourceDiary diary = new SourceDiary();
    private final SyncSource source = transport
            .builder()
            .backoff(Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(2)))
            .listener(diary)
            .open();

    private MaterializedView<Row> loaded(String query) {
        MaterializedView<Row> view = source.materialize(query);
        transport.last().content(query, 1, 1, 10);
        return view;
    }

    private void does(Consumer<Output> action) {
        transport.last().does(action);
    }

    // ---- timers ----

    @Test
    void aTimerComesOnceBetweenItsBounds() {
        loaded("a");
        ScriptedTransport.Session session = transport.last();
        List<Duration> delays = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            session.timers.clear();
            Duration set = transport.environment.elapsed();
            does(out -> out.timer("tick", Duration.ofSeconds(2), Duration.ofSeconds(6)));
            while (session.timers.isEmpty()) {
                transport.environment.step(Duration.ofSeconds(10));
            }
            delays.add(transport.environment.elapsed().minus(set));
            transport.advance(Duration.ofSeconds(10));
            assertThat(session.timers).containsExactly("tick");
        }
        assertThat(delays)
                .allSatisfy(delay -> assertThat(delay).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(6)));
        assertThat(delays).anySatisfy(delay -> assertThat(delay).isLessThan(Duration.ofSeconds(3)));
        assertThat(delays).anySatisfy(delay -> assertThat(delay).isGreaterThan(Duration.ofSeconds(5)));
    }

    @Test
    void aTimerWithoutARangeComesAtItsTime() {
        loaded("a");
        ScriptedTransport.Session session = transport.last();
        does(out -> out.timer("tick", Duration.ofSeconds(2), Duration.ofSeconds(2)));
        transport.advance(Duration.ofSeconds(2).minusNanos(1));
        assertThat(session.timers).isEmpty();
        transport.advance(Duration.ofNanos(1));
        assertThat(session.timers).containsExactly("tick");
    }

    @Test
    void aTagHasOneTimerAndCanBeForgotten() {
        loaded("a");
        ScriptedTransport.Session session = transport.last();
        does(out -> out.timer("tick", Duration.ofSeconds(1), Duration.ofSeconds(1)));
        does(out -> out.timer("tick", Duration.ofSeconds(9), Duration.ofSeconds(9)));
        does(out -> out.timer("tock", Duration.ofSeconds(2), Duration.ofSeconds(2)));
        assertThat(transport.environment.pending().timers())
                .as("tick, tock, and the watch over the wire")
                .isEqualTo(3);
        transport.advance(Duration.ofSeconds(8));
        assertThat(session.timers).containsExactly("tock");
        does(out -> out.cancelTimer("tick"));
        does(out -> out.cancelTimer("never set"));
        transport.advance(Duration.ofSeconds(8));
        assertThat(session.timers).containsExactly("tock");
    }

    // ---- the status of a view ----

    @Test
    @Tag("L5")
    void progressIsShownWhileLoadingAndNotAfterwards() {
        MaterializedView<Row> view = source.materialize("a");
        ScriptedTransport.Session session = transport.last();
        does(out -> out.progress(session.subscription("a"), 7, 700, 0.5));
        assertThat(view.status().rows()).isEqualTo(7);
        assertThat(view.status().bytes()).isEqualTo(700);
        assertThat(view.status().fraction()).isEqualTo(0.5);
        does(out -> out.end(Ending.retry(new ConnectionException("gone"))));
        assertThat(view.status().phase()).isEqualTo(Phase.LOADING);
        assertThat(view.status().rows())
                .as("what was loaded so far is still shown")
                .isEqualTo(7);
        assertThat(view.status().bytes()).isEqualTo(700);
        assertThat(view.status().fraction()).isEqualTo(0.5);
        transport.advance(Duration.ofSeconds(2));
        ScriptedTransport.Session next = transport.last();
        next.content("a", 1, 1, 1);
        does(out -> out.progress(next.subscription("a"), 8, 800, 0.6));
        assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
        assertThat(view.status().rows()).isZero();
        assertThat(view.status().bytes()).isZero();
        assertThat(view.status().fraction()).isNaN();
        view.close();
        assertThat(view.status().rows()).isZero();
        assertThat(view.status().fraction()).isNaN();
    }

    @Test
    @Tag("L5")
    void aLoadThatIsClosedOrLostForLongShowsNoProgress() {
        MaterializedView<Row> view = source.materialize("a");
        ScriptedTransport.Session session = transport.last();
        does(out -> out.progress(session.subscription("a"), 7, 700, 0.5));
        MaterializedView<Row> filtered = view.where(row -> true);
        transport.environment.run();
        assertThat(filtered.status().rows()).isEqualTo(7);
        source.pause("the lid is closed");
        transport.environment.run();
        ViewStatus status = view.status();
        assertThat(status.phase()).isEqualTo(Phase.STALE);
        assertThat(status.rows()).isZero();
        assertThat(status.bytes()).isZero();
        assertThat(status.fraction()).isNaN();
    }

    @Test
    @Tag("L5")
    void thePhaseBeganWhenItBegan() {
        Instant begin = transport.environment.now();
        MaterializedView<Row> view = source.materialize("a");
        transport.advance(Duration.ofSeconds(3));
        ScriptedTransport.Session session = transport.last();
        does(out -> out.progress(session.subscription("a"), 1, 1, 0.1));
        assertThat(view.status().since()).isEqualTo(begin);
        session.content("a", 1, 1, 1);
        Instant live = transport.environment.now();
        assertThat(view.status().since()).isEqualTo(live);
        transport.advance(Duration.ofSeconds(3));
        does(out -> out.upToDate(session.subscription("a")));
        assertThat(view.status().since()).as("it was live all the time").isEqualTo(live);
        transport.advance(Duration.ofSeconds(3));
        does(out -> out.end(BUSY));
        assertThat(view.status().since()).isEqualTo(transport.environment.now());
        transport.advance(Duration.ofSeconds(3));
        view.close();
        assertThat(view.status().since()).isEqualTo(transport.environment.now());
    }

    @Test
    @Tag("L5")
    void conditionAndVerifiedStandBesideEveryPhase() {
        MaterializedView<Row> view = source.materialize("a");
        ScriptedTransport.Session session = transport.last();
        does(out -> out.condition(session.subscription("a"), "the value is no object"));
        does(out -> out.progress(session.subscription("a"), 1, 2, 0.5));
        does(out -> out.verified(session.subscription("a"), "entry 7"));
        assertThat(view.status().toString()).isEqualTo("loading 50 %; the value is no object");
        session.content("a", 1, 1, 1);
        assertThat(view.status().toString()).isEqualTo("live, verified up to entry 7; the value is no object");
        does(out -> out.verified(session.subscription("a"), "entry 8"));
        does(out -> out.condition(session.subscription("a"), null));
        assertThat(view.status().toString()).isEqualTo("live, verified up to entry 8");
        does(out -> out.condition(session.subscription("a"), "again"));
        view.close();
        assertThat(view.status().condition()).isEqualTo("again");
        assertThat(view.status().verifiedUpTo()).isEqualTo("entry 8");
    }

    @Test
    @Tag("L5")
    void aProtocolThatKnowsThatItIsBehindMakesTheViewStale() {
        MaterializedView<Row> view = loaded("a");
        ScriptedTransport.Session session = transport.last();
        ConnectionException gap = new ConnectionException("a gap in the log");
        does(out -> out.behind(session.subscription("a"), gap));
        assertThat(view.status().phase()).isEqualTo(Phase.STALE);
        assertThat(view.status().reason()).isSameAs(gap);
        does(out -> out.upToDate(session.subscription("a")));
        assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
        assertThat(view.status().reason()).isNull();
        assertThat(transport.sessions).hasSize(1);
    }

    @Test
    @Tag("L5")
    void aRestoredViewIsStaleUntilTheServerConfirmsIt() {
        byte[] saved = loaded("a").save().toBytes();
        ScriptedTransport other = new ScriptedTransport();
        try (SyncSource two = other.builder().open()) {
            MaterializedView<Row> view = two.materialize("a", row -> row, from -> from.saved(saved));
            other.environment.run();
            assertThat(view.snapshot().size()).isEqualTo(1);
            assertThat(view.status().phase()).isEqualTo(Phase.STALE);
            assertThat(view.status().reason()).hasMessageContaining("saved");
            ScriptedTransport.Session session = other.last();
            assertThat(session.subscription("a").resume().checkpoint().toBytes())
                    .containsExactly(1);
            session.does(out -> out.upToDate(session.subscription("a")));
            assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
        }
    }

    @Test
    @Tag("L5")
    void whateverIsGoodFromTheServerMakesTheSourceConnected() {
        List<Consumer<Output>> goods = List.of(
                Output::connected,
                out -> out.upToDate(
                        transport.sessions.get(transport.sessions.size() - 1).subscription("a")),
                out -> out.commit(List.of(), null));
        for (Consumer<Output> good : goods) {
            MaterializedView<Row> view = source.materialize("a");
            transport.environment.run();
            assertThat(source.status().phase()).isEqualTo(SourceStatus.Phase.CONNECTING);
            does(good);
            assertThat(source.status().phase()).isEqualTo(SourceStatus.Phase.CONNECTED);
            view.close();
            transport.environment.run();
        }
    }

    // ---- what is told ----

    @Test
    void theListenerOfTheSourceHearsOfWiresBytesCommitsAndFaults() {
        loaded("a");
        assertThat(diary.lines)
                .containsExactly(
                        "attempt 1 of a", "wire of a to ws://nowhere", "3 bytes for a", "commit 1 of a with 1");
        diary.take("");
        ScriptedTransport.Session session = transport.last();
        session.change("a", 2, 1, 11, 2, 22);
        assertThat(diary.take("commit")).containsExactly("commit 2 of a with 2");
        List<LogRecord> logged = logged(() -> does(out -> out.fault(session.subscription("a"), "a gap", "frame 7")));
        assertThat(diary.take("fault")).containsExactly("fault of a: a gap at frame 7");
        assertThat(logged)
                .singleElement()
                .satisfies(entry -> assertThat(entry.getParameters()).contains("a gap", "frame 7"));
    }

    private static List<LogRecord> logged(Runnable action) {
        List<LogRecord> entries = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                entries.add(entry);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.tributary");
        logger.addHandler(handler);
        try {
            action.run();
        } finally {
            logger.removeHandler(handler);
        }
        return entries;
    }

    @Test
    @Tag("L11")
    void aListenerOfTheSourceThatThrowsIsLoggedAndStopsNothing() {
        ScriptedTransport other = new ScriptedTransport();
        SourceDiary second = new SourceDiary();
        try (SyncSource two = other.builder()
                .listener(new dev.tributary.SourceListener() {
                    @Override
                    public void onAttempt(dev.tributary.Query query, int attempt) {
                        throw new IllegalStateException("a listener with a bug");
                    }
                })
                .listener(second)
                .open()) {
            List<LogRecord> logged = logged(() -> {
                two.materialize("a");
                other.environment.run();
            });
            assertThat(logged)
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.getThrown()).hasMessage("a listener with a bug"));
            assertThat(second.take("attempt")).containsExactly("attempt 1 of a");
        }
    }

    @Test
    @Tag("L11")
    void aStatusListenerThatThrowsIsLoggedAndHearsTheNext() {
        List<SourceStatus.Phase> heard = new ArrayList<>();
        List<LogRecord> logged = logged(() -> {
            source.onStatus(status -> {
                heard.add(status.phase());
                throw new IllegalStateException("a listener with a bug");
            });
            transport.environment.run();
            source.onStatus(status -> {});
            loaded("a");
        });
        assertThat(heard.size()).isGreaterThan(1);
        assertThat(logged)
                .hasSameSizeAs(heard)
                .allSatisfy(entry -> assertThat(entry.getThrown()).hasMessage("a listener with a bug"));
    }

    // ---- what a protocol throws ----

    @Test
    @Tag("L10")
    void whatAProtocolThrowsIsTheReasonAndIsTold() {
        MaterializedView<Row> a = loaded("a");
        MaterializedView<Row> b = loaded("b");
        diary.take("");
        does(out -> {
            throw new ProtocolException("no such tag at byte 7");
        });
        for (MaterializedView<Row> view : List.of(a, b)) {
            assertThat(view.status().phase()).isEqualTo(Phase.STALE);
            assertThat(view.status().reason())
                    .isInstanceOf(ProtocolException.class)
                    .hasMessage("no such tag at byte 7");
        }
        assertThat(diary.take("fault"))
                .containsExactly(
                        "fault of a: no such tag at byte 7 at session", "fault of b: no such tag at byte 7 at session");
    }

    @Test
    @Tag("L10")
    void aProtocolThatRunsOutOfStackEndsOnlyItsSession() {
        MaterializedView<Row> view = loaded("a");
        List<LogRecord> logged = logged(() -> does(out -> {
            throw new StackOverflowError();
        }));
        assertThat(view.status().reason()).isInstanceOf(ProtocolException.class);
        assertThat(logged)
                .as("a bug is logged with its trace")
                .anySatisfy(entry -> assertThat(entry.getThrown()).isInstanceOf(StackOverflowError.class));
        transport.advance(Duration.ofSeconds(2));
        transport.last().content("a", 2, 1, 1);
        assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
    }

    @Test
    @Tag("L10")
    void whatNoRetryWouldChangeFailsTheQueries() {
        MaterializedView<Row> view = loaded("a");
        does(out -> {
            throw new ConfigurationException("this server is too old");
        });
        assertThat(view.status().phase()).isEqualTo(Phase.FAILED);
        assertThat(view.status().reason()).isInstanceOf(ConfigurationException.class);
    }

    @Test
    @Tag("L9")
    void aQueryThatOutgrewItsBoundIsAloneInThat() {
        ScriptedTransport other = new ScriptedTransport();
        SourceDiary told = new SourceDiary();
        try (SyncSource two = other.builder("?maxTransaction=1k").listener(told).open()) {
            MaterializedView<Row> alone = two.materialize("alone");
            other.last().content("alone", 1, 1, 1);
            told.take("");
            ScriptedTransport.Session session = other.last();
            session.does(out -> {
                for (int i = 0; i < 1000; i++) {
                    out.draft(session.subscription("alone")).put(ScriptedTransport.Session.row(i, i));
                }
            });
            assertThat(alone.status().phase()).isEqualTo(Phase.FAILED);
            assertThat(alone.snapshot().size()).as("what was committed stays").isEqualTo(1);
            assertThat(told.take("fault")).as("nobody else is hit").isEmpty();
            MaterializedView<Row> a = two.materialize("a");
            MaterializedView<Row> b = two.materialize("b");
            other.last().content("a", 1, 1, 1);
            other.last().content("b", 1, 1, 1);
            told.take("");
            other.last().does(out -> {
                throw new LimitExceededException("a message of 2 GB");
            });
            assertThat(a.status().phase()).isEqualTo(Phase.STALE);
            assertThat(b.status().phase()).isEqualTo(Phase.STALE);
            assertThat(told.take("fault")).hasSize(2);
        }
    }

    @Test
    void aSessionThatEndsWhileItIsGivenItsQueriesIsGivenNoMore() {
        loaded("a");
        loaded("b");
        Calls calls = source.unwrap(Calls.class);
        does(out -> out.end(BUSY));
        CompletableFuture<Object> call = calls.call("ask", Duration.ofHours(1), Delivery.ONCE);
        transport.onSubscribe = (subscription, out) -> {
            throw new ProtocolException("cannot begin");
        };
        transport.advance(Duration.ofMinutes(5));
        ScriptedTransport.Session second = transport.sessions.get(1);
        assertThat(second.subscriptions).containsOnlyKeys("a");
        assertThat(second.calls).isEmpty();
        transport.onSubscribe = (subscription, out) -> {};
        transport.advance(Duration.ofSeconds(2));
        assertThat(transport.last().subscriptions).containsOnlyKeys("a", "b");
        assertThat(transport.last().calls).hasSize(1);
        assertThat(call).isNotDone();
    }

    @Test
    void aRunThatEndsAsItBeginsIsGivenNoCalls() {
        MaterializedView<Row> a = loaded("a");
        loaded("b");
        Calls calls = source.unwrap(Calls.class);
        transport.last().ends("a", BUSY);
        calls.call(a, "ask", Duration.ofHours(1), Delivery.ONCE);
        transport.onSubscribe = (subscription, out) -> out.end(subscription, BUSY, null);
        transport.advance(Duration.ofMinutes(5));
        assertThat(transport.last().calls).isEmpty();
    }

    @Test
    void aRunEndsOnce() {
        MaterializedView<Row> a = loaded("a");
        loaded("b");
        ScriptedTransport.Session session = transport.last();
        diary.take("");
        does(out -> {
            out.end(session.subscription("a"), BUSY, "keep this");
            out.end(session.subscription("a"), Ending.gone(new ConnectionException("twice")), null);
        });
        assertThat(diary.take("end of")).containsExactly("end of a by RETRY: busy");
        assertThat(a.status().phase()).isEqualTo(Phase.STALE);
        transport.advance(Duration.ofMinutes(5));
        assertThat(session.subscription("a").resume().carry()).isEqualTo("keep this");
    }

    @Test
    @Tag("L7")
    void aResetForgetsWhatTheProtocolGave() {
        loaded("a");
        ScriptedTransport.Session session = transport.last();
        does(out -> out.end(
                session.subscription("a"), Ending.reset(new ConnectionException("the log is gone")), "a dead handle"));
        transport.environment.run();
        assertThat(transport.last().subscription("a").resume()).isNull();
    }

    // ---- commits ----

    @Test
    @Tag("L3")
    void aDraftWithoutChangesMovesOnlyTheCheckpoint() {
        MaterializedView<Row> view = loaded("a");
        List<String> heard = new ArrayList<>();
        view.listen(commit -> heard.add(commit.origin() + ""));
        ScriptedTransport.Session session = transport.last();
        does(out -> {
            out.draft(session.subscription("a")).checkpoint(ScriptedTransport.checkpoint(9));
            assertThat(out.checkpoint(session.subscription("a")).toBytes()).containsExactly(1);
            out.commit(List.of(session.subscription("a")), null);
            assertThat(out.checkpoint(session.subscription("a")).toBytes()).containsExactly(9);
        });
        assertThat(heard).containsExactly("INITIAL");
        assertThat(view.snapshot().version()).isEqualTo(1);
        does(out -> out.end(BUSY));
        transport.advance(Duration.ofMinutes(5));
        assertThat(transport.last().subscription("a").resume().checkpoint().toBytes())
                .containsExactly(9);
    }

    @Test
    void aCommitOfAQueryWithoutADraftIsNone() {
        MaterializedView<Row> view = loaded("a");
        ScriptedTransport.Session session = transport.last();
        does(out -> out.commit(List.of(session.subscription("a")), null));
        assertThat(view.snapshot().version()).isEqualTo(1);
    }

    @Test
    void aProtocolKnowsWhetherRowsAreKept() {
        source.materialize("a");
        assertThat(transport.last().subscription("a").keepsRows()).isTrue();
        source.changes("b").subscribe(new IgnoringSubscriber());
        assertThat(transport.last().subscription("b").keepsRows()).isFalse();
        assertThat(transport.last().subscription("b")).hasToString("b");
    }
}
