package dev.tributary.conformance;

import dev.tributary.SyncException;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedWeather;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import net.jqwik.api.Example;
import net.jqwik.api.Label;
import net.jqwik.api.Tag;

/** W: writes end, and are seen. */
public interface WriteLaws extends LawsOfADriver {

    /** No answer to a write is shorter. */
    int MOST_BYTES = 4;

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
    @Shows({Law.DONE_IS_DONE, Law.FAILED_IS_NOT_DONE, Law.UNKNOWN_IS_DONE_ONCE, Law.WRITES_END})
    @Label("whatever breaks around a write, its end is true: done, not done, or unknown")
    default void writesEndTruly() {
        Trial.run(driver(), driver -> {
            for (Fault fault : List.of(Fault.DROP, Fault.SILENCE, Fault.REFUSE_ONCE)) {
                for (int seed = 0; seed < 12; seed++) {
                    try (World world = driver.newWorld(seed)) {
                        Client client = Client.loaded(world, driver);
                        WriteProbe writes = new WriteProbe(world);
                        SimulatedWeather weather = weatherOf(world);
                        weather.latency(Duration.ofSeconds(2));
                        writes.write(client.source(), 0, 9);
                        if (seed % 2 == 0) {
                            world.advance(Duration.ofMillis(250L * seed));
                        } else {
                            untilDone(world, 0, 9);
                        }
                        if (driver.faults().contains(fault)) {
                            world.inject(fault);
                        }
                        writes.write(client.source(), 1, 9);
                        world.apply(new Operation.Remove(0, 9));
                        // In the middle of the next thing that comes, which may be the answer.
                        weather.breakWithin(MOST_BYTES);
                        world.advance(Duration.ofSeconds(5));
                        world.heal();
                        weather.clear();
                        world.advance(world.settleTime());
                        writes.check();
                        client.views().forEach(ViewProbe::check);
                        client.views().forEach(ViewProbe::checkSettled);
                        client.attempts().check();
                        client.close();
                    }
                }
            }
        });
    }

    @Example
    @Tag("W")
    @Shows({Law.UNKNOWN_IS_DONE_ONCE, Law.DONE_IS_DONE})
    @Label("a write whose answer was lost is not done again in the next session")
    default void lostAnswersAreNotMadeGood() {
        Trial.run(driver(), driver -> {
            for (int seed = 0; seed < 12; seed++) {
                try (World world = driver.newWorld(seed)) {
                    Client client = Client.loaded(world, driver);
                    WriteProbe writes = new WriteProbe(world);
                    SimulatedWeather weather = weatherOf(world);
                    // Away from the moments at which servers say that they are there.
                    world.advance(Duration.ofSeconds(1 + seed));
                    weather.latency(Duration.ofSeconds(2));
                    // Before the server answers: what is on its way already arrives before a break.
                    weather.breakWithin(MOST_BYTES);
                    writes.write(client.source(), 0, 9);
                    untilDone(world, 0, 9);
                    if (seed % 2 == 0 && driver.faults().contains(Fault.DROP)) {
                        world.inject(Fault.DROP);
                    }
                    // So that it shows when it is done again.
                    world.apply(new Operation.Remove(0, 9));
                    world.advance(Duration.ofSeconds(5));
                    world.heal();
                    weather.clear();
                    world.advance(world.settleTime());
                    writes.check();
                    client.views().forEach(ViewProbe::checkSettled);
                    client.attempts().check();
                    client.close();
                }
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

    /** Until a server has a row, or for long enough; its answer to who wrote it is on its way then. */
    private static void untilDone(World world, int table, int key) {
        String query = world.queries().get(table);
        for (int i = 0; i < 80 && !world.truth(query).containsKey(key); i++) {
            world.advance(Duration.ofMillis(50));
        }
    }

    /** That of a world over sockets does nothing. */
    private static SimulatedWeather weatherOf(World world) {
        return world.environment() instanceof SimulatedEnvironment environment
                ? environment.weather()
                : new SimulatedEnvironment(0).weather();
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
