package dev.tributary.conformance.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Backoff;
import dev.tributary.Credential;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.RejectedException;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.spi.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The application learns of each refusal once, and its answer has a deadline. */
@Tag("L8")
@ExtendWith(QuietEngine.class)
class CredentialRefusalTest {

    private final ScriptedTransport transport = new ScriptedTransport();
    private final List<Throwable> refusals = new ArrayList<>();
    private CompletableFuture<Credential> answer = CompletableFuture.completedFuture(Credential.token("t"));

    private MaterializedView<Row> view() {
        transport.asksForCredentials = true;
        SyncSource source = transport
                .builder()
                .backoff(Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(1)))
                .credentials(refusal -> {
                    refusals.add(refusal);
                    return answer;
                })
                .open();
        MaterializedView<Row> view = source.materialize("a");
        transport.environment.run();
        return view;
    }

    @Test
    void aRefusalThatEndedASessionIsToldByTheNextAndOnlyOnce() {
        view();
        RejectedException why = new RejectedException("401");
        transport.last().does(out -> out.end(Ending.reauthenticate(why)));
        transport.advance(Duration.ofSeconds(1));
        assertThat(refusals).containsExactly(null, why);
        transport.last().does(out -> out.credential(null));
        assertThat(refusals).containsExactly(null, why, null);
        transport.last().does(out -> out.end(Ending.retry(new RejectedException("503"))));
        transport.advance(Duration.ofSeconds(1));
        assertThat(refusals).containsExactly(null, why, null, null);
    }

    @Test
    void aRefusalThatTheSessionToldItselfIsNotToldAgain() {
        view();
        RejectedException why = new RejectedException("401");
        transport.last().does(out -> {
            out.credential(null);
            out.credential(why);
            out.credential(null);
        });
        assertThat(refusals).containsExactly(null, null, why, null);
        transport.last().does(out -> out.end(Ending.reauthenticate(why)));
        transport.advance(Duration.ofSeconds(1));
        assertThat(refusals).containsExactly(null, null, why, null, null);
    }

    @Test
    void withoutAnyCredentialsToGiveARefusalEndsTheQuery() {
        transport.asksForCredentials = true;
        SyncSource source = transport.builder().open();
        MaterializedView<Row> view = source.materialize("a");
        assertThat(transport.last().credentials).containsExactly(Credential.NONE);
        RejectedException why = new RejectedException("401");
        transport.last().does(out -> out.end(Ending.reauthenticate(why)));
        transport.advance(Duration.ofMinutes(1));
        assertThat(view.status().phase()).isEqualTo(Phase.FAILED);
        assertThat(view.status().reason()).isSameAs(why);
    }

    @Test
    void anAnswerHasADeadlineAndComesTooLateAfterIt() {
        answer = new CompletableFuture<>();
        MaterializedView<Row> view = view();
        ScriptedTransport.Session first = transport.last();
        transport.advance(Duration.ofSeconds(60).minusNanos(1));
        assertThat(view.status().reason()).isNull();
        transport.advance(Duration.ofNanos(1));
        assertThat(view.status().reason()).hasMessageContaining("within 60 s");
        CompletableFuture<Credential> late = answer;
        answer = CompletableFuture.completedFuture(Credential.token("new"));
        late.complete(Credential.token("late"));
        transport.advance(Duration.ofSeconds(1));
        assertThat(first.credentials).isEmpty();
        assertThat(transport.sessions).hasSize(2);
        assertThat(transport.last().credentials).hasSize(1);
        transport.advance(Duration.ofMinutes(2));
        assertThat(transport.sessions)
                .as("what was answered in time is not asked for again")
                .hasSize(2);
    }

    @Test
    @Tag("L12")
    void aSessionThatEndsAsksNoMore() {
        answer = new CompletableFuture<>();
        MaterializedView<Row> view = view();
        view.close();
        transport.environment.run();
        assertThat(transport.environment.pending().timers()).isZero();
        answer.complete(Credential.token("late"));
        transport.environment.run();
        assertThat(transport.sessions.get(0).credentials).isEmpty();
    }

    @Test
    @Tag("L12")
    void anAnswerInTimeTakesItsDeadlineWithIt() {
        view();
        assertThat(transport.environment.pending().timers())
                .as("the watch over the wire alone")
                .isOne();
    }

    @Test
    @Tag("L11")
    void anExecutorThatIsGoneDoesNotKeepTheQuestionFromTheApplication() {
        transport.asksForCredentials = true;
        SyncSource source = transport
                .builder()
                .executor(task -> {
                    throw new RejectedExecutionException("shut down");
                })
                .credentials(refusal -> answer)
                .open();
        source.materialize("a");
        assertThat(transport.last().credentials).hasSize(1);
    }
}
