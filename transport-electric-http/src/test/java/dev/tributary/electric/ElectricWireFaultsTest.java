package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.http.HttpWireProvider;
import dev.tributary.testkit.driven.DrivenServer;
import dev.tributary.testkit.driven.WireLedger;
import dev.tributary.testkit.electric.Column;
import dev.tributary.testkit.electric.ElectricModel;
import dev.tributary.testkit.electric.Fault;
import dev.tributary.testkit.electric.ModelOptions;
import dev.tributary.testkit.electric.TableSpec;
import dev.tributary.testkit.electric.WireFault;
import dev.tributary.testkit.simulation.ElectricModelServer;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** What goes wrong with the bytes of an answer goes wrong here with the bytes of a real socket, in virtual time. */
class ElectricWireFaultsTest {

    @Provide
    Arbitrary<WireFault> faults() {
        Arbitrary<Integer> bytes = Arbitraries.integers().between(0, 300);
        Arbitrary<Long> millis = Arbitraries.longs().between(1, 90_000);
        return Arbitraries.oneOf(
                Arbitraries.just(new WireFault.ResetBeforeHeaders()),
                bytes.map(WireFault.ResetInBody::new),
                bytes.map(WireFault.Cut::new),
                millis.map(WireFault.Delay::new),
                Combinators.combine(bytes, millis).as(WireFault.Stall::new),
                Combinators.combine(
                                Arbitraries.integers().between(1, 50),
                                Arbitraries.longs().between(0, 500))
                        .as(WireFault.Dribble::new));
    }

    @Property(tries = 40)
    @Tag("L1")
    @Tag("L2")
    @Tag("L10")
    @Tag("L12")
    void noFaultOfAnAnswerHarmsTheRows(
            @ForAll("faults") WireFault fault, @ForAll @IntRange(min = 1, max = 6) int answer, @ForAll long seed) {
        SimulatedEnvironment environment = new SimulatedEnvironment(seed);
        WireLedger ledger = WireLedger.of(environment);
        ElectricModelServer server =
                new ElectricModelServer(environment, ModelOptions.defaults().withChunkBytes(400));
        ElectricModel model = server.model();
        model.createTable(TableSpec.of("stock", Column.of("id", "int4").primaryKey(0), Column.of("value", "int4")));
        model.faults().nth(answer, Fault.wire(fault));
        Map<Integer, Integer> truth = new TreeMap<>();
        try (DrivenServer sockets = DrivenServer.start(environment, ledger, server, 40)) {
            try (SyncSource source = SyncSource.open(
                    "electric+http://127.0.0.1:" + sockets.port(),
                    builder -> builder.transport(new ElectricTransport())
                            .wires(sockets.wires(new HttpWireProvider()))
                            .environment(environment))) {
                put(model, truth, 0, 0);
                MaterializedView<Row> view = source.materialize("stock");
                for (int i = 1; i < 5; i++) {
                    environment.advance(Duration.ofSeconds(i));
                    put(model, truth, i % 3, i);
                    environment.run();
                }
                environment.advance(Duration.ofMinutes(5));
                assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
                assertThat(rows(view)).isEqualTo(truth);
                assertThat(model.faults().struck()).isEqualTo(1);
            }
            environment.run();
            assertThat(environment.pending().isNothing())
                    .as("left: %s", environment.pending())
                    .isTrue();
            assertThat(environment.failures()).isEmpty();
            assertThat(ledger.threadsLeft()).isEmpty();
        }
    }

    private static void put(ElectricModel model, Map<Integer, Integer> truth, int key, int value) {
        model.commit(tx -> tx.upsert("stock", Map.of("id", Integer.toString(key), "value", Integer.toString(value))));
        truth.put(key, value);
    }

    private static Map<Integer, Integer> rows(MaterializedView<Row> view) {
        Map<Integer, Integer> rows = new TreeMap<>();
        view.snapshot().forEach(row -> rows.put(row.getInteger("id"), row.getInteger("value")));
        return rows;
    }
}
