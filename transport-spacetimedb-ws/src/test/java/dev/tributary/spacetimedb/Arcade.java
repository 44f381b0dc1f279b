package dev.tributary.spacetimedb;

import dev.tributary.testkit.spacetimedb.ModuleContext;
import dev.tributary.testkit.spacetimedb.ReducerException;
import dev.tributary.testkit.spacetimedb.SpacetimeDbModule;
import dev.tributary.testkit.spacetimedb.SpacetimeType;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Field;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Scalar;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** The module that tests play with: tables with and without a key, events, and functions that end in every way. */
final class Arcade {

    private static final Field ID = new Field("id", Scalar.I32);
    private static final Field V = new Field("v", Scalar.I32);
    private static final Field TEXT = new Field("text", Scalar.STRING);

    private Arcade() {}

    static SpacetimeDbModule module() {
        return module(true, table -> {});
    }

    /** @param stock says more about that table */
    static SpacetimeDbModule module(boolean newLibraries, Consumer<SpacetimeDbModule.Table> stock) {
        return module(newLibraries, stock, false, (table, id, v) -> {});
    }

    /** Hears what clients put into the tables with ids. */
    interface Puts {

        void put(String table, long id, long v);
    }

    /**
     * The newest, told of.
     *
     * @param stock says more about that table
     * @param isWide whether the tables with ids have one more column
     */
    static SpacetimeDbModule told(Consumer<SpacetimeDbModule.Table> stock, boolean isWide, Puts puts) {
        return module(true, stock, isWide, puts);
    }

    /** A row of the tables with ids. */
    static Object[] row(boolean isWide, long id, long v) {
        return isWide ? new Object[] {id, v, "new"} : new Object[] {id, v};
    }

    private static SpacetimeDbModule module(
            boolean newLibraries, Consumer<SpacetimeDbModule.Table> stock, boolean isWide, Puts puts) {
        SpacetimeDbModule.Builder builder = SpacetimeDbModule.builder();
        if (!newLibraries) {
            builder.oldLibraries();
        }
        builder.table("stock", table -> {
            table.column("id", Scalar.I32)
                    .column("v", Scalar.I32)
                    .primaryKey("id")
                    .index("v");
            widen(table, isWide);
            stock.accept(table);
        });
        builder.table("orders", table -> {
            table.column("id", Scalar.I32)
                    .column("v", Scalar.I32)
                    .primaryKey("id")
                    .index("v");
            widen(table, isWide);
        });
        builder.table("log", table -> table.column("text", Scalar.STRING).column("v", Scalar.I32));
        builder.table("heat", table -> table.column("x", Scalar.F64).column("v", Scalar.I32));
        if (newLibraries) {
            builder.table("shot", table -> table.column("x", Scalar.I32).event());
            builder.reducer("shoot", context -> context.insert("shot", context.number(0)), new Field("x", Scalar.I32));
            builder.reducer(
                    "shoot_and_put",
                    context -> {
                        context.insert("shot", context.number(0));
                        context.put("stock", row(isWide, context.number(0), context.number(0)));
                    },
                    new Field("x", Scalar.I32));
        }
        return builder.reducer("put_stock", context -> put("stock", context, isWide, puts), ID, V)
                .reducer("put_orders", context -> put("orders", context, isWide, puts), ID, V)
                .reducer(
                        "put_both",
                        context -> {
                            context.put("stock", row(isWide, context.number(0), context.number(1)));
                            context.put("orders", row(isWide, context.number(0), context.number(1)));
                        },
                        ID,
                        V)
                .reducer("write_log", context -> context.insert("log", context.text(0), context.number(1)), TEXT, V)
                .reducer(
                        "fail",
                        context -> {
                            throw new ReducerException(context.text(0));
                        },
                        TEXT)
                .reducer("panic", context -> {
                    throw new IllegalStateException("panic");
                })
                .reducer("nothing", context -> {})
                .procedure("twice", Scalar.I64, context -> context.number(0) * 2, new Field("n", Scalar.I64))
                .procedure("slowly", Scalar.I64, context -> 7L)
                .takes("slowly", Duration.ofSeconds(5))
                .procedure("broken", Scalar.I64, context -> {
                    throw new IllegalStateException("panic");
                })
                .view(
                        "rich",
                        "stock",
                        true,
                        context -> context.rows("stock").stream()
                                .filter(row -> ((Number) row.get(1)).longValue() > 50)
                                .map(row -> (Object) List.copyOf(row))
                                .toList())
                .build();
    }

    private static void put(String table, ModuleContext context, boolean isWide, Puts puts) {
        context.put(table, row(isWide, context.number(0), context.number(1)));
        puts.put(table, context.number(0), context.number(1));
    }

    private static void widen(SpacetimeDbModule.Table table, boolean isWide) {
        if (isWide) {
            table.column("note", Scalar.STRING);
        }
    }

    static SpacetimeType number() {
        return Scalar.I32;
    }
}
