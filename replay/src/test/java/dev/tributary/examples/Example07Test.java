package dev.tributary.examples;

import static java.math.BigDecimal.TEN;
import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Index;
import dev.tributary.MaterializedView;
import dev.tributary.SortedView;
import dev.tributary.SyncSource;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Derived views, paid for by the change. */
class Example07Test {

    record Item(
            long id,
            String name,
            BigDecimal price,
            @Nullable String note) {

        /** The note of an item names its owner here. */
        String owner() {
            return note == null ? "nobody" : note;
        }
    }

    private Shop shop;
    private SyncSource source;
    private MaterializedView<Item> items;

    @BeforeEach
    void open() throws Exception {
        shop = new Shop();
        for (int id = 1; id <= 30; id++) {
            shop.insert(id, "item " + id, id + ".00", id % 2 == 0 ? "ann" : "bob");
        }
        source = SyncSource.open(shop.address());
        items = source.materialize("items", Item.class).awaitUpToDate(Shop.PATIENCE);
    }

    @AfterEach
    void close() {
        source.close();
        shop.close();
    }

    @Test
    void derivedViewsFollow() throws Exception {
        // example 7
        MaterializedView<Item> cheap = items.where(item -> item.price().compareTo(TEN) < 0);
        Index<String, Item> byOwner = items.indexBy(Item::owner);
        List<Item> top = items.sortedBy(comparing(Item::price).reversed())
                .limit(10)
                .snapshot()
                .toList();
        // end
        assertThat(cheap.snapshot().size()).isEqualTo(9);
        assertThat(byOwner.keys()).containsExactlyInAnyOrder("ann", "bob");
        assertThat(byOwner.get("ann")).hasSize(15);
        assertThat(byOwner.get("nobody")).isEmpty();
        assertThat(top).extracting(Item::id).containsExactly(30L, 29L, 28L, 27L, 26L, 25L, 24L, 23L, 22L, 21L);

        shop.price(30, "1.50");
        Shop.awaitView(cheap, view -> view.get(30) != null);
        assertThat(cheap.snapshot().size()).isEqualTo(10);
    }

    @Test
    void aChangeCostsItselfAndNotTheView() throws Exception {
        AtomicInteger tested = new AtomicInteger();
        MaterializedView<Item> cheap = items.where(item -> {
            tested.incrementAndGet();
            return item.price().compareTo(TEN) < 0;
        });
        int atFirst = tested.get();
        assertThat(atFirst).isEqualTo(30);
        shop.price(30, "1.50");
        Shop.awaitView(cheap, view -> view.get(30) != null);
        assertThat(tested.get() - atFirst).isBetween(1, 2);
    }

    @Test
    void anOrderCallsBack() throws Exception {
        SortedView<Item> top = items.sortedBy(comparing(Item::price).reversed()).limit(1);
        CountDownLatch changed = new CountDownLatch(1);
        top.listen(now -> {
            if (now.toList().get(0).id() == 7) {
                changed.countDown();
            }
        });
        shop.price(7, "99.00");
        Shop.await(changed);
        assertThat(top.snapshot().toList()).extracting(Item::id).containsExactly(7L);
    }
}
