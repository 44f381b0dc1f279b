package dev.tributary.conformance.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.ClosedException;
import dev.tributary.ConnectionException;
import dev.tributary.MaterializedView;
import dev.tributary.OutcomeUnknownException;
import dev.tributary.RejectedException;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.spi.Call;
import dev.tributary.spi.Calls;
import dev.tributary.spi.Delivery;
import dev.tributary.spi.Ending;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** To which session a call goes, how often, and how it ends when a session does. */
@ExtendWith(QuietEngine.class)
class CallDeliveryTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Ending BUSY = Ending.retry(new ConnectionException("busy"), Duration.ofMinutes(5));

    private final ScriptedTransport transport = new ScriptedTransport();
    private final SyncSource source = transport.builder().open();
    private final Calls calls = source.unwrap(Calls.class);

    private MaterializedView<Row> loaded(String query) {
        MaterializedView<Row> view = source.materialize(query);
        transport.last().content(query, 1, 1, 10);
        return view;
    }

    private CompletableFuture<Object> ofSource(Delivery delivery) {
        CompletableFuture<Object> call = calls.call("ask", HOUR, delivery);
        transport.environment.run();
        return call;
    }

    private CompletableFuture<Object> ofView(MaterializedView<Row> view, Delivery delivery) {
        CompletableFuture<Object> call = calls.call(view, "ask", HOUR, delivery);
        transport.environment.run();
        return call;
    }

    private Throwable failureOf(CompletableFuture<?> future) {
        transport.environment.run();
        assertThat(future).isCompletedExceptionally();
        Throwable failure = future.handle((value, reason) -> reason).join();
        return failure instanceof java.util.concurrent.CompletionException ? failure.getCause() : failure;
    }

    @Test
    void whatIsWorthNothingLaterIsNotSentBeforeTheConnectionIsGood() {
        MaterializedView<Row> view = source.materialize("a");
        transport.environment.run();
        for (CompletableFuture<Object> call : List.of(ofSource(Delivery.ONLY_NOW), ofView(view, Delivery.ONLY_NOW))) {
            assertThat(failureOf(call))
                    .isExactlyInstanceOf(ConnectionException.class)
                    .hasMessageContaining("not sent");
        }
        assertThat(transport.last().calls).isEmpty();
    }

    @Test
    void whatIsWorthNothingLaterGoesOverAGoodConnection() {
        MaterializedView<Row> view = loaded("a");
        CompletableFuture<Object> one = ofSource(Delivery.ONLY_NOW);
        CompletableFuture<Object> two = ofView(view, Delivery.ONLY_NOW);
        ScriptedTransport.Session session = transport.last();
        assertThat(session.calls).hasSize(2);
        session.does(out -> session.calls.forEach(call -> out.reply(call, "done")));
        assertThat(one).isCompletedWithValue("done");
        assertThat(two).isCompletedWithValue("done");
    }

    @Test
    void whatIsWorthNothingLaterIsNotSentWithoutASession() {
        assertThat(failureOf(ofSource(Delivery.ONLY_NOW))).hasMessageContaining("not sent");
        assertThat(transport.sessions).isEmpty();
        MaterializedView<Row> view = loaded("a");
        transport.last().does(out -> out.end(BUSY));
        assertThat(failureOf(ofSource(Delivery.ONLY_NOW))).hasMessageContaining("not sent");
        assertThat(failureOf(ofView(view, Delivery.ONLY_NOW))).hasMessageContaining("not sent");
    }

    @Test
    void aCallWaitsForItsQueryWhichWaitsAlone() {
        loaded("a");
        MaterializedView<Row> b = loaded("b");
        ScriptedTransport.Session session = transport.last();
        session.ends("b", BUSY);
        assertThat(failureOf(ofView(b, Delivery.ONLY_NOW))).hasMessageContaining("not sent");
        CompletableFuture<Object> once = ofView(b, Delivery.ONCE);
        assertThat(session.calls).isEmpty();
        transport.advance(Duration.ofMinutes(5));
        assertThat(session.calls).extracting(Call::request).containsExactly("ask");
        assertThat(session.calls.get(0).subscription()).isSameAs(session.subscription("b"));
        session.does(out -> out.reply(session.calls.get(0), 1));
        assertThat(once).isCompletedWithValue(1);
    }

    @Test
    void aCallOfTheSourceIsAboutNoQuery() {
        loaded("a");
        ofSource(Delivery.ONCE);
        assertThat(transport.last().calls.get(0).subscription()).isNull();
    }

    @Test
    void aCallDuringAWaitOpensNoSessionBeforeItsTime() {
        loaded("a");
        transport.last().does(out -> out.end(BUSY));
        ofSource(Delivery.ONCE);
        assertThat(transport.sessions).hasSize(1);
        transport.advance(Duration.ofMinutes(5));
        assertThat(transport.sessions).hasSize(2);
        assertThat(transport.last().calls).hasSize(1);
    }

    @Test
    void whatWasNotSentGoesToTheNextSession() {
        MaterializedView<Row> view = loaded("a");
        CompletableFuture<Object> one = ofSource(Delivery.ONCE);
        CompletableFuture<Object> two = ofView(view, Delivery.ONCE);
        transport.last().does(out -> out.end(BUSY));
        transport.advance(Duration.ofMinutes(5));
        ScriptedTransport.Session next = transport.last();
        assertThat(next.calls).hasSize(2);
        next.does(out -> next.calls.forEach(call -> out.reply(call, "done")));
        assertThat(one).isCompletedWithValue("done");
        assertThat(two).isCompletedWithValue("done");
        next.does(out -> out.end(BUSY));
        transport.advance(Duration.ofMinutes(5));
        assertThat(transport.last().calls)
                .as("what was answered is asked no more")
                .isEmpty();
    }

    @Test
    void whatWasSentOnceHasAnUnknownOutcomeWithItsCause() {
        MaterializedView<Row> view = loaded("a");
        CompletableFuture<Object> one = ofSource(Delivery.ONCE);
        CompletableFuture<Object> two = ofView(view, Delivery.ONCE);
        CompletableFuture<Object> repeatable = ofSource(Delivery.REPEATABLE);
        CompletableFuture<Object> onlyNow = ofSource(Delivery.ONLY_NOW);
        ScriptedTransport.Session session = transport.last();
        session.does(out -> {
            session.calls.forEach(call -> {
                if (!call.equals(session.calls.get(3))) {
                    out.sent(call);
                }
            });
            out.end(BUSY);
        });
        for (CompletableFuture<Object> lost : List.of(one, two, onlyNow)) {
            assertThat(failureOf(lost))
                    .isInstanceOf(OutcomeUnknownException.class)
                    .hasCause(BUSY.reason());
        }
        assertThat(repeatable).isNotDone();
        transport.advance(Duration.ofMinutes(5));
        ScriptedTransport.Session next = transport.last();
        assertThat(next.calls).hasSize(1);
        // Not sent again yet: it may go on to a third one.
        next.does(out -> out.end(BUSY));
        transport.advance(Duration.ofMinutes(5));
        assertThat(transport.last().calls).hasSize(1);
        assertThat(repeatable).isNotDone();
    }

    @Test
    void aRefusedSessionRefusesTheCallsOfTheSource() {
        RejectedException why = new RejectedException("no such database");
        for (Ending ending : new Ending[] {Ending.rejected(why), Ending.gone(why)}) {
            CompletableFuture<Object> once = ofSource(Delivery.ONCE);
            CompletableFuture<Object> repeatable = ofSource(Delivery.REPEATABLE);
            transport.last().does(out -> out.end(ending));
            assertThat(failureOf(once)).isSameAs(why);
            assertThat(failureOf(repeatable)).isSameAs(why);
        }
    }

    @Test
    void aViewThatFailsOrClosesEndsItsCalls() {
        MaterializedView<Row> a = loaded("a");
        MaterializedView<Row> b = loaded("b");
        CompletableFuture<Object> ofA = ofView(a, Delivery.ONCE);
        CompletableFuture<Object> ofB = ofView(b, Delivery.REPEATABLE);
        RejectedException why = new RejectedException("dropped");
        transport.last().ends("a", Ending.gone(why));
        assertThat(failureOf(ofA)).isSameAs(why);
        b.close();
        assertThat(failureOf(ofB)).isInstanceOf(ClosedException.class);
    }

    @Test
    void aCallOnAViewThatFailedOrClosedIsRefused() {
        MaterializedView<Row> a = loaded("a");
        loaded("b");
        MaterializedView<Row> again = source.materialize("a");
        CompletableFuture<Object> before = calls.call(a, "ask", HOUR, Delivery.ONCE);
        a.close();
        again.close();
        assertThat(failureOf(before)).isInstanceOf(ClosedException.class);
    }

    @Test
    void onlyTheSessionThatHoldsACallHearsThatNobodyWaits() {
        transport.shares = false;
        MaterializedView<Row> a = loaded("a");
        ScriptedTransport.Session ofA = transport.last();
        loaded("b");
        ScriptedTransport.Session ofB = transport.last();
        CompletableFuture<Object> call = ofView(a, Delivery.ONCE);
        call.cancel(false);
        transport.environment.run();
        assertThat(ofA.cancelled).hasSize(1);
        assertThat(ofB.cancelled).isEmpty();
    }

    @Test
    void aCallThatWasNeverHandedOverIsCancelledInSilence() {
        loaded("a");
        MaterializedView<Row> b = loaded("b");
        transport.last().ends("b", BUSY);
        ofView(b, Delivery.ONCE).cancel(false);
        transport.environment.run();
        assertThat(transport.last().cancelled).isEmpty();
        transport.advance(Duration.ofMinutes(5));
        assertThat(transport.last().calls).as("nobody waits for it any more").isEmpty();
    }

    @Test
    void aDeadlineSaysWhatIsKnown() {
        loaded("a");
        CompletableFuture<Object> handed = calls.call("ask", Duration.ofSeconds(1), Delivery.ONCE);
        transport.environment.run();
        transport.advance(Duration.ofSeconds(1));
        assertThat(failureOf(handed))
                .isExactlyInstanceOf(ConnectionException.class)
                .hasMessage("no answer in time");
        CompletableFuture<Object> sent = calls.call("ask", Duration.ofSeconds(1), Delivery.ONCE);
        ScriptedTransport.Session session = transport.last();
        session.does(out -> out.sent(session.calls.get(1)));
        transport.advance(Duration.ofSeconds(1));
        assertThat(failureOf(sent)).isInstanceOf(OutcomeUnknownException.class);
        session.does(out -> out.end(BUSY));
        CompletableFuture<Object> waiting = calls.call("ask", Duration.ofSeconds(1), Delivery.ONCE);
        transport.advance(Duration.ofSeconds(1));
        assertThat(failureOf(waiting))
                .isExactlyInstanceOf(ConnectionException.class)
                .hasMessageContaining("not sent in time");
    }

    @Test
    void aCallThatLeftWithASessionThatIsGoneMayHaveArrived() {
        loaded("a");
        CompletableFuture<Object> call = calls.call("ask", Duration.ofSeconds(1), Delivery.REPEATABLE);
        transport.environment.run();
        ScriptedTransport.Session session = transport.last();
        session.does(out -> out.sent(session.calls.get(0)));
        session.does(out -> out.end(BUSY));
        transport.advance(Duration.ofSeconds(1));
        assertThat(failureOf(call)).isInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    void whatIsLeftOfADeadlineIsNeverBelowZero() {
        loaded("a");
        ofSource(Delivery.ONCE);
        Call call = transport.last().calls.get(0);
        assertThat(call.remaining()).isEqualTo(HOUR);
        transport.advance(Duration.ofMinutes(59));
        assertThat(call.remaining()).isEqualTo(Duration.ofMinutes(1));
        transport.advance(Duration.ofHours(2));
        assertThat(call.remaining()).isEqualTo(Duration.ZERO);
    }

    @Test
    @Tag("L12")
    void anAnsweredCallLeavesNoTimerAndKeepsNoSession() {
        CompletableFuture<Object> one = ofSource(Delivery.ONCE);
        CompletableFuture<Object> two = ofSource(Delivery.ONCE);
        ScriptedTransport.Session session = transport.last();
        session.does(out -> {
            out.reply(session.calls.get(0), 1);
            out.refuse(session.calls.get(1), new RejectedException("no"));
        });
        assertThat(one).isCompletedWithValue(1);
        assertThat(failureOf(two)).hasMessage("no");
        assertThat(transport.environment.pending().timers())
                .as("the deadline of the idle wire alone")
                .isOne();
    }

    @Test
    void anAnswerMeansThatTheConnectionIsGood() {
        CompletableFuture<Object> call = ofSource(Delivery.ONCE);
        assertThat(source.status().phase()).isEqualTo(dev.tributary.SourceStatus.Phase.CONNECTING);
        ScriptedTransport.Session session = transport.last();
        session.does(out -> out.reply(session.calls.get(0), 1));
        assertThat(call).isCompletedWithValue(1);
        assertThat(source.status().phase()).isEqualTo(dev.tributary.SourceStatus.Phase.CONNECTED);
    }

    @Test
    void aCallWhileTheSourceIsPausedWaitsForItsEnd() {
        var pause = source.pause("the lid is closed");
        CompletableFuture<Object> call = ofSource(Delivery.ONCE);
        assertThat(transport.sessions).isEmpty();
        pause.close();
        ScriptedTransport.Session session = transport.last();
        session.does(out -> out.reply(session.calls.get(0), 1));
        assertThat(call).isCompletedWithValue(1);
    }

    @Test
    void aCallKeepsTheSessionOfTheLastView() {
        MaterializedView<Row> view = loaded("a");
        CompletableFuture<Object> call = ofSource(Delivery.ONCE);
        ScriptedTransport.Session session = transport.last();
        view.close();
        transport.environment.run();
        assertThat(session.unsubscribed).containsExactly("a");
        assertThat(transport.environment.pending().wires()).isOne();
        session.does(out -> out.reply(session.calls.get(0), 1));
        assertThat(call).isCompletedWithValue(1);
    }

    @Test
    void aPauseEndsWhatWasSentEvenIfTheProtocolEndsLater() {
        transport.onUnsubscribe = (subscription, out) -> {};
        MaterializedView<Row> view = loaded("a");
        CompletableFuture<Object> sent = ofView(view, Delivery.ONCE);
        CompletableFuture<Object> notSent = ofView(view, Delivery.ONCE);
        ScriptedTransport.Session session = transport.last();
        session.does(out -> out.sent(session.calls.get(0)));
        var pause = source.pause("the lid is closed");
        assertThat(failureOf(sent)).isInstanceOf(OutcomeUnknownException.class);
        assertThat(notSent).isNotDone();
        pause.close();
        assertThat(transport.last()).isNotSameAs(session);
        assertThat(transport.last().calls).hasSize(1);
    }

    @Test
    @Tag("L12")
    void aClosedSourceSaysSo() {
        source.close();
        assertThat(failureOf(ofSource(Delivery.ONCE)))
                .isInstanceOf(ClosedException.class)
                .hasMessage("the source was closed");
    }
}
