package dev.tributary.conformance.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ClosedException;
import dev.tributary.ConfigurationException;
import dev.tributary.ConnectionException;
import dev.tributary.MaterializedView;
import dev.tributary.RejectedException;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.spi.Calls;
import dev.tributary.spi.Delivery;
import dev.tributary.spi.Ending;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Calls end in a reply, a refusal, or an unknown outcome, never in silence. */
class CallTest {

    private static final Duration SOON = Duration.ofSeconds(5);

    private final ScriptedTransport transport = new ScriptedTransport();
    private final SyncSource source = transport.builder().open();
    private final Calls calls = source.unwrap(Calls.class);
    private final MaterializedView<Row> view = source.materialize("a");

    private static Throwable failureOf(CompletableFuture<?> future) {
        assertThat(future).isCompletedExceptionally();
        Throwable failure = future.handle((value, reason) -> reason).join();
        return failure instanceof java.util.concurrent.CompletionException ? failure.getCause() : failure;
    }

    @Test
    void aReplyAndARefusalEndACall() {
        CompletableFuture<Object> replied = calls.call(view, "write 1", SOON, Delivery.ONCE);
        CompletableFuture<Object> refused = calls.call(view, "write 2", SOON, Delivery.ONCE);
        ScriptedTransport.Session session = transport.last();
        assertThat(session.calls).extracting(call -> call.request()).containsExactly("write 1", "write 2");
        RejectedException why = new RejectedException("no");
        session.does(out -> {
            out.reply(session.calls.get(0), 17);
            out.refuse(session.calls.get(1), why);
        });
        assertThat(replied).isCompletedWithValue(17);
        assertThat(failureOf(refused)).isSameAs(why);
        assertThat(session.cancelled).isEmpty();
    }

    @Test
    void theDeadlineEndsACallAndTheProtocolHearsIt() {
        CompletableFuture<Object> call = calls.call(view, "write", SOON, Delivery.REPEATABLE);
        ScriptedTransport.Session session = transport.last();
        assertThat(session.calls.get(0).remaining()).isEqualTo(SOON);
        transport.advance(SOON);
        assertThat(failureOf(call)).isInstanceOf(ConnectionException.class);
        assertThat(session.cancelled).hasSize(1);
    }

    @Test
    void aCallThatWasSentHasAnUnknownOutcomeWhenTheSessionEnds() {
        CompletableFuture<Object> call = calls.call(view, "write", Duration.ofMinutes(1), Delivery.ONCE);
        ScriptedTransport.Session session = transport.last();
        session.does(out -> {
            out.sent(session.calls.get(0));
            out.end(Ending.retry(new ConnectionException("gone")));
        });
        assertThat(failureOf(call)).isInstanceOf(ConnectionException.class).hasMessageContaining("unknown");
    }

    @Test
    void aRepeatableCallGoesToTheNextSession() {
        CompletableFuture<Object> call = calls.call(view, "read", Duration.ofMinutes(1), Delivery.REPEATABLE);
        ScriptedTransport.Session first = transport.last();
        first.does(out -> {
            out.sent(first.calls.get(0));
            out.end(Ending.retry(new ConnectionException("gone")));
        });
        assertThat(call).isNotDone();
        transport.advance(Duration.ofSeconds(2));
        ScriptedTransport.Session second = transport.last();
        assertThat(second).isNotSameAs(first);
        assertThat(second.calls).hasSize(1);
        second.does(out -> out.reply(second.calls.get(0), "done"));
        assertThat(call).isCompletedWithValue("done");
    }

    @Test
    void aCallOfTheSourceOpensASession() {
        ScriptedTransport other = new ScriptedTransport();
        try (SyncSource two = other.builder().open()) {
            CompletableFuture<Object> call = two.unwrap(Calls.class).call("ping", SOON, Delivery.ONCE);
            ScriptedTransport.Session session = other.last();
            session.does(out -> out.reply(session.calls.get(0), "pong"));
            assertThat(call).isCompletedWithValue("pong");
        }
    }

    @Test
    void aPauseEndsACallThatWasSentWithAnUnknownOutcome() {
        ScriptedTransport other = new ScriptedTransport();
        try (SyncSource two = other.builder().open()) {
            CompletableFuture<Object> call = two.unwrap(Calls.class).call("write", Duration.ofHours(1), Delivery.ONCE);
            ScriptedTransport.Session session = other.last();
            session.does(out -> out.sent(session.calls.get(0)));
            two.pause("the screen is hidden");
            other.environment.run();
            assertThat(failureOf(call)).isInstanceOf(ConnectionException.class);
        }
    }

    @Test
    @Tag("L12")
    void closeEndsCallsAndLeavesNoTimer() {
        CompletableFuture<Object> ofView = calls.call(view, "write", Duration.ofHours(1), Delivery.ONCE);
        CompletableFuture<Object> ofSource = calls.call("write", Duration.ofHours(1), Delivery.ONCE);
        transport.environment.run();
        source.close();
        transport.environment.run();
        assertThat(failureOf(ofView)).isInstanceOf(ClosedException.class);
        assertThat(failureOf(ofSource)).isInstanceOf(ClosedException.class);
        CompletableFuture<Object> late = calls.call("late", SOON, Delivery.ONCE);
        transport.environment.run();
        assertThat(failureOf(late)).isInstanceOf(ClosedException.class);
        assertThat(transport.environment.pending().isNothing())
                .as("%s", transport.environment.pending())
                .isTrue();
    }

    @Test
    @Tag("L12")
    void aCancelledCallLeavesNoTimer() {
        CompletableFuture<Object> call = calls.call("hold", Duration.ofDays(10_000), Delivery.REPEATABLE);
        transport.environment.run();
        int before = transport.environment.pending().timers();
        call.cancel(false);
        transport.environment.run();
        assertThat(transport.last().cancelled).hasSize(1);
        assertThat(transport.environment.pending().timers()).isEqualTo(before - 1);
        source.close();
        transport.environment.run();
        assertThat(transport.environment.pending().isNothing()).isTrue();
    }

    @Test
    void aViewOfAnotherSourceIsRefused() {
        try (SyncSource other = new ScriptedTransport().builder().open()) {
            MaterializedView<Row> foreign = other.materialize("a");
            assertThatThrownBy(() -> calls.call(foreign, "write", SOON, Delivery.ONCE))
                    .isInstanceOf(ConfigurationException.class);
        }
    }
}
