package dev.tributary.conformance.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ClosedException;
import dev.tributary.ConfigurationException;
import dev.tributary.ConnectionException;
import dev.tributary.Index;
import dev.tributary.MappingException;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Query;
import dev.tributary.RejectedException;
import dev.tributary.Row;
import dev.tributary.RowMapper;
import dev.tributary.SavedView;
import dev.tributary.Snapshot;
import dev.tributary.SortedView;
import dev.tributary.SyncException;
import dev.tributary.SyncSource;
import dev.tributary.spi.Calls;
import dev.tributary.spi.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A handle on a view, and what is derived from it. */
@ExtendWith(QuietEngine.class)
class ViewTest {

    record Item(int id, Integer value) {}

    private static final Function<Item, Integer> VALUE = Item::value;

    private final ScriptedTransport transport = new ScriptedTransport();
    private final SyncSource source = transport.builder().open();

    private MaterializedView<Item> loaded() {
        MaterializedView<Item> view = source.materialize("a", Item.class);
        transport.last().content("a", 1, 1, 10, 2, 20, 3, 30);
        return view;
    }

    // ---- how a view is asked for ----

    @Test
    @Tag("SHARING")
    void everyWayToAskForAViewGivesTheSameRows() {
        RowMapper<Integer> ids = row -> row.getInteger("id");
        Query query = Query.of("a");
        List<MaterializedView<?>> views = List.of(
                source.materialize("a"),
                source.materialize(query),
                source.materialize("a", Item.class),
                source.materialize(query, Item.class),
                source.materialize("a", ids),
                source.materialize("a", Item.class, options -> {}),
                source.materialize("a", ids, options -> {}),
                source.materialize(query, ids, options -> {}));
        transport.last().content("a", 1, 7, 70);
        assertThat(transport.sessions).hasSize(1);
        List<Object> rows = new ArrayList<>();
        for (MaterializedView<?> view : views) {
            assertThat(view.query()).isEqualTo(query);
            rows.add(view.snapshot().get(7));
        }
        Row row = ScriptedTransport.Session.row(7, 70);
        Item item = new Item(7, 70);
        assertThat(rows).containsExactly(row, row, item, item, 7, item, 7, 7);
    }

    @Test
    void aSourceShowsItsAddressAndHowItIs() {
        assertThat(source.address()).isEqualTo("scripted+ws://nowhere");
        assertThat(source).hasToString("scripted+ws://nowhere idle");
        MaterializedView<Item> view = loaded();
        assertThat(view).hasToString("view of a, 3 rows, live");
        assertThat(view.snapshot()).hasToString("snapshot 1 of 3 rows");
    }

    @Test
    void anInterfaceThatASourceLacksIsRefusedNamingThoseItHas() {
        assertThatThrownBy(() -> source.unwrap(Runnable.class))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("Runnable")
                .hasMessageContaining("[Calls]");
        assertThat(source.unwrap(Calls.class)).isNotNull();
    }

    @Test
    void aSnapshotStandsStill() {
        MaterializedView<Row> view = source.materialize("a");
        Snapshot<Row> nothing = view.snapshot();
        assertThat(nothing.isEmpty()).isTrue();
        assertThat(nothing.schema()).isEmpty();
        assertThat(nothing.get(1)).isNull();
        transport.last().content("a", 1, 1, 10);
        Snapshot<Row> one = view.snapshot();
        transport.last().change("a", 2, 2, 20);
        assertThat(nothing.isEmpty()).isTrue();
        assertThat(one.isEmpty()).isFalse();
        assertThat(one.toList()).containsExactly(ScriptedTransport.Session.row(1, 10));
        assertThat(one.schema()).contains(ScriptedTransport.SCHEMA);
        assertThat(one.contains(2)).isFalse();
        assertThat(one.version()).isEqualTo(1);
        assertThat(view.get(2)).isEqualTo(ScriptedTransport.Session.row(2, 20));
    }

    @Test
    void aMapperIsBoundOncePerSchemaAndItsRefusalNamesTheQuery() {
        int[] bound = {0};
        MaterializedView<Integer> view = source.materialize("a", new RowMapper<Integer>() {
            @Override
            public Integer map(Row row) {
                if (row.getInteger("value") == null) {
                    throw new MappingException("value: null is no number");
                }
                return row.getInteger("value");
            }

            @Override
            public RowMapper<Integer> bind(dev.tributary.RowSchema schema) {
                bound[0]++;
                return this;
            }
        });
        transport.last().content("a", 1, 1, 10, 2, 20);
        assertThat(view.snapshot().toList()).containsExactlyInAnyOrder(10, 20);
        assertThat(view.snapshot().toList()).hasSize(2);
        assertThat(bound[0]).isEqualTo(1);
        ScriptedTransport.Session session = transport.last();
        session.does(out -> {
            out.draft(session.subscription("a")).put(ScriptedTransport.SCHEMA.row(3, null));
            out.commit(List.of(session.subscription("a")), null);
        });
        assertThat(view.get(1)).isEqualTo(10);
        assertThatThrownBy(() -> view.get(3))
                .isInstanceOf(MappingException.class)
                .hasMessage("a.value: null is no number");
    }

    // ---- waiting ----

    @Test
    @Tag("L5")
    void waitingGivesTheViewOrItsReason() throws Exception {
        MaterializedView<Row> view = source.materialize("a");
        CompletableFuture<MaterializedView<Row>> upToDate = view.upToDate();
        assertThatThrownBy(() -> view.awaitUpToDate(Duration.ofSeconds(3)))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("a is not up to date after 3000 ms: loading");
        assertThat(upToDate).isNotDone();
        transport.last().content("a", 1, 1, 10);
        assertThat(view.awaitUpToDate(Duration.ofSeconds(3))).isSameAs(view);
        assertThat(upToDate).isCompletedWithValue(view);
        RejectedException why = new RejectedException("dropped");
        transport.last().does(out -> out.end(Ending.gone(why)));
        assertThatThrownBy(() -> view.awaitUpToDate(Duration.ofSeconds(3))).isSameAs(why);
        MaterializedView<Row> closed = source.materialize("b");
        closed.close();
        assertThatThrownBy(() -> closed.awaitUpToDate(Duration.ofSeconds(3))).isInstanceOf(ClosedException.class);
        CompletableFuture<MaterializedView<Row>> late = closed.upToDate();
        transport.environment.run();
        assertThat(late).isCompletedExceptionally();
    }

    @Test
    void waitingOnAThreadOfTheEngineIsRefused() {
        MaterializedView<Row> view = source.materialize("a");
        List<Throwable> thrown = new ArrayList<>();
        transport.environment.engine().execute(() -> {
            try {
                view.awaitUpToDate(Duration.ofSeconds(1));
            } catch (Exception e) {
                thrown.add(e);
            }
        });
        transport.environment.run();
        assertThat(thrown).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Tag("L11")
    void anExecutorThatIsGoneLeavesNoFutureWaiting() {
        try (SyncSource other = transport
                .builder()
                .executor(task -> {
                    throw new RejectedExecutionException("shut down");
                })
                .open()) {
            MaterializedView<Row> view = other.materialize("a");
            CompletableFuture<MaterializedView<Row>> upToDate = view.upToDate();
            transport.last().content("a", 1, 1, 10);
            assertThat(upToDate).isCompletedWithValue(view);
        }
    }

    @Test
    @Tag("L12")
    void theCloseOfAViewEndsItsFutures() {
        MaterializedView<Row> view = source.materialize("a");
        MaterializedView<Row> other = source.materialize("a");
        CompletableFuture<MaterializedView<Row>> closed = view.upToDate();
        CompletableFuture<MaterializedView<Row>> open = other.upToDate();
        view.close();
        transport.environment.run();
        assertThat(closed).isCompletedExceptionally();
        assertThat(open).isNotDone();
        assertThat(view.status().phase()).isEqualTo(Phase.CLOSED);
        transport.last().content("a", 1, 1, 10);
        assertThat(open).isCompletedWithValue(other);
    }

    // ---- saved ----

    @Test
    @Tag("L3")
    void aSavedViewSaysWhatItHolds() {
        SavedView saved = loaded().save();
        assertThat(saved.query()).isEqualTo("a");
        assertThat(saved.size()).isEqualTo(3);
        MaterializedView<Item> mapped = source.materialize("a", Item.class).map(item -> item);
        assertThat(mapped.save().toBytes()).isEqualTo(saved.toBytes());
        assertThatThrownBy(() -> loaded().where(item -> true).save()).isInstanceOf(SyncException.class);
    }

    // ---- derived ----

    @Test
    @Tag("L4")
    void aFilteredViewFollowsRowsAndStatus() {
        MaterializedView<Item> view = source.materialize("a", Item.class);
        MaterializedView<Item> large = view.where(item -> item.value() >= 20);
        transport.environment.run();
        assertThat(large.status().phase()).isEqualTo(Phase.LOADING);
        transport.last().content("a", 1, 1, 10, 2, 20, 3, 30);
        assertThat(large.status().phase()).isEqualTo(Phase.LIVE);
        assertThat(large.snapshot().size()).isEqualTo(2);
        assertThat(large.snapshot().version()).isEqualTo(1);
        transport.last().does(out -> out.end(Ending.retry(new ConnectionException("gone"), Duration.ofHours(1))));
        assertThat(large.status().phase()).isEqualTo(Phase.STALE);
        assertThat(large.status().reason()).hasMessage("gone");
        MaterializedView<Item> late = view.where(item -> item.value() >= 30);
        assertThat(late.snapshot().toList()).containsExactly(new Item(3, 30));
        assertThat(late.status().phase()).isEqualTo(Phase.STALE);
    }

    @Test
    @Tag("L4")
    void aFilteredViewIsRefreshedWithItsSource() {
        MaterializedView<Item> view = loaded();
        MaterializedView<Item> large = view.where(item -> item.value() >= 20);
        CompletableFuture<MaterializedView<Item>> refreshed = large.refresh();
        MaterializedView<Integer> mapped = large.map(VALUE);
        CompletableFuture<MaterializedView<Integer>> mappedRefreshed = mapped.refresh();
        transport.environment.run();
        assertThat(refreshed).isNotDone();
        ScriptedTransport.Session session = transport.last();
        session.does(out -> out.upToDate(session.subscription("a")));
        assertThat(refreshed).isCompletedWithValue(large);
        assertThat(mappedRefreshed).isCompletedWithValue(mapped);
    }

    @Test
    @Tag("L11")
    void aPredicateThatThrowsFailsOnlyItsOwnView() {
        MaterializedView<Item> view = loaded();
        MaterializedView<Item> broken = view.where(item -> {
            if (item.id() == 9) {
                throw new IllegalStateException("a predicate with a bug");
            }
            return true;
        });
        transport.last().change("a", 2, 9, 9);
        assertThat(broken.status().phase()).isEqualTo(Phase.FAILED);
        assertThat(broken.status().reason()).hasMessageContaining("a predicate with a bug");
        assertThat(broken.snapshot().size()).as("the last good content").isEqualTo(3);
        transport.last().change("a", 3, 8, 8);
        ScriptedTransport.Session session = transport.last();
        session.does(out -> out.upToDate(session.subscription("a")));
        assertThat(broken.status().phase()).isEqualTo(Phase.FAILED);
        assertThat(broken.snapshot().size()).isEqualTo(3);
        assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
        assertThat(view.snapshot().size()).isEqualTo(5);
    }

    @Test
    @Tag("L12")
    void whatIsDerivedEndsWithItsViewOrAlone() {
        MaterializedView<Item> view = loaded();
        int[] asked = {0};
        MaterializedView<Item> counted = view.where(item -> {
            asked[0]++;
            return true;
        });
        assertThat(asked[0]).isEqualTo(3);
        counted.close();
        transport.last().change("a", 2, 4, 40);
        assertThat(asked[0]).as("a closed one asks no more").isEqualTo(3);
        assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
        MaterializedView<Item> large = view.where(item -> item.value() >= 20);
        MaterializedView<Integer> values = view.map(VALUE);
        values.close();
        assertThat(view.status().phase()).as("a mapped one owns nothing").isEqualTo(Phase.LIVE);
        view.close();
        transport.environment.run();
        assertThat(large.status().phase()).isEqualTo(Phase.CLOSED);
        assertThat(large.snapshot().size()).isEqualTo(3);
    }

    @Test
    @Tag("L4")
    void anIndexFollowsUntilItIsClosed() {
        MaterializedView<Item> view = loaded();
        Index<Integer, Item> byValue = view.indexBy(VALUE);
        transport.last().change("a", 2, 1, 20);
        assertThat(byValue.get(10)).isEmpty();
        assertThat(byValue.get(20)).containsExactlyInAnyOrder(new Item(1, 20), new Item(2, 20));
        assertThat(byValue.keys()).containsExactlyInAnyOrder(20, 30);
        byValue.close();
        transport.last().change("a", 3, 4, 40);
        assertThat(byValue.get(40)).isEmpty();
    }

    @Test
    @Tag("L4")
    void anIndexFromBeforeTheContentHasItAfterwards() {
        MaterializedView<Item> view = source.materialize("a", Item.class);
        Index<Integer, Item> byValue = view.indexBy(VALUE);
        assertThat(byValue.keys()).isEmpty();
        transport.last().content("a", 1, 1, 10);
        assertThat(byValue.keys()).containsExactly(10);
    }

    @Test
    @Tag("L4")
    void anOrderFollowsAndTellsUntilItIsClosed() {
        MaterializedView<Item> view = loaded();
        SortedView<Item> order = view.sortedBy(Comparator.comparing(VALUE).reversed());
        SortedView<Item> first = order.limit(2);
        List<String> heard = new ArrayList<>();
        var registration = first.listen(rows -> heard.add(rows.version() + " " + rows.size() + " " + rows.toList()));
        transport.last().change("a", 2, 1, 99);
        transport.last().change("a", 3, 4, 20);
        assertThat(heard)
                .containsExactly(
                        "2 2 [Item[id=1, value=99], Item[id=3, value=30]]",
                        "3 2 [Item[id=1, value=99], Item[id=3, value=30]]");
        assertThat(order.snapshot()).extracting(Item::value).containsExactly(99, 30, 20, 20);
        assertThat(order.snapshot()).isSameAs(order.snapshot());
        assertThat(order.limit(0).snapshot().toList()).isEmpty();
        assertThatThrownBy(() -> order.limit(-1)).isInstanceOf(IllegalArgumentException.class);
        registration.close();
        transport.last().change("a", 4, 1, 98);
        assertThat(heard).hasSize(2);
        first.listen(rows -> heard.add("again"));
        first.close();
        first.close();
        transport.last().change("a", 5, 1, 97);
        assertThat(heard).hasSize(2);
        assertThat(first.snapshot().toList()).as("it stands still").startsWith(new Item(1, 98));
        SortedView<Item> never = order.limit(1);
        never.close();
        assertThat(never.snapshot().toList()).as("closed before anybody looked").isEmpty();
    }

    @Test
    @Tag("L4")
    void anOrderKeepsRowsApartThatCompareAsEqual() {
        MaterializedView<Item> view = source.materialize("a", Item.class);
        int[] pairs = new int[400];
        for (int i = 0; i < pairs.length; i += 2) {
            pairs[i] = i;
            pairs[i + 1] = i % 8;
        }
        transport.last().content("a", 1, pairs);
        SortedView<Item> order = view.sortedBy(Comparator.comparing(VALUE));
        assertThat(order.snapshot().size()).isEqualTo(200);
        transport.last().content("a", 2, 1, 1);
        assertThat(order.snapshot().toList()).containsExactly(new Item(1, 1));
    }

    @Test
    @Tag("L4")
    void whatIsDerivedOnASlowExecutorIsRightAfterMerging() {
        List<Runnable> waiting = new ArrayList<>();
        try (SyncSource slow = transport.builder().executor(waiting::add).open()) {
            MaterializedView<Item> view = slow.materialize("a", Item.class);
            transport.last().content("a", 1, 1, 10, 2, 20);
            MaterializedView<Item> large = view.where(item -> item.value() >= 20);
            Index<Integer, Item> byValue = view.indexBy(VALUE);
            SortedView<Item> order = view.sortedBy(Comparator.comparing(VALUE));
            assertThat(order.snapshot().size()).isEqualTo(2);
            for (int i = 0; i < 100; i++) {
                transport.last().change("a", i, 1, i, 2, 100 - i);
            }
            transport.last().content("a", 101, 1, 25, 3, 5);
            while (!waiting.isEmpty()) {
                waiting.remove(0).run();
            }
            assertThat(large.snapshot().toList()).containsExactly(new Item(1, 25));
            assertThat(byValue.keys()).containsExactlyInAnyOrder(25, 5);
            assertThat(order.snapshot().toList()).containsExactly(new Item(3, 5), new Item(1, 25));
        }
    }
}
