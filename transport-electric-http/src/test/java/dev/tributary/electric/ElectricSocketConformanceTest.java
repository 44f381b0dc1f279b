package dev.tributary.electric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Backoff;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.http.HttpWireProvider;
import dev.tributary.testkit.electric.Column;
import dev.tributary.testkit.electric.ElectricServer;
import dev.tributary.testkit.electric.Fault;
import dev.tributary.testkit.electric.ModelOptions;
import dev.tributary.testkit.electric.TableSpec;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A few of the laws again over real sockets and real threads. Nothing here waits for time to go by: each test waits for
 * the event that it is about, and the deadline only ends a test that failed.
 */
class ElectricSocketConformanceTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private ElectricServer server;
    private SyncSource source;

    @BeforeEach
    void start() throws Exception {
        server = ElectricServer.builder()
                .options(ModelOptions.defaults().withChunkBytes(400))
                .start();
        server.with(model -> model.createTable(
                TableSpec.of("stock", Column.of("id", "int4").primaryKey(0), Column.of("value", "int4"))));
        source = SyncSource.open(
                server.uri().toString(),
                builder -> builder.transport(new ElectricTransport())
                        .wires(new HttpWireProvider())
                        .backoff(Backoff.exponential(Duration.ofMillis(1), Duration.ofMillis(50))));
    }

    @AfterEach
    void stop() {
        source.close();
        server.close();
    }

    private void put(int key, int value) {
        server.commit(tx -> tx.upsert("stock", Map.of("id", Integer.toString(key), "value", Integer.toString(value))));
    }

    /** Waits for the commit after which the view holds these rows. */
    private static void awaitRows(MaterializedView<Row> view, Map<Integer, Integer> expected) throws Exception {
        CompletableFuture<Void> there = new CompletableFuture<>();
        var registration = view.listen(commit -> {
            Map<Integer, Integer> rows = new TreeMap<>();
            commit.snapshot().forEach(row -> rows.put(row.getInteger("id"), row.getInteger("value")));
            if (rows.equals(expected)) {
                there.complete(null);
            }
        });
        there.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        registration.close();
    }

    @Test
    @Tag("L1")
    @Tag("L4")
    void convergesWhileTheServerCommits() throws Exception {
        MaterializedView<Row> view = source.materialize("stock");
        Map<Integer, Integer> truth = new TreeMap<>();
        for (int i = 0; i < 100; i++) {
            put(i % 10, i);
            truth.put(i % 10, i);
        }
        awaitRows(view, truth);
        view.awaitUpToDate(DEADLINE);
        assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
    }

    @Test
    @Tag("L1")
    @Tag("L7")
    void goesOnAfterResetsAndBrokenConnections() throws Exception {
        put(1, 1);
        MaterializedView<Row> view = source.materialize("stock").awaitUpToDate(DEADLINE);
        server.with(model -> model.faults().next(Fault.reset()));
        put(2, 2);
        awaitRows(view, Map.of(1, 1, 2, 2));
        server.with(model -> model.rotateTable("stock"));
        put(3, 3);
        awaitRows(view, Map.of(1, 1, 2, 2, 3, 3));
    }

    @Test
    @Tag("L12")
    void closesPromptlyWithARequestInFlight() throws Exception {
        put(1, 1);
        MaterializedView<Row> view = source.materialize("stock").awaitUpToDate(DEADLINE);
        assertThat(server.awaitHeld(1, DEADLINE)).isTrue();
        source.close();
        assertThat(view.status().phase()).isEqualTo(Phase.CLOSED);
        assertThat(server.awaitHeld(0, DEADLINE))
                .as("the connection is closed, too")
                .isTrue();
    }
}
