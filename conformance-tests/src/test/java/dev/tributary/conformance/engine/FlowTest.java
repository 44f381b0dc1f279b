package dev.tributary.conformance.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Checkpoint;
import dev.tributary.Commit;
import dev.tributary.LaggedException;
import dev.tributary.MaterializedView;
import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.spi.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The rules of {@code java.util.concurrent.Flow} for the commits of a view and for {@code changes()}. */
@Tag("L9")
class FlowTest {

    private final ScriptedTransport transport = new ScriptedTransport();
    private final SyncSource source = transport.builder("?changesBuffer=8").open();

    private static final class Reader implements Flow.Subscriber<Commit<Row>> {

        final List<Commit<Row>> heard = new ArrayList<>();
        Flow.Subscription subscription;
        Throwable failure;
        int ends;
        Consumer<Commit<Row>> onNext = commit -> {};

        @Override
        public void onSubscribe(Flow.Subscription given) {
            assertThat(subscription).as("onSubscribe comes once").isNull();
            subscription = given;
        }

        @Override
        public void onNext(Commit<Row> commit) {
            assertThat(subscription).as("onSubscribe comes first").isNotNull();
            assertThat(ends).as("nothing comes after the end").isZero();
            heard.add(commit);
            onNext.accept(commit);
        }

        @Override
        public void onError(Throwable reason) {
            failure = reason;
            ends++;
        }

        @Override
        public void onComplete() {
            ends++;
        }
    }

    private Reader ofView() {
        MaterializedView<Row> view = source.materialize("a");
        Reader reader = new Reader();
        transport.last().content("a", 1, 1, 10);
        view.commits().subscribe(reader);
        transport.environment.run();
        return reader;
    }

    private Reader ofChanges() {
        Reader reader = new Reader();
        source.changes("a").subscribe(reader);
        transport.last().content("a", 1, 1, 10);
        return reader;
    }

    private void changes(int from, int to) {
        for (int i = from; i <= to; i++) {
            transport.last().change("a", i, 1, i);
        }
    }

    @Test
    void nothingComesWithoutDemand() {
        for (Reader reader : List.of(ofView(), ofChanges())) {
            assertThat(reader.subscription).isNotNull();
            assertThat(reader.heard).isEmpty();
            reader.subscription.request(1);
            transport.environment.run();
            assertThat(reader.heard).hasSize(1);
            assertThat(reader.heard.get(0).origin()).isEqualTo(Commit.Origin.INITIAL);
        }
    }

    @Test
    void commitsOfAViewAreMergedWhileNobodyAsks() {
        Reader reader = ofView();
        changes(2, 200);
        reader.subscription.request(Long.MAX_VALUE);
        transport.environment.run();
        assertThat(reader.heard.size()).isLessThan(130);
        assertThat(reader.heard.get(reader.heard.size() - 1).snapshot().get(1).getInteger("value"))
                .isEqualTo(200);
    }

    @Test
    void aDemandOfZeroEndsTheSubscriptionWithAnError() {
        for (Reader reader : List.of(ofView(), ofChanges())) {
            reader.subscription.request(1);
            transport.environment.run();
            reader.subscription.request(0);
            transport.environment.run();
            assertThat(reader.failure)
                    .as("rule 3.9 of Reactive Streams, without waiting for the next commit")
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(reader.ends).isEqualTo(1);
        }
    }

    @Test
    void nothingComesAfterCancel() {
        for (Reader reader : List.of(ofView(), ofChanges())) {
            reader.subscription.request(1);
            transport.environment.run();
            reader.subscription.cancel();
            reader.subscription.cancel();
            reader.subscription.request(10);
            ScriptedTransport.Session session = transport.last();
            if (session.subscription("a") != null) {
                changes(2, 3);
            }
            transport.environment.run();
            assertThat(reader.heard).hasSize(1);
            assertThat(reader.ends).isZero();
        }
    }

    @Test
    void theFailureOfTheQueryEndsBoth() {
        Reader view = ofView();
        transport.last().does(out -> out.end(Ending.rejected(new dev.tributary.RejectedException("no"))));
        transport.environment.run();
        assertThat(view.failure).isInstanceOf(dev.tributary.RejectedException.class);
        Reader changes = ofChanges();
        transport.last().does(out -> out.end(Ending.rejected(new dev.tributary.RejectedException("no"))));
        transport.environment.run();
        assertThat(changes.failure).isInstanceOf(dev.tributary.RejectedException.class);
    }

    @Test
    void aSubscriberThatThrowsIsCancelled() {
        for (Reader reader : List.of(ofView(), ofChanges())) {
            reader.onNext = commit -> {
                throw new IllegalStateException("a subscriber with a bug");
            };
            reader.subscription.request(10);
            transport.environment.run();
            if (transport.last().subscription("a") != null) {
                changes(2, 3);
            }
            assertThat(reader.heard).as("rule 2.13 of Reactive Streams").hasSize(1);
        }
    }

    @Test
    void aLaggedSubscriberGoesOnWithoutAGapAndWithoutARepeat() {
        Reader reader = ofChanges();
        reader.subscription.request(3);
        changes(2, 30);
        transport.environment.run();
        assertThat(reader.failure).isInstanceOf(LaggedException.class);
        Checkpoint from = ((LaggedException) reader.failure).checkpoint().orElseThrow();
        Commit<Row> last = reader.heard.get(reader.heard.size() - 1);
        assertThat(from.toBytes()).isEqualTo(last.checkpoint().toBytes());
        source.changes(Query.of("a"), from).subscribe(new Reader());
        assertThat(transport.last().subscription("a").resume().checkpoint().toBytes())
                .isEqualTo(from.toBytes());
    }

    @Test
    void aSubscriberThatLagsWhileItReadsGoesOnAfterWhatItRead() {
        List<Runnable> waiting = new ArrayList<>();
        ScriptedTransport other = new ScriptedTransport();
        try (SyncSource slow =
                other.builder("?changesBuffer=8").executor(waiting::add).open()) {
            Reader reader = new Reader();
            slow.changes("a").subscribe(reader);
            other.environment.run();
            runAll(waiting);
            reader.subscription.request(1);
            other.last().content("a", 1, 1, 10);
            // While the subscriber is busy with the first commit, the others come, and more than it may keep waiting.
            reader.onNext = commit -> {
                for (int i = 2; i <= 30 && other.last().subscription("a") != null; i++) {
                    other.last().change("a", i, 1, i);
                }
            };
            runAll(waiting);
            other.advance(Duration.ofSeconds(1));
            runAll(waiting);
            assertThat(reader.failure).isInstanceOf(LaggedException.class);
            assertThat(reader.heard).hasSize(1);
            Checkpoint from = ((LaggedException) reader.failure).checkpoint().orElseThrow();
            assertThat(from.toBytes())
                    .as("the first commit was delivered: it must not come again")
                    .containsExactly(1);
        }
    }

    private static void runAll(List<Runnable> waiting) {
        while (!waiting.isEmpty()) {
            waiting.remove(0).run();
        }
    }
}
