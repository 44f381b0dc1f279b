package dev.tributary.conformance.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Credential;
import dev.tributary.CredentialProvider;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.RejectedException;
import dev.tributary.Row;
import dev.tributary.SourceStatus;
import dev.tributary.SyncSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an application may answer when it is asked for credentials. */
@Tag("L8")
class CredentialFlowTest {

    private final ScriptedTransport transport = new ScriptedTransport();

    private MaterializedView<Row> view(CredentialProvider provider) {
        transport.asksForCredentials = true;
        SyncSource source = transport.builder().credentials(provider).open();
        MaterializedView<Row> view = source.materialize("a");
        transport.advance(Duration.ofMillis(1));
        return view;
    }

    @Test
    void givenLaterTheyReachTheProtocol() {
        CompletableFuture<Credential> later = new CompletableFuture<>();
        view(refusal -> later);
        assertThat(transport.last().credentials).isEmpty();
        Credential token = Credential.token("t");
        later.complete(token);
        transport.environment.run();
        assertThat(transport.last().credentials).containsExactly(token);
    }

    @Test
    void noneToGiveEndsTheQuery() {
        MaterializedView<Row> view = view(refusal -> CompletableFuture.completedFuture(null));
        assertThat(view.status().phase()).isEqualTo(Phase.FAILED);
    }

    @Test
    void noneToGiveAfterARefusalEndsTheQueryWithTheRefusal() {
        RejectedException why = new RejectedException("401");
        MaterializedView<Row> view =
                view(refusal -> CompletableFuture.completedFuture(refusal == null ? Credential.token("t") : null));
        transport.last().does(out -> out.credential(why));
        assertThat(view.status().phase()).isEqualTo(Phase.FAILED);
        assertThat(view.status().reason()).isSameAs(why);
    }

    @Test
    void aSupplierThatThrowsIsAskedAgainAndItsMessageIsNotRepeated() {
        AtomicInteger asked = new AtomicInteger();
        MaterializedView<Row> view = view(refusal -> {
            asked.incrementAndGet();
            throw new IllegalStateException("the vault said: hunter2");
        });
        transport.advance(Duration.ofSeconds(10));
        assertThat(asked.get()).isGreaterThan(1);
        assertThat(view.status().toString()).doesNotContain("hunter2").contains("IllegalStateException");
    }

    @Test
    void aSupplierThatThrowsAnErrorDoesNotHang() {
        AtomicInteger asked = new AtomicInteger();
        view(refusal -> {
            asked.incrementAndGet();
            throw new NoClassDefFoundError("the vault's jar is gone");
        });
        transport.advance(Duration.ofSeconds(10));
        assertThat(asked.get()).as("asked again, or the view failed").isGreaterThan(1);
    }

    @Test
    void aProviderThatReturnsNoStageDoesNotHang() {
        AtomicInteger asked = new AtomicInteger();
        view(refusal -> {
            asked.incrementAndGet();
            return null;
        });
        transport.advance(Duration.ofSeconds(10));
        assertThat(asked.get()).as("asked again, or the view failed").isGreaterThan(1);
    }

    @Test
    void withoutAProviderARefusalEndsTheQuery() {
        SyncSource source = transport.builder().open();
        MaterializedView<Row> view = source.materialize("a");
        RejectedException why = new RejectedException("401");
        transport.last().does(out -> out.credential(why));
        assertThat(view.status().phase()).isEqualTo(Phase.FAILED);
        assertThat(view.status().reason()).isSameAs(why);
        assertThat(source.status().phase()).isEqualTo(SourceStatus.Phase.IDLE);
    }
}
