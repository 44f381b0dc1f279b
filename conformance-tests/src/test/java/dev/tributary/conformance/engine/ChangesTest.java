package dev.tributary.conformance.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Capability;
import dev.tributary.Change;
import dev.tributary.Checkpoint;
import dev.tributary.ClosedException;
import dev.tributary.Commit;
import dev.tributary.ConnectionException;
import dev.tributary.LaggedException;
import dev.tributary.LimitExceededException;
import dev.tributary.Query;
import dev.tributary.RejectedException;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.spi.Deadlines;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Resume;
import dev.tributary.testkit.simulation.SimulatedConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The commits of a query whose rows are not kept, and the wire that waits for whoever reads them. */
@Tag("L9")
@ExtendWith(QuietEngine.class)
class ChangesTest {

    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Ending BUSY = Ending.retry(new ConnectionException("busy"), Duration.ofMinutes(5));

    private final ScriptedTransport transport = new ScriptedTransport();
    private final SourceDiary diary = new SourceDiary();
    private final Reader reader = new Reader();
    private SyncSource opened;

    private static final class Reader implements Flow.Subscriber<Commit<Row>> {

        final List<Commit<Row>> heard = new ArrayList<>();
        Flow.Subscription subscription;
        Throwable failure;
        Consumer<Commit<Row>> onNext = commit -> {};

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
        }

        @Override
        public void onNext(Commit<Row> commit) {
            heard.add(commit);
            onNext.accept(commit);
        }

        @Override
        public void onError(Throwable reason) {
            failure = reason;
        }

        @Override
        public void onComplete() {
            failure = new IllegalStateException("changes have no end");
        }

        List<String> text() {
            return heard.stream()
                    .map(commit -> commit.origin() + " " + commit.changes())
                    .toList();
        }
    }

    private SyncSource open(String options) {
        transport.deadlines = new Deadlines(IDLE, IDLE, IDLE);
        opened = transport.builder(options).listener(diary).open();
        return opened;
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    private SyncSource subscribed(String options) {
        SyncSource source = open(options);
        source.changes(Query.of("a")).subscribe(reader);
        transport.environment.run();
        return source;
    }

    private void request(long n) {
        reader.subscription.request(n);
        transport.environment.run();
    }

    private void does(Consumer<Draft> action) {
        ScriptedTransport.Session session = transport.last();
        session.does(out -> {
            action.accept(out.draft(session.subscription("a")));
            out.commit(List.of(session.subscription("a")), null);
        });
    }

    // ---- what passes ----

    @Test
    @Tag("L4")
    void changesPassAsTheyCome() {
        subscribed("");
        request(Long.MAX_VALUE);
        transport.last().content("a", 1, 1, 10);
        Row partial = ScriptedTransport.SCHEMA.row(2, 22);
        does(draft -> {
            assertThat(draft.schema()).isEqualTo(ScriptedTransport.SCHEMA);
            assertThat(draft.get(ScriptedTransport.Session.row(1, 0))).isNull();
            assertThat(draft.size()).isZero();
            draft.put(ScriptedTransport.Session.row(2, 20));
            assertThat(draft.patch(partial, ScriptedTransport.Session.row(2, 20)))
                    .isTrue();
            assertThat(draft.remove(partial)).isSameAs(partial);
            assertThat(draft.add(ScriptedTransport.Session.row(3, 30), 1)).isEqualTo(1);
            assertThat(draft.add(ScriptedTransport.Session.row(3, 30), -2)).isEqualTo(-2);
        });
        does(draft -> {
            draft.put(ScriptedTransport.Session.row(8, 80));
            draft.event("dropped with the rest");
            draft.replaceAll(ScriptedTransport.SCHEMA);
            draft.put(ScriptedTransport.Session.row(4, 40));
        });
        assertThat(reader.text())
                .containsExactly(
                        "INITIAL [+ 1 {id=1, value=10}]",
                        "LIVE [+ 2 {id=2, value=20}, ~ 2 {id=2, value=22} was {id=2, value=20}, - 2,"
                                + " + 3 {id=3, value=30}, - 3]",
                        "RESET [+ 4 {id=4, value=40}]");
        assertThat(reader.heard).extracting(Commit::version).containsExactly(1L, 2L, 3L);
        assertThat(reader.heard.get(1).changes().get(1).kind()).isEqualTo(Change.Kind.UPDATE);
        assertThat(reader.heard.get(1).changes().get(1).key()).containsExactly(2);
        assertThat(reader.heard.get(2).snapshot().isEmpty()).isTrue();
    }

    @Test
    @Tag("L3")
    void aCheckpointAloneIsNoCommitButIsKept() {
        subscribed("");
        request(Long.MAX_VALUE);
        transport.last().content("a", 1, 1, 10);
        does(draft -> draft.checkpoint(ScriptedTransport.checkpoint(7)));
        assertThat(reader.heard).hasSize(1);
        transport.last().does(out -> out.end(BUSY));
        transport.advance(Duration.ofMinutes(5));
        Resume resume = transport.last().subscription("a").resume();
        assertThat(resume.checkpoint().toBytes()).containsExactly(7);
        assertThat(resume.schema()).isEqualTo(ScriptedTransport.SCHEMA);
    }

    @Test
    void anEventAloneIsACommit() {
        subscribed("");
        request(Long.MAX_VALUE);
        transport.last().content("a", 1);
        does(draft -> draft.event("a wave"));
        assertThat(reader.text()).containsExactly("INITIAL []", "LIVE []");
    }

    @Test
    @Tag("L3")
    void fromACheckpointTheFirstCommitIsNoFirstContent() {
        SyncSource source = open("");
        source.changes(Query.of("a"), Checkpoint.of(new byte[] {5})).subscribe(reader);
        ScriptedTransport.Session session = transport.last();
        assertThat(session.subscription("a").resume().checkpoint().toBytes()).containsExactly(5);
        request(10);
        does(draft -> {
            draft.checkpoint(ScriptedTransport.checkpoint(6));
            draft.event("a wave");
        });
        assertThat(reader.text()).containsExactly("LIVE []");
        assertThat(reader.heard.get(0).checkpoint().toBytes()).containsExactly(6);
    }

    @Test
    @Tag("L3")
    void aResetForgetsTheCheckpoint() {
        subscribed("");
        transport.last().content("a", 1, 1, 10);
        transport.last().ends("a", Ending.reset(new ConnectionException("the log is gone")));
        transport.environment.run();
        assertThat(transport.last().subscription("a").resume()).isNull();
    }

    @Test
    void whatASessionLeavesOpenIsDroppedUnlessItIsCarriedOn() {
        for (String carry : new String[] {null, "here is more"}) {
            ScriptedTransport other = new ScriptedTransport();
            Reader heard = new Reader();
            try (SyncSource source = other.builder().open()) {
                source.changes("a").subscribe(heard);
                other.last().content("a", 1, 1, 10);
                heard.subscription.request(10);
                ScriptedTransport.Session session = other.last();
                session.does(out -> {
                    out.draft(session.subscription("a")).put(ScriptedTransport.Session.row(2, 20));
                    out.end(session.subscription("a"), BUSY, carry);
                });
                other.advance(Duration.ofMinutes(5));
                other.last().change("a", 2, 3, 30);
                assertThat(heard.heard.get(1).changes()).hasSize(carry == null ? 1 : 2);
            }
        }
    }

    @Test
    void aTransactionOverItsBoundEndsTheSubscription() {
        subscribed("?maxTransaction=1k");
        request(10);
        transport.last().content("a", 1, 1, 10);
        does(draft -> {
            for (int i = 0; i < 1000; i++) {
                draft.put(ScriptedTransport.Session.row(i, i));
            }
        });
        assertThat(reader.failure).isInstanceOf(LimitExceededException.class);
        assertThat(reader.heard).hasSize(1);
    }

    @Test
    void aTransactionWithinItsBoundPasses() {
        int one = ScriptedTransport.Session.row(1, 1).sizeInBytes();
        int fit = 1024 / one;
        subscribed("?maxTransaction=" + fit * one);
        request(10);
        transport.last().content("a", 1, 1, 10);
        does(draft -> {
            for (int i = 0; i < fit; i++) {
                draft.put(ScriptedTransport.Session.row(1, 1));
            }
        });
        assertThat(reader.failure).isNull();
        assertThat(reader.heard.get(1).changes()).hasSize(fit);
    }

    // ---- who reads slowly ----

    @Test
    void soManyCommitsMayWaitAndOneMoreIsTooMany() {
        subscribed("?changesBuffer=4");
        transport.last().content("a", 1, 1, 10);
        for (int i = 2; i <= 4; i++) {
            transport.last().change("a", i, 1, i);
        }
        assertThat(reader.failure).isNull();
        request(1);
        transport.last().change("a", 5, 1, 5);
        assertThat(reader.failure).isNull();
        transport.last().change("a", 6, 1, 6);
        assertThat(reader.failure).isInstanceOf(LaggedException.class).hasMessageContaining("4 commits");
        assertThat(reader.heard).as("what waits is dropped").hasSize(1);
        assertThat(transport.last().unsubscribed).containsExactly("a");
    }

    @Test
    void demandAddsUpAndIsUsedUp() {
        subscribed("");
        transport.last().content("a", 1, 1, 10);
        request(1);
        request(2);
        for (int i = 2; i <= 6; i++) {
            transport.last().change("a", i, 1, i);
        }
        assertThat(reader.heard).hasSize(3);
        request(Long.MAX_VALUE);
        request(Long.MAX_VALUE);
        assertThat(reader.heard).hasSize(6);
        transport.last().change("a", 7, 1, 7);
        assertThat(reader.heard).hasSize(7);
        assertThat(reader.failure).isNull();
    }

    @Test
    void aWireThatCanWaitWaitsAndIsNotTakenForSilent() {
        transport.capabilities = EnumSet.of(Capability.RESUME, Capability.BACKPRESSURE);
        subscribed("?changesBuffer=8");
        transport.last().content("a", 1, 1, 1);
        SimulatedConnection wire = transport.last().connection();
        for (int i = 2; i <= 3; i++) {
            transport.last().change("a", i, 1, i);
        }
        assertThat(wire.demand()).as("less than half is full").isEqualTo(16);
        for (int i = 4; i <= 12; i++) {
            transport.last().change("a", i, 1, i);
        }
        assertThat(reader.failure)
                .as("more than the buffer, but the wire waits")
                .isNull();
        assertThat(wire.demand()).isEqualTo(16 - 9);
        transport.advance(IDLE.multipliedBy(10));
        assertThat(transport.sessions).hasSize(1);
        assertThat(transport.last().heard).containsExactly("opened 101");
        request(8);
        assertThat(wire.demand()).as("still half full").isEqualTo(16 - 9);
        request(1);
        assertThat(wire.demand()).isEqualTo(16);
        request(100);
        transport.last().change("a", 13, 1, 13);
        assertThat(reader.heard).hasSize(13);
        assertThat(wire.demand()).isEqualTo(16);
        transport.advance(IDLE.minusNanos(1));
        assertThat(transport.last().heard).containsExactly("opened 101");
        transport.advance(Duration.ofNanos(1));
        assertThat(transport.sessions.get(0).heard).as("now it is silent").containsExactly("opened 101", "SILENT");
    }

    @Test
    void aWireThatOpensWhileTheReaderIsFullBringsNothingYet() {
        transport.capabilities = EnumSet.of(Capability.RESUME, Capability.BACKPRESSURE);
        subscribed("?changesBuffer=1");
        transport.last().content("a", 1, 1, 1);
        transport.last().does(out -> out.end(BUSY));
        transport.advance(Duration.ofMinutes(5));
        SimulatedConnection wire = transport.last().connection();
        assertThat(transport.sessions).hasSize(2);
        assertThat(wire.demand()).isZero();
        request(1);
        assertThat(reader.heard).hasSize(1);
        assertThat(wire.demand()).isEqualTo(16);
    }

    @Test
    void whoCancelsLetsItsQueryGo() {
        subscribed("");
        transport.last().content("a", 1, 1, 10);
        reader.subscription.cancel();
        transport.environment.run();
        assertThat(transport.last().unsubscribed).containsExactly("a");
        assertThat(transport.environment.pending().wires()).isZero();
    }

    // ---- how it ends ----

    @Test
    @Tag("L11")
    void aSubscriberThatThrowsIsReported() {
        subscribed("");
        reader.onNext = commit -> {
            throw new IllegalStateException("a subscriber with a bug");
        };
        transport.last().content("a", 1, 1, 10);
        request(10);
        assertThat(diary.take("listener")).containsExactly("listener of a failed: a subscriber with a bug");
        assertThat(transport.environment.pending().wires()).isZero();
    }

    @Test
    @Tag("L11")
    void anExecutorThatRefusesEndsTheSubscriptionAndThatIsReported() {
        boolean[] shutDown = {false};
        try (SyncSource source = transport
                .builder()
                .listener(diary)
                .executor(task -> {
                    if (shutDown[0]) {
                        throw new RejectedExecutionException("shut down");
                    }
                    transport.environment.listeners().execute(task);
                })
                .open()) {
            source.changes("a").subscribe(reader);
            transport.environment.run();
            reader.subscription.request(10);
            transport.last().content("a", 1, 1, 10);
            shutDown[0] = true;
            transport.last().change("a", 2, 1, 2);
            transport.environment.run();
            assertThat(diary.take("listener")).containsExactly("listener of a failed: shut down");
            assertThat(transport.environment.pending().wires()).isZero();
            assertThat(reader.heard).hasSize(1);
        }
    }

    @Test
    @Tag("L12")
    void theCloseOfTheSourceEndsItWithAnError() {
        SyncSource source = subscribed("");
        transport.last().content("a", 1, 1, 10);
        source.close();
        transport.environment.run();
        assertThat(reader.failure).isInstanceOf(ClosedException.class);
        Reader late = new Reader();
        source.changes("a").subscribe(late);
        transport.environment.run();
        assertThat(late.failure).isInstanceOf(ClosedException.class);
        assertThat(transport.sessions).hasSize(1);
        assertThat(transport.environment.pending().isNothing()).isTrue();
    }

    @Test
    void aFailureComesBeforeWhatNobodyAskedFor() {
        subscribed("");
        transport.last().content("a", 1, 1, 10);
        transport.last().ends("a", Ending.gone(new RejectedException("dropped")));
        transport.environment.run();
        assertThat(reader.failure).hasMessage("dropped");
        assertThat(reader.heard).isEmpty();
        request(10);
        assertThat(reader.heard).isEmpty();
    }

    @Test
    @Tag("L12")
    void aSourceThatClosesBeforeItBeginsEndsItToo() {
        SyncSource source = open("");
        source.changes("a").subscribe(reader);
        source.close();
        transport.environment.run();
        assertThat(reader.failure).isInstanceOf(ClosedException.class);
        assertThat(transport.sessions).isEmpty();
    }
}
