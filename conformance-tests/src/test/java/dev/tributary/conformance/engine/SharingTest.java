package dev.tributary.conformance.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Backoff;
import dev.tributary.Capability;
import dev.tributary.ClosedException;
import dev.tributary.ConnectionException;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.RejectedException;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.spi.Ending;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which queries share a session, and what becomes of it when one of them leaves, fails or is asked again. */
@Tag("SHARING")
@ExtendWith(QuietEngine.class)
class SharingTest {

    private static final Ending BUSY = Ending.retry(new ConnectionException("busy"), Duration.ofMinutes(5));

    private final ScriptedTransport transport = new ScriptedTransport();
    private final SyncSource source = transport
            .builder()
            .backoff(Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(2)))
            .open();

    private MaterializedView<Row> loaded(String query) {
        MaterializedView<Row> view = source.materialize(query);
        transport.last().content(query, 1, 1, 10);
        return view;
    }

    @Test
    void aQueryThatLeavesIsUnsubscribedAndTheOthersGoOn() {
        MaterializedView<Row> a = loaded("a");
        MaterializedView<Row> b = loaded("b");
        b.close();
        transport.environment.run();
        assertThat(transport.last().unsubscribed).containsExactly("b");
        transport.last().change("a", 2, 5, 5);
        assertThat(a.snapshot().contains(5)).isTrue();
        assertThat(transport.sessions).hasSize(1);
    }

    @Test
    @Tag("L12")
    void theLastQueryTakesTheSessionWithItEvenWhenTheProtocolEndsLater() {
        transport.onUnsubscribe = (subscription, out) -> {};
        MaterializedView<Row> a = loaded("a");
        a.close();
        transport.environment.run();
        assertThat(transport.environment.pending().wires()).isZero();
        assertThat(transport.environment.pending().timers()).isZero();
        assertThat(source.status().phase()).isEqualTo(dev.tributary.SourceStatus.Phase.IDLE);
        loaded("a");
        assertThat(transport.sessions).as("a new session serves it").hasSize(2);
    }

    @Test
    void aQueryThatASessionCannotServeGetsOneOfItsOwnAndComesNotBack() {
        MaterializedView<Row> a = loaded("a");
        MaterializedView<Row> b = loaded("b");
        ScriptedTransport.Session first = transport.last();
        first.ends("b", Ending.elsewhere(new ConnectionException("not beside a")));
        transport.environment.run();
        assertThat(transport.sessions).hasSize(2);
        ScriptedTransport.Session second = transport.last();
        assertThat(second.subscriptions).containsOnlyKeys("b");
        second.content("b", 2, 7, 7);
        assertThat(b.snapshot().contains(7)).isTrue();
        first.change("a", 2, 5, 5);
        assertThat(a.snapshot().contains(5)).isTrue();
        b.close();
        transport.environment.run();
        source.materialize("b");
        transport.environment.run();
        assertThat(first.subscriptions)
                .as("the first session said that it cannot")
                .containsOnlyKeys("a");
        source.materialize("c");
        transport.environment.run();
        assertThat(first.subscriptions).as("it can serve others").containsOnlyKeys("a", "c");
    }

    @Test
    void aTransportThatDoesNotShareHasASessionForEachQuery() {
        transport.shares = false;
        loaded("a");
        ScriptedTransport.Session ofA = transport.last();
        loaded("b");
        assertThat(transport.sessions).hasSize(2);
        ofA.ends("a", BUSY);
        assertThat(transport.environment.pending().wires())
                .as("the session of a query alone is over with its run")
                .isOne();
        transport.advance(Duration.ofMinutes(5));
        assertThat(transport.sessions).hasSize(3);
    }

    @Test
    void changesShareNoSessionWithViews() {
        loaded("a");
        source.changes("b").subscribe(new IgnoringSubscriber());
        transport.environment.run();
        assertThat(transport.sessions).hasSize(2);
        source.materialize("c");
        transport.environment.run();
        assertThat(transport.sessions).hasSize(2);
        assertThat(transport.sessions.get(0).subscriptions).containsOnlyKeys("a", "c");
    }

    @Test
    void aQueryThatFailedIsForgottenAndBeginsAnewWhenAskedFor() {
        MaterializedView<Row> first = loaded("a");
        loaded("b");
        transport.last().ends("a", Ending.rejected(new RejectedException("not today")));
        assertThat(first.status().phase()).isEqualTo(Phase.FAILED);
        MaterializedView<Row> second = source.materialize("a");
        transport.last().content("a", 1, 3, 3);
        assertThat(second.status().phase()).isEqualTo(Phase.LIVE);
        assertThat(first.status().phase()).isEqualTo(Phase.FAILED);
        first.close();
        transport.environment.run();
        assertThat(second.status().phase()).isEqualTo(Phase.LIVE);
        assertThat(source.materialize("a").snapshot().contains(3)).isTrue();
        assertThat(transport.sessions).hasSize(1);
    }

    // ---- asking again ----

    @Test
    void aRefreshSubscribesAnewWhateverTheProtocolAnswers() {
        for (Ending answer : new Ending[] {Ending.closed(), BUSY}) {
            ScriptedTransport other = new ScriptedTransport();
            try (SyncSource two = other.builder().open()) {
                MaterializedView<Row> view = two.materialize("a");
                other.last().content("a", 1, 1, 1);
                two.materialize("b");
                other.onUnsubscribe = (subscription, out) -> out.end(subscription, answer, null);
                CompletableFuture<MaterializedView<Row>> refreshed = view.refresh();
                ScriptedTransport.Session session = other.last();
                assertThat(session.subscription("a")).isNotNull();
                assertThat(refreshed).isNotDone();
                session.does(out -> out.upToDate(session.subscription("a")));
                assertThat(refreshed).isCompletedWithValue(view);
                session.ends("a", BUSY);
                other.environment.run();
                assertThat(session.subscription("a"))
                        .as("the refresh is over: an end now must wait")
                        .isNull();
            }
        }
    }

    @Test
    void aRefreshThatEndsTheWholeSessionOpensAnotherAtOnceForAll() {
        loaded("a");
        MaterializedView<Row> b = loaded("b");
        MaterializedView<Row> c = loaded("c");
        transport.onUnsubscribe = (subscription, out) -> out.end(BUSY);
        CompletableFuture<MaterializedView<Row>> refreshed = b.refresh();
        transport.environment.run();
        assertThat(transport.sessions).hasSize(2);
        ScriptedTransport.Session next = transport.last();
        assertThat(next.subscriptions).containsOnlyKeys("a", "b", "c");
        next.does(out -> out.upToDate(next.subscription("b")));
        assertThat(refreshed).isCompletedWithValue(b);
        next.does(out -> out.end(BUSY));
        assertThat(transport.sessions)
                .as("the refresh is over: an end now must wait")
                .hasSize(2);
        assertThat(c.status().phase()).isEqualTo(Phase.STALE);
    }

    @Test
    void aRefreshDuringAWaitTriesAtOnce() {
        MaterializedView<Row> view = loaded("a");
        transport.last().does(out -> out.end(BUSY));
        CompletableFuture<MaterializedView<Row>> refreshed = view.refresh();
        transport.environment.run();
        assertThat(transport.sessions).hasSize(2);
        ScriptedTransport.Session next = transport.last();
        next.does(out -> out.upToDate(next.subscription("a")));
        assertThat(refreshed).isCompletedWithValue(view);
    }

    @Test
    void aRefreshThatCannotBeFailsAtOnce() {
        MaterializedView<Row> view = loaded("a");
        var pause = source.pause("the lid is closed");
        CompletableFuture<MaterializedView<Row>> paused = view.refresh();
        transport.environment.run();
        assertThat(reasonOf(paused)).isInstanceOf(ConnectionException.class).hasMessageContaining("paused");
        pause.close();
        RejectedException why = new RejectedException("dropped");
        transport.last().does(out -> out.end(Ending.gone(why)));
        CompletableFuture<MaterializedView<Row>> failed = view.refresh();
        transport.environment.run();
        assertThat(reasonOf(failed)).isSameAs(why);
        view.close();
        CompletableFuture<MaterializedView<Row>> closed = view.refresh();
        transport.environment.run();
        assertThat(reasonOf(closed)).isInstanceOf(ClosedException.class);
    }

    @Test
    void aRefreshEndsWithItsView() {
        MaterializedView<Row> a = loaded("a");
        MaterializedView<Row> b = loaded("b");
        CompletableFuture<MaterializedView<Row>> ofA = a.refresh();
        CompletableFuture<MaterializedView<Row>> ofB = b.refresh();
        transport.environment.run();
        RejectedException why = new RejectedException("dropped");
        transport.last().ends("a", Ending.gone(why));
        assertThat(reasonOf(ofA)).isSameAs(why);
        b.close();
        transport.environment.run();
        assertThat(reasonOf(ofB)).isInstanceOf(ClosedException.class);
    }

    private static Throwable reasonOf(CompletableFuture<?> future) {
        assertThat(future).isCompletedExceptionally();
        Throwable failure = future.handle((value, reason) -> reason).join();
        return failure instanceof java.util.concurrent.CompletionException ? failure.getCause() : failure;
    }

    // ---- what connections can do ----

    @Test
    @Tag("CAPABILITIES")
    void whatOneConnectionGaveUpComesBackWithTheNext() {
        transport.shares = false;
        transport.capabilities = EnumSet.of(Capability.RESUME, Capability.EVENTS, Capability.PRESENCE);
        ScriptedTransport.Session[] sessions = new ScriptedTransport.Session[2];
        try (SyncSource two = transport.builder().open()) {
            two.materialize("a");
            sessions[0] = transport.last();
            two.materialize("b");
            sessions[1] = transport.last();
            sessions[0].does(out -> out.negotiated(Set.of(Capability.RESUME, Capability.EVENTS)));
            assertThat(two.capabilities()).containsExactlyInAnyOrder(Capability.RESUME, Capability.EVENTS);
            sessions[1].does(out -> out.negotiated(Set.of(Capability.RESUME, Capability.PRESENCE)));
            assertThat(two.capabilities()).containsExactly(Capability.RESUME);
            sessions[0].does(out -> out.end(BUSY));
            assertThat(two.capabilities()).containsExactlyInAnyOrder(Capability.RESUME, Capability.PRESENCE);
        }
    }

    @Test
    @Tag("CAPABILITIES")
    void aConnectionThatNegotiatedIsConnected() {
        source.materialize("a");
        transport.last().does(out -> out.negotiated(Set.of(Capability.RESUME)));
        assertThat(source.status().phase()).isEqualTo(dev.tributary.SourceStatus.Phase.CONNECTED);
        assertThat(transport.last().heard).containsExactly("opened 101");
    }

    @Test
    void aRefreshAsksOnlyTheSessionOfItsQuery() {
        transport.shares = false;
        loaded("a");
        MaterializedView<Row> b = loaded("b");
        CompletableFuture<MaterializedView<Row>> refreshed = b.refresh();
        transport.environment.run();
        assertThat(transport.sessions.get(0).unsubscribed).isEmpty();
        assertThat(transport.sessions.get(1).unsubscribed).containsExactly("b");
        ScriptedTransport.Session next = transport.last();
        next.does(out -> out.upToDate(next.subscription("b")));
        assertThat(refreshed).isCompletedWithValue(b);
    }

    @Test
    void theFailureOfOneQueryLeavesTheOthersShared() {
        loaded("a");
        loaded("b");
        transport.last().ends("a", Ending.rejected(new RejectedException("not today")));
        int[] subscribed = {0};
        transport.onSubscribe = (subscription, out) -> subscribed[0]++;
        assertThat(source.materialize("b").snapshot().contains(1)).isTrue();
        transport.environment.run();
        assertThat(subscribed[0]).isZero();
    }
}
