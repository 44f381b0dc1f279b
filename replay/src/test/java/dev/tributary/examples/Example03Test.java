package dev.tributary.examples;

import static dev.tributary.Commit.Origin.INITIAL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Change;
import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Snapshot;
import dev.tributary.SyncSource;
import dev.tributary.ViewListener;
import dev.tributary.ViewStatus;
import dev.tributary.testkit.electric.Fault;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A screen that is never wrong. */
class Example03Test {

    record Item(
            long id,
            String name,
            BigDecimal price,
            @Nullable String note) {}

    /** Stands for a toolkit's thread: this test's own. */
    private static final class Platform {
        private static final BlockingQueue<Runnable> LATER = new LinkedBlockingQueue<>();

        static void runLater(Runnable task) {
            LATER.add(task);
        }
    }

    /** Stands for the table of a toolkit. */
    private static final class Table {
        private final Map<Long, Item> rows = new TreeMap<>();
        private int fills;
        private int changes;

        void fill(Snapshot<Item> items) {
            fills++;
            rows.clear();
            items.forEach(item -> rows.put(item.id(), item));
        }

        void apply(List<Change<Item>> differences) {
            for (Change<Item> change : differences) {
                changes++;
                Item after = change.after();
                if (after == null) {
                    rows.remove(change.before().id());
                } else {
                    rows.put(after.id(), after);
                }
            }
        }
    }

    /** Stands for a label. */
    private static final class Badge {
        private final List<Phase> phases = new CopyOnWriteArrayList<>();
        private String text = "";

        void show(Phase phase, String line) {
            phases.add(phase);
            text = line;
        }
    }

    private final Table table = new Table();
    private final Badge badge = new Badge();

    private interface Condition {
        boolean holds();
    }

    /** Runs the toolkit's loop until this holds. */
    private void loopUntil(Condition condition) throws InterruptedException {
        while (!condition.holds()) {
            Runnable task = Platform.LATER.poll(Shop.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(task)
                    .as("a task for the screen, which shows " + table.rows + " " + badge.text)
                    .isNotNull();
            task.run();
        }
    }

    @Test
    @Tag("L7")
    void theScreenShowsTheContentThenDifferencesAndAResetDoesNotFlicker() throws Exception {
        try (Shop shop = new Shop().insert(1, "tea", "3.20").insert(2, "pot", "18.00");
                SyncSource source = SyncSource.open(shop.address())) {
            MaterializedView<Item> items = source.materialize("items", Item.class);
            show(items);
            loopUntil(() -> table.rows.size() == 2 && badge.phases.contains(Phase.LIVE));
            assertThat(badge.phases.get(0)).isEqualTo(Phase.LOADING);
            assertThat(badge.text).isEqualTo("live");
            shop.price(1, "3.10");
            loopUntil(() -> table.rows.get(1L).price().compareTo(new BigDecimal("3.10")) == 0);

            assertThat(shop.server().awaitHeld(1, Shop.PATIENCE)).isTrue();
            shop.server().with(model -> {
                model.rotateTable("items");
                model.commit(tx -> tx.delete("items", Map.of("id", "2")));
            });
            loopUntil(() -> !table.rows.containsKey(2L));
            assertThat(table.fills).isEqualTo(1);
            assertThat(table.changes)
                    .as("one price, one delete; nothing for the row that stayed")
                    .isEqualTo(2);
        }
    }

    @Test
    @Tag("L5")
    void theScreenSaysThatItIsStaleAndWhy() throws Exception {
        try (Shop shop = new Shop().insert(1, "tea", "3.20");
                SyncSource source = SyncSource.open(shop.address())) {
            MaterializedView<Item> items = source.materialize("items", Item.class);
            show(items);
            loopUntil(() -> badge.text.equals("live"));
            assertThat(shop.server().awaitHeld(1, Shop.PATIENCE)).isTrue();
            shop.server().with(model -> model.faults().when(request -> true, 1_000, Fault.status(502)));
            shop.insert(2, "cup", "5.00"); // ends the poll that waits; those after it are answered by the broken proxy
            loopUntil(() -> badge.phases.contains(Phase.STALE));
            assertThat(badge.text).matches("stale since \\d\\d:\\d\\d:\\d\\d \\(.*502.*\\)");
            assertThat(table.rows).containsKey(1L);
            shop.server().with(model -> model.faults().clear());
            source.retryNow();
            loopUntil(() -> badge.text.equals("live"));
            assertThat(table.rows).containsOnlyKeys(1L, 2L);
        }
    }

    private void show(MaterializedView<Item> items) {
        // example 3
        items.listen(
                new ViewListener<>() {
                    @Override
                    public void onCommit(Commit<Item> commit) {
                        if (commit.origin() == INITIAL) {
                            table.fill(commit.snapshot());
                        } else {
                            table.apply(commit.changes());
                        }
                    }

                    @Override
                    public void onStatus(ViewStatus status) {
                        // loading 41 % · live · stale since 12:03:11 (reason) · failed (reason)
                        badge.show(status.phase(), status.toString());
                    }
                },
                Platform::runLater); // any Executor
        // end
    }
}
