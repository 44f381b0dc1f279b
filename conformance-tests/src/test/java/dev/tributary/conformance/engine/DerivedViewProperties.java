package dev.tributary.conformance.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Index;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.SortedView;
import dev.tributary.SyncSource;
import dev.tributary.testkit.MemoryBackend;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Derived views, maintained from commits, equal what would be computed anew. */
@Tag("L4")
class DerivedViewProperties {

    record Item(int id, String color, int size) {}

    private static final Comparator<Item> BY_SIZE = Comparator.comparingInt(Item::size);

    @Property(tries = 60)
    void equalTheirRecomputation(@ForAll @Size(max = 40) List<@IntRange(max = 799) Integer> writes) {
        MemoryBackend backend = MemoryBackend.create();
        backend.commit(tx -> tx.insert("items", 0, Map.of("color", "c0", "size", 3)));
        try (SyncSource source = backend.source()) {
            MaterializedView<Item> items = source.materialize("items", Item.class);
            MaterializedView<Item> small = items.where(item -> item.size() < 4);
            MaterializedView<String> smallColors = small.map(Item::color);
            Index<String, Item> byColor = items.indexBy(Item::color);
            SortedView<Item> top = items.sortedBy(BY_SIZE).limit(3);
            Map<Integer, Item> heard = new HashMap<>();
            small.listen(commit -> commit.changes().forEach(change -> {
                if (change.after() == null) {
                    heard.remove(change.before().id());
                } else {
                    heard.put(change.after().id(), change.after());
                }
            }));
            check(backend, items, small, smallColors, byColor, top);
            for (int write : writes) {
                int key = write % 8;
                int size = write / 8 % 10;
                String color = "c" + write / 80 % 3;
                backend.commit(tx -> {
                    if (write % 7 == 0) {
                        tx.delete("items", key);
                    } else {
                        tx.put("items", key, Map.of("color", color, "size", size));
                    }
                });
                if (write % 5 == 0) {
                    backend.truncateLog();
                    backend.dropConnections();
                }
                check(backend, items, small, smallColors, byColor, top);
                assertThat(heard.values())
                        .containsExactlyInAnyOrderElementsOf(small.snapshot().toList());
            }
        }
    }

    private static void check(
            MemoryBackend backend,
            MaterializedView<Item> items,
            MaterializedView<Item> small,
            MaterializedView<String> smallColors,
            Index<String, Item> byColor,
            SortedView<Item> top) {
        backend.clock().advance(Duration.ofSeconds(40));
        List<Item> all = items.snapshot().toList();
        assertThat(all).hasSameSizeAs(backend.rows("items"));
        List<Item> expected = all.stream().filter(item -> item.size() < 4).toList();
        assertThat(small.snapshot().toList()).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(smallColors.snapshot().toList())
                .containsExactlyInAnyOrderElementsOf(
                        expected.stream().map(Item::color).toList());
        Map<String, List<Item>> groups =
                all.stream().collect(Collectors.groupingBy(Item::color, TreeMap::new, Collectors.toList()));
        assertThat(byColor.keys()).isEqualTo(groups.keySet());
        groups.forEach((color, group) -> assertThat(byColor.get(color)).containsExactlyInAnyOrderElementsOf(group));
        assertThat(top.snapshot().toList())
                .extracting(Item::size)
                .containsExactlyElementsOf(
                        all.stream().map(Item::size).sorted().limit(3).toList());
        assertThat(small.status().phase()).isEqualTo(items.status().phase());
    }

    @Example
    @Tag("L5")
    void aDerivedViewIsNotLiveAfterTheCloseOfItsSource() {
        MemoryBackend backend = MemoryBackend.create();
        backend.commit(tx -> tx.insert("items", 0, Map.of("color", "c0", "size", 3)));
        SyncSource source = backend.source();
        MaterializedView<Item> items = source.materialize("items", Item.class);
        MaterializedView<Item> small = items.where(item -> item.size() < 4);
        MaterializedView<String> colors = items.map(Item::color);
        backend.clock().advance(Duration.ofSeconds(1));
        assertThat(small.status().phase()).isEqualTo(Phase.LIVE);
        source.close();
        backend.clock().advance(Duration.ofSeconds(1));
        assertThat(colors.status().phase()).isEqualTo(Phase.CLOSED);
        assertThat(small.status().phase())
                .as("nothing maintains its rows any more")
                .isEqualTo(Phase.CLOSED);
    }

    @Example
    void aPredicateThatThrowsFailsItsViewAlone() {
        MemoryBackend backend = MemoryBackend.create();
        backend.commit(tx -> tx.insert("items", 0, Map.of("color", "c0", "size", 3)));
        try (SyncSource source = backend.source()) {
            MaterializedView<Item> items = source.materialize("items", Item.class);
            MaterializedView<Item> broken = items.where(item -> {
                throw new IllegalStateException("a predicate with a bug");
            });
            backend.clock().advance(Duration.ofSeconds(1));
            assertThat(broken.status().phase()).isEqualTo(Phase.FAILED);
            assertThat(items.status().phase()).isEqualTo(Phase.LIVE);
        }
    }
}
