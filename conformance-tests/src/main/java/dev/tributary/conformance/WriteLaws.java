package dev.tributary.conformance;

import dev.tributary.SyncException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import net.jqwik.api.Example;
import net.jqwik.api.Label;
import net.jqwik.api.Tag;

/** W: writes end, and are seen. */
public interface WriteLaws extends LawsOfADriver {

    @Example
    @Tag("W")
    @Shows({Law.WRITES_SUCCEED, Law.WRITES_ARE_SEEN})
    @Label("a write ends as done, and is in the view")
    default void writesAreSeen() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(25)) {
                Client client = Client.loaded(world, driver);
                ViewProbe view = client.views().get(0);
                CompletableFuture<?> written = world.write(client.source(), new Operation.Put(0, 4, 44));
                world.advance(world.settleTime());
                Law.WRITES_SUCCEED.holdsIf(
                        written.isDone() && !written.isCompletedExceptionally(), "a write ended as " + written);
                Law.WRITES_ARE_SEEN.holdsIf(
                        Integer.valueOf(44).equals(view.content().get(4)),
                        "what was written is not in the view: " + view.content());
                client.attempts().check();
                view.checkSettled();
                client.close();
            }
        });
    }

    @Example
    @Tag("W")
    @Shows(Law.WRITES_END)
    @Label("a write into silence ends with a typed reason, by its deadline")
    default void writesEnd() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(30)) {
                Client client = Client.loaded(world, driver);
                world.inject(Fault.SILENCE);
                CompletableFuture<?> written = world.write(client.source(), new Operation.Put(0, 4, 44));
                world.advance(Duration.ofMinutes(5));
                endsTyped(Law.WRITES_END, written);
                client.close();
            }
        });
    }

    @Example
    @Tag("W")
    @Shows(Law.CLOSE_ENDS_WRITES)
    @Label("a write that is under way when the source closes ends, with a typed reason")
    default void closeEndsWrites() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(31)) {
                Client client = Client.loaded(world, driver);
                world.inject(Fault.SILENCE);
                CompletableFuture<?> written = world.write(client.source(), new Operation.Put(0, 4, 44));
                world.advance(Duration.ofMillis(100));
                client.close();
                world.run();
                endsTyped(Law.CLOSE_ENDS_WRITES, written);
            }
        });
    }

    private static void endsTyped(Law law, CompletableFuture<?> written) {
        law.holdsIf(written.isDone(), "the write has no end: " + written);
        try {
            written.join();
        } catch (CompletionException e) {
            law.holdsIf(e.getCause() instanceof SyncException, "a write ended with an untyped reason: " + e.getCause());
        }
    }
}
