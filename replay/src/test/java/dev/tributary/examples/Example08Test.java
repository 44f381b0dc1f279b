package dev.tributary.examples;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ConfigurationException;
import dev.tributary.MaterializedView;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.electric.Electric;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Writes, where the protocol has them: Electric is read-only, and waits for what was written elsewhere. */
class Example08Test {

    @Test
    void myOwnWriteIsVisible() throws Exception {
        try (Shop shop = new Shop().insert(1, "tea", "3.20");
                SyncSource source = SyncSource.open(shop.address());
                MaterializedView<Row> items = source.materialize("items")) {
            items.awaitUpToDate(Shop.PATIENCE);
            long txIdFromMyInsert = shop.server()
                    .commit(tx -> tx.insert("items", Map.of("id", "2", "name", "cup")))
                    .xid();
            // example 8
            Electric electric = source.unwrap(Electric.class); // a refusal names what this source can do instead
            electric.awaitTxId(items, txIdFromMyInsert, ofSeconds(5))
                    .join(); // my own write is now visible in this view
            // end
            assertThat(items.get(2)).isNotNull();

            String lsn = shop.server()
                    .commit(tx -> tx.delete("items", Map.of("id", "2")))
                    .lsnText();
            electric.awaitLsn(items, new java.math.BigInteger(lsn), Shop.PATIENCE)
                    .join();
            assertThat(items.get(2)).isNull();
        }
    }

    @Test
    void aTransactionOfTheFirstLoadCountsToo() throws Exception {
        try (Shop shop = new Shop();
                SyncSource source = SyncSource.open(shop.address());
                MaterializedView<Row> items = source.materialize("items")) {
            long before = shop.server()
                    .commit(tx -> tx.insert("items", Map.of("id", "1", "name", "tea")))
                    .xid();
            source.unwrap(Electric.class)
                    .awaitTxId(items, before, Shop.PATIENCE)
                    .join();
            assertThat(items.get(1)).isNotNull();
        }
    }

    @Test
    void aRefusalNamesWhatThereIs() {
        try (Shop shop = new Shop();
                SyncSource source = SyncSource.open(shop.address())) {
            assertThatThrownBy(() -> source.unwrap(Runnable.class))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage(shop.address() + " has no Runnable; it has [Electric]");
        }
    }
}
