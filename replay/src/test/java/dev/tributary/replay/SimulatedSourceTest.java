package dev.tributary.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.testkit.electric.Column;
import dev.tributary.testkit.electric.Fault;
import dev.tributary.testkit.electric.ModelOptions;
import dev.tributary.testkit.electric.TableSpec;
import dev.tributary.testkit.electric.WireFault;
import dev.tributary.testkit.simulation.ElectricModelServer;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedNetwork;
import dev.tributary.testkit.simulation.SimulatedWireProvider;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The real client and the model of the server in one simulation, under faults. */
@ExtendWith(QuietLog.class)
class SimulatedSourceTest {

    @Test
    void theClientEndsWithTheServersRowsAndLeavesNothing() {
        for (long seed = 0; seed < 50; seed++) {
            run(seed);
        }
    }

    @Test
    void oneSeedGivesOneRunLineByLine() {
        assertThat(run(7)).isEqualTo(run(7)).isNotEqualTo(run(8)).hasSizeGreaterThan(50);
    }

    private static List<String> run(long seed) {
        SimulatedEnvironment environment =
                new SimulatedEnvironment(seed).shuffled().logged();
        ElectricModelServer server =
                new ElectricModelServer(environment, ModelOptions.defaults().withChunkBytes(300));
        server.model()
                .createTable(TableSpec.of(
                        "items", Column.of("id", "int4").primaryKey(0).required(), Column.of("name", "text")));
        SimulatedWireProvider wires = new SimulatedWireProvider(
                Set.of("http"),
                server,
                SimulatedNetwork.PERFECT
                        .latency(Duration.ofMillis(1), Duration.ofMillis(80))
                        .pieces(100));
        for (int i = 0; i < 20; i++) {
            write(server, i);
        }
        try (SyncSource source = SyncSource.builder("electric+http://server.invalid")
                .environment(environment)
                .wires(wires)
                .open()) {
            MaterializedView<Row> view = source.materialize("items");
            server.model().faults().nth(2, Fault.reset());
            for (int i = 20; i < 60; i++) {
                int number = i;
                environment.after(Duration.ofMillis(i * 150L), () -> write(server, number));
            }
            environment.after(Duration.ofSeconds(4), () -> server.model().rotateTable("items"));
            environment.after(
                    Duration.ofSeconds(5),
                    () -> server.model()
                            .faults()
                            .next(Fault.wire(new WireFault.Cut(50)))
                            .next(Fault.status(502)));
            environment.advance(Duration.ofMinutes(2));

            assertThat(view.status().phase()).as("seed " + seed).isEqualTo(Phase.LIVE);
            assertThat(view.snapshot().stream().map(row -> row.toMap().toString()))
                    .as("seed " + seed)
                    .containsExactlyInAnyOrderElementsOf(server.model().truth("items").stream()
                            .map(Map::toString)
                            .toList());
        }
        environment.run();
        assertThat(environment.failures()).isEmpty();
        assertThat(environment.pending().isNothing())
                .as("left: " + environment.pending())
                .isTrue();
        return environment.log();
    }

    private static void write(ElectricModelServer server, int number) {
        String id = String.valueOf(number % 25);
        server.model().commit(tx -> tx.upsert("items", Map.of("id", id, "name", "name " + number)));
    }
}
