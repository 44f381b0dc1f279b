package dev.tributary.examples;

import dev.tributary.MaterializedView;
import dev.tributary.Registration;
import dev.tributary.testkit.electric.Column;
import dev.tributary.testkit.electric.ElectricServer;
import dev.tributary.testkit.electric.TableSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The server that most examples talk to, on a port of this machine: a table of items. */
final class Shop implements AutoCloseable {

    /** Long enough for any machine; no test waits so long but to fail. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ElectricServer server;

    Shop() {
        this(ElectricServer.builder());
    }

    Shop(ElectricServer.Builder builder) {
        server = builder.start();
        server.with(model -> model.createTable(TableSpec.of(
                "items",
                Column.of("id", "int8").primaryKey(0),
                Column.of("name", "text").required(),
                Column.of("price", "numeric").with("precision", 10).with("scale", 2),
                Column.of("note", "text"))));
    }

    ElectricServer server() {
        return server;
    }

    /** The address for sources: {@code electric+http://127.0.0.1:PORT}. */
    String address() {
        return server.uri().toString();
    }

    Shop insert(long id, String name, String price) {
        return insert(id, name, price, null);
    }

    Shop insert(long id, String name, String price, String note) {
        Map<String, String> row = new HashMap<>();
        row.put("id", Long.toString(id));
        row.put("name", name);
        row.put("price", price);
        row.put("note", note);
        server.commit(tx -> tx.insert("items", row));
        return this;
    }

    Shop price(long id, String price) {
        server.commit(tx -> tx.update("items", Map.of("id", Long.toString(id), "price", price)));
        return this;
    }

    Shop delete(long id) {
        server.commit(tx -> tx.delete("items", Map.of("id", Long.toString(id))));
        return this;
    }

    /** Waits until the view holds what is expected of it. */
    static <T> void awaitView(MaterializedView<T> view, Predicate<MaterializedView<T>> expected)
            throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        Registration listener = view.listen(commit -> {
            if (expected.test(view)) {
                reached.countDown();
            }
        });
        await(reached);
        listener.close();
    }

    static void await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("not within " + PATIENCE);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
