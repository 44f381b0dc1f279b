package dev.tributary.conformance.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Backoff;
import dev.tributary.ConnectionException;
import dev.tributary.MaterializedView;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.SourceStatus;
import dev.tributary.SyncSource;
import dev.tributary.spi.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a source says of itself: truthfully, and to whoever listens. */
@Tag("L5")
@ExtendWith(QuietEngine.class)
class SourceStatusTest {

    private final ScriptedTransport transport = new ScriptedTransport();
    private final SyncSource source = transport
            .builder()
            .backoff(Backoff.exponential(Duration.ofSeconds(4), Duration.ofSeconds(16)))
            .open();

    private final List<SourceStatus> heard = new ArrayList<>();

    private List<SourceStatus.Phase> phases() {
        return heard.stream().map(SourceStatus::phase).toList();
    }

    @Test
    void eachPhaseIsToldWhenItBegins() {
        source.onStatus(heard::add);
        transport.environment.run();
        MaterializedView<Row> view = source.materialize("a");
        transport.environment.run();
        assertThat(source.status().phase()).isEqualTo(SourceStatus.Phase.CONNECTING);
        assertThat(source.status().attempt()).isEqualTo(1);
        transport.last().content("a", 1, 1, 1);
        assertThat(source.status().phase()).isEqualTo(SourceStatus.Phase.CONNECTED);
        assertThat(source.status().attempt()).isZero();
        ConnectionException gone = new ConnectionException("gone");
        transport.last().does(out -> out.end(Ending.retry(gone, Duration.ofSeconds(5))));
        assertThat(source.status().phase()).isEqualTo(SourceStatus.Phase.WAITING);
        assertThat(source.status().attempt()).as("the attempt that comes next").isEqualTo(2);
        assertThat(source.status().reason()).isSameAs(gone);
        assertThat(source.status().delay()).isEqualTo(Duration.ofSeconds(5));
        transport.advance(Duration.ofSeconds(5));
        assertThat(source.status().phase()).isEqualTo(SourceStatus.Phase.CONNECTING);
        assertThat(source.status().attempt()).isEqualTo(2);
        transport.last().does(out -> out.connected());
        view.close();
        transport.environment.run();
        assertThat(source.status().phase()).isEqualTo(SourceStatus.Phase.IDLE);
        assertThat(source.status().attempt()).isZero();
        source.close();
        transport.environment.run();
        assertThat(phases())
                .containsExactly(
                        SourceStatus.Phase.IDLE,
                        SourceStatus.Phase.CONNECTING,
                        SourceStatus.Phase.CONNECTED,
                        SourceStatus.Phase.WAITING,
                        SourceStatus.Phase.CONNECTING,
                        SourceStatus.Phase.CONNECTED,
                        SourceStatus.Phase.IDLE,
                        SourceStatus.Phase.CLOSED);
    }

    @Test
    void aNormalEndThatMustWaitSaysWhy() {
        source.materialize("a");
        for (int i = 0; i < 10 && source.status().phase() != SourceStatus.Phase.WAITING; i++) {
            transport.last().does(out -> out.end(Ending.proceed()));
            transport.environment.run();
        }
        assertThat(source.status().reason()).hasMessage("the session ended");
    }

    @Test
    void aPauseIsToldAndSoIsItsEnd() {
        source.materialize("a");
        transport.last().content("a", 1, 1, 1);
        source.onStatus(heard::add);
        transport.environment.run();
        Registration pause = source.pause("the screen is hidden");
        transport.environment.run();
        assertThat(source.status().phase()).isEqualTo(SourceStatus.Phase.PAUSED);
        pause.close();
        transport.environment.run();
        assertThat(source.status().phase()).isEqualTo(SourceStatus.Phase.CONNECTING);
        assertThat(phases())
                .containsExactly(
                        SourceStatus.Phase.CONNECTED, SourceStatus.Phase.PAUSED, SourceStatus.Phase.CONNECTING);
    }

    @Test
    void aPauseOfASourceThatDoesNothingIsToldToo() {
        source.onStatus(heard::add);
        transport.environment.run();
        Registration pause = source.pause("the screen is hidden");
        transport.environment.run();
        pause.close();
        transport.environment.run();
        assertThat(phases())
                .containsExactly(SourceStatus.Phase.IDLE, SourceStatus.Phase.PAUSED, SourceStatus.Phase.IDLE);
    }

    @Test
    void ofSeveralSessionsTheWorstIsShown() {
        transport.shares = false;
        source.materialize("a");
        transport.last().content("a", 1, 1, 1);
        assertThat(source.status().phase()).isEqualTo(SourceStatus.Phase.CONNECTED);
        ScriptedTransport.Session a = transport.last();
        source.materialize("b");
        ScriptedTransport.Session b = transport.last();
        assertThat(source.status().phase()).isEqualTo(SourceStatus.Phase.CONNECTING);
        ConnectionException first = new ConnectionException("first failure of b");
        b.does(out -> out.end(Ending.retry(first)));
        assertThat(source.status().reason()).isSameAs(first);
        a.does(out -> out.end(Ending.retry(new ConnectionException("of a"), Duration.ofHours(1))));
        transport.advance(Duration.ofSeconds(4));
        ConnectionException second = new ConnectionException("second failure of b");
        transport.last().does(out -> out.end(Ending.retry(second)));
        assertThat(source.status().reason()).as("b failed twice, a once").isSameAs(second);
    }

    @Test
    void theLastOfSeveralIsHeardByASlowListenerAndNoneAfterItsEnd() {
        List<Runnable> waiting = new ArrayList<>();
        ScriptedTransport other = new ScriptedTransport();
        try (SyncSource slow = other.builder().executor(waiting::add).open()) {
            Registration listener = slow.onStatus(heard::add);
            slow.materialize("a");
            other.last().content("a", 1, 1, 1);
            assertThat(waiting).as("one task for however many changes").hasSize(1);
            waiting.remove(0).run();
            assertThat(phases()).containsExactly(SourceStatus.Phase.CONNECTED);
            other.last().does(out -> out.end(Ending.retry(new ConnectionException("gone"))));
            listener.close();
            waiting.forEach(Runnable::run);
            waiting.clear();
            other.advance(Duration.ofMinutes(1));
            waiting.forEach(Runnable::run);
            assertThat(phases()).containsExactly(SourceStatus.Phase.CONNECTED);
        }
    }
}
