package dev.tributary.examples;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.SyncSource;
import dev.tributary.testkit.MemoryBackend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Test my application without a server. */
class Example11Test {

    record Item(int id, String name) {}

    @Test
    void faultsAndTimeAreMine() throws Exception {
        List<String> shown = new ArrayList<>();
        // example 11
        MemoryBackend backend = MemoryBackend.create(); // in the published test kit
        SyncSource source = backend.source();
        MaterializedView<Item> items = source.materialize("items", Item.class);
        items.onStatus(status -> shown.add(status.toString())); // my code under test

        backend.commit(tx -> tx.insert("items", 1, Map.of("name", "tea")).delete("items", 2));
        items.awaitUpToDate(ofSeconds(10)); // virtual seconds: returns at once

        backend.dropConnections(); // my code under faults
        backend.clock().run(); // what is ready happens on this thread; nothing sleeps
        assertThat(items.status().phase()).isEqualTo(Phase.STALE);

        backend.commit(tx -> tx.update("items", 1, Map.of("name", "green tea")));
        backend.clock().advance(ofSeconds(30)); // time is mine: it has reconnected and caught up
        assertThat(items.get(1)).isEqualTo(new Item(1, "green tea"));
        // end
        assertThat(items.status().phase()).isEqualTo(Phase.LIVE);
        assertThat(shown.get(0)).startsWith("loading");
        assertThat(shown).anyMatch(line -> line.startsWith("stale since ") && line.endsWith(" (connection reset)"));
        assertThat(shown.get(shown.size() - 1)).isEqualTo("live");
        source.close();
        backend.clock().run();
        assertThat(backend.clock().pending().isNothing())
                .as(backend.clock().pending().toString())
                .isTrue();
    }

    @Test
    void twoRunsAreTheSame() throws Exception {
        assertThat(run()).isEqualTo(run()).isNotEmpty();
    }

    private static List<Duration> run() throws Exception {
        MemoryBackend backend = MemoryBackend.create(7);
        List<Duration> moments = new ArrayList<>();
        try (SyncSource source = backend.source()) {
            MaterializedView<Item> items = source.materialize("items", Item.class);
            items.onStatus(status -> moments.add(backend.clock().elapsed()));
            backend.refuseConnections(3);
            backend.commit(tx -> tx.insert("items", 1, Map.of("name", "tea")));
            items.awaitUpToDate(ofSeconds(60));
        }
        return moments;
    }
}
