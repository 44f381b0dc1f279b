package dev.tributary.examples;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.MappingException;
import dev.tributary.MaterializedView;
import dev.tributary.Query;
import dev.tributary.RowMapper;
import dev.tributary.Rows;
import dev.tributary.SyncSource;
import dev.tributary.testkit.electric.Column;
import dev.tributary.testkit.electric.TableSpec;
import java.lang.invoke.MethodHandles;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** My own record. */
class Example02Test {

    // example 2
    record Item(
            long id,
            String name,
            BigDecimal price,
            @Nullable String note) {}
    // end

    private Shop shop;
    private SyncSource source;

    @BeforeEach
    void open() {
        shop = new Shop().insert(42, "tea", "3.20").insert(43, "pot", "18.00", "blue");
        source = SyncSource.open(shop.address());
    }

    @AfterEach
    void close() {
        source.close();
        shop.close();
    }

    @Test
    void rowsAreReadAsARecord() throws Exception {
        // example 2
        MaterializedView<Item> items = source.materialize("items", Item.class);
        items.awaitUpToDate(ofSeconds(10));
        Item one = items.get(42); // by primary key; null when there is none
        List<Item> all = items.snapshot().toList(); // immutable, free to take, never half a transaction
        // end
        assertThat(one).isEqualTo(new Item(42, "tea", new BigDecimal("3.20"), null));
        assertThat(all).containsExactlyInAnyOrder(one, new Item(43, "pot", new BigDecimal("18.00"), "blue"));
        assertThat(items.get(42L)).isEqualTo(one);
        assertThat(items.get(44)).isNull();
        assertThatThrownBy(() -> items.get("tea"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("id int8");
        assertThatThrownBy(() -> all.remove(0)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void whatDoesNotFitIsRefusedWithOneSentence() throws Exception {
        record Few(long id, String name, BigDecimal price) {}
        record Many(long id, String name, BigDecimal price, String note, String owner) {}
        record Wrong(long id, int name, BigDecimal price, String note) {}
        assertThat(refusal(Few.class))
                .isEqualTo(
                        "items: record Few has no component for column 'note'; ignore it with Policy.IGNORE_UNKNOWN");
        assertThat(refusal(Many.class))
                .isEqualTo("items: there is no column for component 'String owner' of record"
                        + " Many; there are [id, name, note, price]; read it as null with Policy.NULL_FOR_MISSING");
        assertThat(refusal(Wrong.class))
                .isEqualTo("items: name: component 'int name' of record Wrong cannot hold"
                        + " text, which is read as String");
    }

    @Test
    void aBadValueIsNamedWithItsColumnAndRowAndSpoilsOnlyItself() throws Exception {
        record Priced(long id, String name, double price, String note) {}
        shop.price(42, "abc");
        assertThat(refusal(Item.class)).isEqualTo("items.price: expected numeric(10,2), got 'abc' in row 42");
        MaterializedView<Item> items = source.materialize("items", Item.class).awaitUpToDate(Shop.PATIENCE);
        assertThat(items.get(43).name()).isEqualTo("pot");
        assertThat(refusal(Priced.class))
                .isEqualTo("items: price: component 'double price' of record Priced cannot"
                        + " hold numeric(10,2), which is read as BigDecimal");
    }

    @Test
    void nullIsRefusedWhereTheRecordHasAPrimitive() throws Exception {
        shop.server()
                .with(model -> model.createTable(
                        TableSpec.of("stock", Column.of("id", "int8").primaryKey(0), Column.of("count", "int4"))));
        shop.server().commit(tx -> tx.insert("stock", Map.of("id", "7")));
        record Stock(long id, int count) {}
        MaterializedView<Stock> stock = source.materialize("stock", Stock.class).awaitUpToDate(Shop.PATIENCE);
        assertThatThrownBy(() -> stock.get(7))
                .isInstanceOf(MappingException.class)
                .hasMessage("stock.count: null in row 7, but component 'int count' of record Stock is a primitive");
    }

    private <T> String refusal(Class<T> record) throws Exception {
        MaterializedView<T> items = source.materialize("items", record).awaitUpToDate(Shop.PATIENCE);
        try (items) {
            items.get(42);
            return "nothing refused";
        } catch (MappingException e) {
            return e.getMessage();
        }
    }

    @Test
    void policiesAndModulesAreAMatterOfTheMapper() throws Exception {
        record Label(long id, String name, @Nullable String owner) {}
        // example 2-policies
        RowMapper<Label> mapper = Rows.mapper(
                Label.class, // of a module that does not open it: with MethodHandles.lookup()
                MethodHandles.lookup(),
                Rows.Policy.IGNORE_UNKNOWN,
                Rows.Policy.NULL_FOR_MISSING);
        MaterializedView<Label> labels = source.materialize(Query.parse("items"), mapper, options -> {});
        // end
        labels.awaitUpToDate(Shop.PATIENCE);
        assertThat(labels.get(42)).isEqualTo(new Label(42, "tea", null));
    }
}
