package dev.tributary.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.ConnectionException;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.ProtocolException;
import dev.tributary.Row;
import dev.tributary.SourceBuilder;
import dev.tributary.SyncSource;
import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.WireEnd;
import dev.tributary.testkit.simulation.SimulatedConnection;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedNetwork;
import dev.tributary.testkit.simulation.SimulatedWireProvider;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A transport of my own, over simulated wires in virtual time. */
class Example12Test {

    private final SimulatedEnvironment world = new SimulatedEnvironment(1);
    private final List<SimulatedConnection> server = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private SyncSource source;
    private MaterializedView<Row> prices;

    private void accept(SimulatedConnection connection) {
        server.add(connection);
        connection.listen(new SimulatedConnection.ClientListener() {
            @Override
            public void message(DataKind kind, ByteBuffer bytes) {
                asked.add(StandardCharsets.UTF_8.decode(bytes).toString());
            }
        });
        connection.head(new Head(101, Map.of()));
    }

    @BeforeEach
    void open() {
        // example 12-use
        SyncSource source = SourceBuilder.of(URI.create("line+ws://localhost:9000"))
                .transport(new LineTransport()) // or found on the class path or module path
                .wires(new SimulatedWireProvider(Set.of("ws"), this::accept, SimulatedNetwork.PERFECT))
                .environment(world) // virtual time: advance it, nothing sleeps
                .open();
        MaterializedView<Row> prices = source.materialize("prices");
        world.run();
        // end
        this.source = source;
        this.prices = prices;
    }

    @AfterEach
    void nothingIsLeft() {
        source.close();
        world.run();
        assertThat(world.pending().isNothing()).as(world.pending().toString()).isTrue();
        assertThat(world.failures()).isEmpty();
    }

    private SimulatedConnection wire() {
        return server.get(server.size() - 1);
    }

    private void say(String... lines) {
        for (String line : lines) {
            wire().text(line);
        }
        world.run();
    }

    @Test
    void aCommitIsVisibleAsAWhole() {
        assertThat(asked).containsExactly("follow prices");
        say("put tea 3.20", "put pot 18.00");
        assertThat(prices.snapshot().isEmpty()).isTrue();
        say("commit", "done");
        assertThat(prices.get("tea").getString("value")).isEqualTo("3.20");
        assertThat(prices.status().phase()).isEqualTo(Phase.LIVE);
        say("remove pot", "put tea 3.10");
        assertThat(prices.snapshot().size()).isEqualTo(2);
        say("commit");
        assertThat(prices.snapshot().toList()).extracting(Row::toString).containsExactly("{key=tea, value=3.10}");
    }

    @Test
    void theEngineComesBackAndReadersKeepTheirRows() {
        say("put tea 3.20", "put pot 18.00", "commit", "done");
        List<String> heard = new ArrayList<>();
        prices.listen(commit -> heard.add(commit.changes().toString()));
        wire().fail(WireEnd.Kind.BROKEN, "connection reset");
        world.run();
        assertThat(prices.status().toString()).contains("stale since").contains("connection reset");
        assertThat(prices.status().reason()).isInstanceOf(ConnectionException.class);
        assertThat(prices.snapshot().size()).isEqualTo(2);
        world.advance(Duration.ofSeconds(2));
        assertThat(server).hasSize(2);
        say("put tea 3.20", "commit", "done");
        assertThat(prices.status().phase()).isEqualTo(Phase.LIVE);
        assertThat(heard).as("the content, then the one difference").hasSize(2);
        assertThat(heard.get(1)).isEqualTo("[- pot]");
    }

    @Test
    void nonsenseEndsTheAttemptAndNotTheView() {
        say("put tea 3.20", "commit", "done", "drop table");
        assertThat(prices.status().reason()).isInstanceOf(ProtocolException.class);
        assertThat(prices.status().toString()).contains("expected put, remove, commit or done, got 'drop'");
        assertThat(prices.snapshot().size()).isEqualTo(1);
        world.advance(Duration.ofSeconds(2));
        say("put tea 3.30", "commit", "done");
        assertThat(prices.status().phase()).isEqualTo(Phase.LIVE);
    }

    @Test
    void silenceIsStale() {
        say("put tea 3.20", "commit", "done");
        world.advance(Duration.ofSeconds(61));
        assertThat(prices.status().phase()).isEqualTo(Phase.STALE);
    }
}
