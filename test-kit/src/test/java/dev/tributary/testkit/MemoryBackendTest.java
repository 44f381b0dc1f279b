package dev.tributary.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ConnectionException;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.RejectedException;
import dev.tributary.Row;
import dev.tributary.SourceStatus;
import dev.tributary.SyncSource;
import dev.tributary.ViewListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The in-memory backend as the test of an application uses it. */
class MemoryBackendTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final MemoryBackend backend = MemoryBackend.create();
    private final SyncSource source = backend.source();

    record Item(int id, String name) {}

    @AfterEach
    void nothingIsLeftAfterTheClose() {
        source.close();
        backend.clock().run();
        assertThat(backend.connections()).isZero();
        assertThat(backend.clock().pending().isNothing()).isTrue();
        assertThat(backend.clock().failures()).isEmpty();
    }

    @Test
    void showsWhatWasCommitted() throws Exception {
        MaterializedView<Item> items = source.materialize("items", Item.class);
        backend.commit(tx -> tx.insert("items", 1, Map.of("name", "tea")).delete("items", 2));
        items.awaitUpToDate(LONG);
        assertThat(items.get(1)).isEqualTo(new Item(1, "tea"));
        assertThat(backend.clock().elapsed()).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void aTableThatIsNotThereYetIsEmptyAndLive() throws Exception {
        MaterializedView<Row> items = source.materialize("items").awaitUpToDate(LONG);
        assertThat(items.snapshot().isEmpty()).isTrue();
        backend.commit(tx -> tx.insert("items", 1, Map.of("name", "tea")));
        backend.clock().run();
        assertThat(items.get(1)).isNotNull();
    }

    @Test
    void followsTheRowsOfAFilter() throws Exception {
        backend.commit(tx -> tx.insert("items", 1, Map.of("name", "tea")).insert("items", 2, Map.of("name", "cup")));
        MaterializedView<Item> teas = source.materialize("items?name=tea", Item.class);
        teas.awaitUpToDate(LONG);
        assertThat(teas.snapshot().toList()).containsExactly(new Item(1, "tea"));
        backend.commit(tx -> tx.update("items", 1, Map.of("name", "cup")).update("items", 2, Map.of("name", "tea")));
        backend.clock().run();
        assertThat(teas.snapshot().toList()).containsExactly(new Item(2, "tea"));
        assertThat(backend.rows("items?name=tea")).hasSize(1);
    }

    @Test
    void afterADropItIsStaleAndCatchesUp() throws Exception {
        backend.commit(tx -> tx.insert("items", 1, Map.of("name", "tea")));
        MaterializedView<Item> items = source.materialize("items", Item.class);
        items.awaitUpToDate(LONG);
        backend.dropConnections();
        backend.commit(tx -> tx.delete("items", 1));
        backend.clock().run();
        assertThat(items.status().phase()).isEqualTo(Phase.STALE);
        assertThat(items.status().reason()).isInstanceOf(ConnectionException.class);
        assertThat(items.snapshot().size()).isEqualTo(1);
        backend.clock().advance(LONG);
        assertThat(items.status().phase()).isEqualTo(Phase.LIVE);
        assertThat(items.snapshot().isEmpty()).isTrue();
    }

    @Test
    void refusedConnectionsAreTriedAgain() {
        backend.refuseConnections(2);
        source.materialize("items");
        backend.clock().run();
        assertThat(source.status().phase()).isEqualTo(SourceStatus.Phase.WAITING);
        backend.clock().advance(LONG);
        assertThat(source.status().phase()).isEqualTo(SourceStatus.Phase.CONNECTED);
        assertThat(backend.attempts()).isEqualTo(3);
    }

    @Test
    void eventsPassBy() throws Exception {
        MaterializedView<Row> items = source.materialize("items");
        items.awaitUpToDate(LONG);
        List<Object> heard = new ArrayList<>();
        items.listen(new ViewListener<Row>() {
            @Override
            public void onCommit(dev.tributary.Commit<Row> commit) {}

            @Override
            public void onEvent(Object event) {
                heard.add(event);
            }
        });
        backend.commit(tx -> tx.insert("items", 1, Map.of("name", "tea")).event("items", "bell"));
        backend.commit(tx -> tx.event("items", "whistle"));
        backend.clock().run();
        assertThat(heard).containsExactly("bell", "whistle");
    }

    @Test
    void aTableCanBeRefused() {
        backend.refuseTable("items", "closed today");
        MaterializedView<Row> items = source.materialize("items");
        assertThatThrownBy(() -> items.awaitUpToDate(LONG))
                .isInstanceOf(RejectedException.class)
                .hasMessage("closed today");
    }

    @Test
    void twoTablesChangeTogether() throws Exception {
        backend.rowsPerMessage(1);
        MaterializedView<Row> from = source.materialize("from");
        MaterializedView<Row> to = source.materialize("to");
        backend.commit(tx -> tx.insert("from", 1, Map.of("n", 1)));
        backend.commit(tx -> tx.insert("to", 2, Map.of("n", 1)));
        backend.clock().run();
        List<Integer> sums = new ArrayList<>();
        from.listen(commit -> {
            var instant = source.snapshot();
            sums.add(instant.of(from).size() + instant.of(to).size());
        });
        backend.commit(tx -> tx.delete("from", 1).insert("to", 1, Map.of("n", 1)));
        backend.clock().run();
        assertThat(sums).containsExactly(2, 2);
    }

    @Test
    void aTransactionThatThrowsChangesNothing() {
        assertThatThrownBy(() -> backend.commit(tx -> {
                    tx.insert("items", 1, Map.of("name", "tea"));
                    tx.insert("items", 1, Map.of("name", "cup"));
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(backend.rows("items")).isEmpty();
        assertThat(backend.lastCommit()).isZero();
        assertThatThrownBy(() -> backend.commit(tx -> tx.update("items", 1, Map.of("name", "tea"))))
                .hasMessageContaining("no table 'items'");
    }

    @Test
    void declaredTablesMayHaveKeysOfSeveralColumns() throws Exception {
        backend.declare(
                "seats",
                MemoryBackend.key("hall", MemoryType.STRING, 0),
                MemoryBackend.key("seat", MemoryType.INT, 1),
                MemoryBackend.column("guest", MemoryType.STRING));
        backend.commit(tx -> tx.insert("seats", List.of("A", 7), Map.of("guest", "Ada")));
        MaterializedView<Row> seats = source.materialize("seats").awaitUpToDate(LONG);
        assertThat(seats.get("A", 7).getString("guest")).isEqualTo("Ada");
        backend.commit(tx -> tx.rekey("seats", List.of("A", 7), List.of("B", 1)));
        backend.clock().run();
        assertThat(seats.get("A", 7)).isNull();
        assertThat(seats.get("B", 1)).isNotNull();
    }
}
