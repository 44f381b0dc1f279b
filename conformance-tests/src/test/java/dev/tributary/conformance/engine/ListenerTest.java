package dev.tributary.conformance.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Commit;
import dev.tributary.ConnectionException;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.ViewListener;
import dev.tributary.ViewStatus;
import dev.tributary.spi.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a listener hears, above all one that was busy for a while. */
@Tag("L4")
@ExtendWith(QuietEngine.class)
class ListenerTest {

    private static final Ending BUSY = Ending.retry(new ConnectionException("busy"), Duration.ofMinutes(5));

    private final ScriptedTransport transport = new ScriptedTransport();
    private final SourceDiary diary = new SourceDiary();
    private final SyncSource source = transport.builder().listener(diary).open();
    private final List<Runnable> waiting = new ArrayList<>();

    /** Writes down what it hears, and makes a copy of the rows of it. */
    private static final class Listener implements ViewListener<Row> {

        final List<Commit<Row>> commits = new ArrayList<>();
        final List<String> lines = new ArrayList<>();
        final Map<Object, Row> rows = new HashMap<>();

        @Override
        public void onCommit(Commit<Row> commit) {
            commits.add(commit);
            lines.add(commit.origin()
                    + (commit.isMerged() ? " merged " : " ")
                    + commit.changes().size());
            commit.changes().forEach(change -> {
                assertThat(rows.get(change.key())).isEqualTo(change.before());
                if (change.after() == null) {
                    rows.remove(change.key());
                } else {
                    rows.put(change.key(), change.after());
                }
            });
            assertThat(rows.values())
                    .containsExactlyInAnyOrderElementsOf(commit.snapshot().toList());
        }

        @Override
        public void onStatus(ViewStatus status) {
            lines.add(status.phase().toString());
        }

        @Override
        public void onEvent(Object event) {
            lines.add("event " + event);
        }

        @Override
        public void onEventsDropped(long count) {
            lines.add(count + " events dropped");
        }

        List<String> take() {
            List<String> taken = List.copyOf(lines);
            lines.clear();
            return taken;
        }
    }

    private MaterializedView<Row> loaded() {
        MaterializedView<Row> view = source.materialize("a");
        transport.last().content("a", 1, 1, 10);
        return view;
    }

    /** A listener on an executor of its own, which has heard the content. */
    private Listener slow(MaterializedView<Row> view) {
        Listener listener = new Listener();
        view.listen(listener, waiting::add);
        runWaiting();
        assertThat(listener.take()).containsExactly("INITIAL 1", "LIVE");
        return listener;
    }

    private void runWaiting() {
        while (!waiting.isEmpty()) {
            waiting.remove(0).run();
        }
    }

    private void changes(int from, int to) {
        for (int i = from; i <= to; i++) {
            transport.last().change("a", i % 100, i % 5, i);
        }
    }

    private void emit(Object... events) {
        ScriptedTransport.Session session = transport.last();
        session.does(out -> {
            for (Object event : events) {
                out.draft(session.subscription("a")).event(event);
            }
            out.commit(List.of(session.subscription("a")), null);
        });
    }

    @Test
    @Tag("L9")
    void soManyCommitsWaitAndOneMoreMergesThem() {
        Listener listener = slow(loaded());
        changes(1, 64);
        assertThat(waiting).as("one task, however many commits").hasSize(1);
        runWaiting();
        assertThat(listener.commits).hasSize(1 + 64);
        assertThat(listener.commits).noneMatch(Commit::isMerged);
        listener.take();
        changes(101, 165);
        runWaiting();
        assertThat(listener.take()).containsExactly("LIVE merged 5");
        Commit<Row> merged = listener.commits.get(listener.commits.size() - 1);
        assertThat(merged.origin()).isEqualTo(Commit.Origin.LIVE);
        assertThat(merged.version()).isEqualTo(1 + 64 + 65);
        assertThat(merged.metadata(Object.class)).isEmpty();
        changes(201, 264);
        runWaiting();
        assertThat(listener.take()).as("it counts anew").hasSize(64);
    }

    @Test
    @Tag("L9")
    void manyChangesInFewCommitsAreMergedToo() {
        Listener listener = slow(loaded());
        int[] many = new int[2 * 8192];
        for (int i = 0; i < many.length; i += 2) {
            many[i] = i / 2;
            many[i + 1] = -1;
        }
        transport.last().change("a", 2, many);
        for (int i = 1; i < many.length; i += 2) {
            many[i] = -2;
        }
        transport.last().change("a", 3, many);
        runWaiting();
        assertThat(listener.take()).as("16384 changes may wait").containsExactly("LIVE 8192", "LIVE 8192");
        for (int i = 1; i < many.length; i += 2) {
            many[i] = -3;
        }
        transport.last().change("a", 4, many);
        for (int i = 1; i < many.length; i += 2) {
            many[i] = -4;
        }
        transport.last().change("a", 5, many);
        transport.last().change("a", 6, 1, 7);
        runWaiting();
        assertThat(listener.take()).as("one more may not").containsExactly("LIVE merged 8192");
        transport.last().change("a", 7, 1, 8);
        transport.last().change("a", 8, 1, 9);
        runWaiting();
        assertThat(listener.take()).as("it counts anew").containsExactly("LIVE 1", "LIVE 1");
    }

    @Test
    @Tag("L9")
    void oneLargeCommitAloneIsNotMerged() {
        Listener listener = slow(loaded());
        int[] many = new int[2 * 16_000];
        for (int i = 0; i < many.length; i += 2) {
            many[i] = i / 2;
            many[i + 1] = -1;
        }
        transport.last().change("a", 2, many);
        runWaiting();
        assertThat(listener.take()).containsExactly("LIVE 16000");
    }

    @Test
    void mergedCommitsThatChangedNothingInTheEndAreNotHeard() {
        Listener listener = slow(loaded());
        for (int i = 0; i < 70; i++) {
            transport.last().change("a", i, 1, i % 2 == 0 ? 11 : 10);
        }
        runWaiting();
        assertThat(listener.commits.get(listener.commits.size() - 1).changes()).isNotEmpty();
    }

    @Test
    void aFirstContentThatIsMergedStaysAFirstContent() {
        MaterializedView<Row> view = loaded();
        Listener listener = new Listener();
        view.listen(listener, waiting::add);
        changes(1, 100);
        runWaiting();
        assertThat(listener.lines.get(0)).isEqualTo("INITIAL 5");
        assertThat(listener.commits.stream().filter(commit -> commit.origin() == Commit.Origin.INITIAL))
                .hasSize(1);
    }

    @Test
    void aListenerFromBeforeTheContentHearsItWhole() {
        MaterializedView<Row> view = source.materialize("a");
        Listener listener = new Listener();
        view.listen(listener, waiting::add);
        runWaiting();
        transport.last().content("a", 1, 1, 10, 2, 20);
        runWaiting();
        assertThat(listener.take()).containsExactly("LOADING", "INITIAL 2", "LIVE");
    }

    @Test
    @Tag("L5")
    void ofSeveralStatusesASlowListenerHearsTheLastAfterTheCommitsBeforeIt() {
        Listener listener = slow(loaded());
        transport.last().does(out -> out.end(BUSY));
        source.retryNow();
        ScriptedTransport.Session session = transport.last();
        session.does(out -> out.upToDate(session.subscription("a")));
        changes(2, 2);
        session.does(out -> out.end(BUSY));
        runWaiting();
        assertThat(listener.take()).containsExactly("LIVE", "LIVE 1", "STALE");
        source.retryNow();
        transport.environment.run();
        ScriptedTransport.Session next = transport.last();
        changes(1, 70);
        next.does(out -> out.upToDate(next.subscription("a")));
        changes(101, 170);
        next.does(out -> out.end(BUSY));
        runWaiting();
        List<String> heard = listener.take();
        assertThat(heard.get(heard.size() - 1)).isEqualTo("STALE");
        assertThat(heard.get(0)).isEqualTo("LIVE merged 5");
    }

    // ---- events ----

    @Test
    void eventsComeInOrderBeforeTheRowsOfTheirCommit() {
        Listener listener = slow(loaded());
        ScriptedTransport.Session session = transport.last();
        session.does(out -> {
            out.draft(session.subscription("a")).event("one");
            out.draft(session.subscription("a")).put(ScriptedTransport.Session.row(2, 20));
            out.draft(session.subscription("a")).event("two");
            out.commit(List.of(session.subscription("a")), "position 7");
        });
        runWaiting();
        assertThat(listener.take()).containsExactly("event one", "event two", "LIVE 1");
        Commit<Row> commit = listener.commits.get(1);
        assertThat(commit.metadata(String.class)).contains("position 7");
        assertThat(commit.metadata(Integer.class)).isEmpty();
        assertThat(commit).hasToString("commit 2 LIVE of 1 changes");
        emit("alone");
        runWaiting();
        assertThat(listener.take())
                .as("without rows there is nothing else to hear")
                .containsExactly("event alone");
    }

    @Test
    @Tag("L9")
    void eventsAreNeverMergedBeyondABoundTheyAreDroppedAndCounted() {
        Listener listener = slow(loaded());
        Object[] events = new Object[4_096];
        for (int i = 0; i < events.length; i++) {
            events[i] = i;
        }
        emit(events);
        emit("too", "many");
        emit("by far");
        changes(2, 2);
        runWaiting();
        List<String> heard = listener.take();
        assertThat(heard.get(0)).isEqualTo("3 events dropped");
        assertThat(heard.subList(1, heard.size() - 1))
                .hasSize(4_096)
                .startsWith("event 0")
                .endsWith("event 4095");
        assertThat(heard.get(heard.size() - 1)).isEqualTo("LIVE 1");
        emit(events);
        runWaiting();
        assertThat(listener.take())
                .as("there is room again, and nothing more to report")
                .hasSize(4_096);
    }

    @Test
    @Tag("L9")
    void eventsOutliveTheMergingOfCommits() {
        Listener listener = slow(loaded());
        emit("first");
        changes(1, 70);
        emit("last");
        runWaiting();
        assertThat(listener.take().stream().filter(line -> line.startsWith("event")))
                .containsExactly("event first", "event last");
    }

    @Test
    void aCommitThatChangesNothingIsNotHeard() {
        Listener listener = slow(loaded());
        transport.last().change("a", 2, 1, 10);
        transport.last().content("a", 3, 1, 10);
        runWaiting();
        assertThat(listener.take()).isEmpty();
    }

    // ---- ends ----

    @Test
    @Tag("L12")
    void aClosedListenerHearsNothingMore() {
        MaterializedView<Row> view = loaded();
        Listener one = new Listener();
        Listener two = new Listener();
        Registration byExecutor = view.listen(one, waiting::add);
        Registration shared = view.listen(two);
        runWaiting();
        transport.environment.run();
        one.take();
        two.take();
        changes(2, 3);
        byExecutor.close();
        byExecutor.close();
        shared.close();
        runWaiting();
        changes(4, 5);
        runWaiting();
        assertThat(one.take()).as("not even what waited").isEmpty();
        assertThat(two.take()).containsExactly("LIVE 1", "LIVE 1");
        view.close();
        runWaiting();
        transport.environment.run();
        assertThat(one.take()).isEmpty();
    }

    @Test
    @Tag("L12")
    void aListenerOnAClosedViewHearsThatAndNothingElse() {
        MaterializedView<Row> view = loaded();
        view.close();
        Listener listener = new Listener();
        view.listen(listener);
        transport.environment.run();
        assertThat(listener.take()).containsExactly("CLOSED");
    }

    @Test
    @Tag("L11")
    void anExecutorThatRefusesEndsItsListener() {
        MaterializedView<Row> view = loaded();
        boolean[] shutDown = {false};
        Listener listener = new Listener();
        view.listen(listener, task -> {
            if (shutDown[0]) {
                throw new RejectedExecutionException("shut down");
            }
            task.run();
        });
        listener.take();
        shutDown[0] = true;
        changes(2, 2);
        shutDown[0] = false;
        changes(3, 3);
        assertThat(listener.take()).isEmpty();
        assertThat(diary.take("listener")).containsExactly("listener of a failed: shut down");
    }

    @Test
    void aListenerThatIsFloodedGivesOthersTheirTurn() {
        MaterializedView<Row> view = loaded();
        Listener listener = slow(view);
        Object[] events = new Object[600];
        for (int i = 0; i < events.length; i++) {
            events[i] = i;
        }
        emit(events);
        int tasks = 0;
        while (!waiting.isEmpty()) {
            waiting.remove(0).run();
            tasks++;
        }
        assertThat(listener.take()).hasSize(600);
        assertThat(tasks).as("600 items in turns of 256").isEqualTo(3);
    }

    // ---- subscribers of commits() ----

    private static final class Reader implements Flow.Subscriber<Commit<Row>> {

        final List<String> heard = new ArrayList<>();
        Flow.Subscription subscription;
        boolean cancelsAtOnce;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            if (cancelsAtOnce) {
                given.cancel();
            }
        }

        @Override
        public void onNext(Commit<Row> commit) {
            heard.add(commit.origin() + (commit.isMerged() ? " merged" : ""));
        }

        @Override
        public void onError(Throwable reason) {
            heard.add("error " + reason.getMessage());
        }

        @Override
        public void onComplete() {
            heard.add("complete");
        }
    }

    private Reader reader(MaterializedView<Row> view) {
        Reader reader = new Reader();
        view.commits().subscribe(reader);
        transport.environment.run();
        return reader;
    }

    @Test
    @Tag("L9")
    void demandAddsUpAndIsUsedUp() {
        Reader reader = reader(loaded());
        reader.subscription.request(1);
        reader.subscription.request(1);
        changes(2, 6);
        assertThat(reader.heard).hasSize(2);
        reader.subscription.request(1);
        transport.environment.run();
        assertThat(reader.heard).hasSize(3);
        reader.subscription.request(Long.MAX_VALUE);
        reader.subscription.request(Long.MAX_VALUE);
        transport.environment.run();
        assertThat(reader.heard).hasSize(6);
        changes(7, 9);
        assertThat(reader.heard).hasSize(9);
    }

    @Test
    @Tag("L9")
    void whatChangedNothingTakesNoDemand() {
        Reader reader = reader(loaded());
        reader.subscription.request(3);
        transport.environment.run();
        transport.last().content("a", 2, 1, 10);
        transport.last().content("a", 3, 1, 10);
        transport.last().content("a", 4, 1, 11);
        transport.last().content("a", 5, 1, 12);
        transport.last().content("a", 6, 1, 13);
        assertThat(reader.heard).containsExactly("INITIAL", "RESET", "RESET");
    }

    @Test
    @Tag("L12")
    void theCloseOfTheViewCompletesItsSubscribersEvenWithoutDemand() {
        MaterializedView<Row> view = loaded();
        Reader idle = reader(view);
        Reader busy = reader(view);
        busy.subscription.request(10);
        transport.environment.run();
        view.close();
        transport.environment.run();
        assertThat(idle.heard).containsExactly("complete");
        assertThat(busy.heard).containsExactly("INITIAL", "complete");
        idle.subscription.request(5);
        transport.environment.run();
        assertThat(idle.heard).containsExactly("complete");
        Reader late = reader(view);
        assertThat(late.heard).containsExactly("complete");
    }

    @Test
    @Tag("L9")
    void aFailureIsHeardWithoutDemandAndIsTheLast() {
        MaterializedView<Row> view = loaded();
        Reader reader = reader(view);
        changes(2, 5);
        transport.last().does(out -> out.end(Ending.gone(new ConnectionException("dropped"))));
        transport.environment.run();
        assertThat(reader.heard).containsExactly("error dropped");
        reader.subscription.request(10);
        transport.environment.run();
        assertThat(reader.heard).containsExactly("error dropped");
    }

    @Test
    void whoCancelsAtOnceHearsNothing() {
        MaterializedView<Row> view = loaded();
        Reader reader = new Reader();
        reader.cancelsAtOnce = true;
        view.commits().subscribe(reader);
        transport.environment.run();
        changes(2, 3);
        view.close();
        transport.environment.run();
        assertThat(reader.heard).isEmpty();
        assertThat(view.status().phase()).isEqualTo(Phase.CLOSED);
    }
}
