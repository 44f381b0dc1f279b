package dev.tributary.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Query;
import dev.tributary.SourceListener;
import dev.tributary.SyncSource;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Go on where I stopped. */
class Example10Test {

    record Item(
            long id,
            String name,
            BigDecimal price,
            @Nullable String note) {}

    private Shop shop;
    private byte[] saved;

    @BeforeEach
    void syncAndSave() throws Exception {
        shop = new Shop().insert(1, "tea", "3.20").insert(2, "pot", "18.00");
        try (SyncSource source = SyncSource.open(shop.address())) {
            MaterializedView<Item> items =
                    source.materialize("items", Item.class).awaitUpToDate(Shop.PATIENCE);
            saved = save(items);
        }
    }

    private static byte[] save(MaterializedView<Item> items) {
        // example 10
        byte[] saved = items.save().toBytes(); // checkpoint and rows, one value
        // end
        return saved;
    }

    private static MaterializedView<Item> restore(SyncSource source, byte[] saved) {
        // example 10
        MaterializedView<Item> items = source.materialize("items", Item.class, from -> from.saved(saved));
        // end
        return items;
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void theRowsAreThereAtOnceAndOnlyTheDifferencesCome() throws Exception {
        shop.price(1, "3.10");
        List<String> offsets = new CopyOnWriteArrayList<>();
        shop.server()
                .with(model -> model.faults()
                        .when(
                                request -> {
                                    offsets.add(request.parameter("offset"));
                                    return false;
                                },
                                1,
                                dev.tributary.testkit.electric.Fault.reset()));
        BlockingQueue<Commit<Item>> heard = new LinkedBlockingQueue<>();
        try (SyncSource source = SyncSource.open(shop.address())) {
            MaterializedView<Item> items = restore(source, saved);
            assertThat(items.snapshot().size())
                    .as("before anything is asked of the server")
                    .isEqualTo(2);
            items.listen(heard::add);
            items.awaitUpToDate(Shop.PATIENCE);
            assertThat(items.get(1).price()).isEqualTo(new BigDecimal("3.10"));
            assertThat(offsets).isNotEmpty().doesNotContain("-1");
            Commit<Item> first = heard.poll(Shop.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(first.origin()).isEqualTo(Commit.Origin.INITIAL);
        }
    }

    @Test
    void whatIsNoSaveOfThisQueryIsRefusedByNameAndSyncedAnew() throws Exception {
        byte[] damaged = saved.clone();
        damaged[damaged.length / 2] ^= 1;
        assertThat(faultsOf("items", damaged)).containsExactly("the saved view is damaged: its checksum does not hold");
        assertThat(faultsOf("items", "no save".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                .containsExactly("these 7 bytes are no saved view");
        assertThat(faultsOf("items?where=price>10", saved))
                .containsExactly("the saved view is of electric 'items', not of electric 'items?where=price>10'");
    }

    private List<String> faultsOf(String query, byte[] bytes) throws Exception {
        List<String> faults = new CopyOnWriteArrayList<>();
        SourceListener listener = new SourceListener() {
            @Override
            public void onFault(Query faulty, String what, String where) {
                faults.add(what);
            }
        };
        try (SyncSource source = SyncSource.open(shop.address(), options -> options.listener(listener))) {
            MaterializedView<Item> items = source.materialize(query, Item.class, from -> from.saved(bytes));
            items.awaitUpToDate(Shop.PATIENCE);
            assertThat(items.get(2).name()).isEqualTo("pot");
        }
        return faults;
    }
}
