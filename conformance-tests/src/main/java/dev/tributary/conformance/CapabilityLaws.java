package dev.tributary.conformance;

import dev.tributary.Capability;
import dev.tributary.Change;
import dev.tributary.Column;
import dev.tributary.ConfigurationException;
import dev.tributary.Row;
import dev.tributary.SourceSnapshot;
import dev.tributary.SyncSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import net.jqwik.api.Example;
import net.jqwik.api.Label;
import net.jqwik.api.Tag;

/** C: what is declared works, and what is not declared is refused and not done. */
public interface CapabilityLaws extends LawsOfADriver {

    /** So many transactions are looked at before it is said that none came in parts. */
    int TOGETHER = 5;

    @Example
    @Tag("C")
    @Shows({Law.DECLARED_CAN_BE_REQUIRED, Law.UNDECLARED_IS_REFUSED})
    @Label("what is declared can be required; what is not is refused by name")
    default void capabilitiesBothWays() {
        Trial.run(driver(), driver -> {
            for (Capability capability : Capability.values()) {
                try (World world = driver.newWorld(21)) {
                    boolean declared = driver.capabilities().contains(capability);
                    try (SyncSource source = SourceOpening.of(driver)
                            .open(world.builder("").require(capability), new dev.tributary.SourceListener() {})) {
                        Law.UNDECLARED_IS_REFUSED.holdsIf(
                                declared, capability + " is not declared, but a source that requires it opened");
                        Law.DECLARED_CAN_BE_REQUIRED.holdsIf(
                                source.capabilities().contains(capability),
                                capability + " is declared, but the source has only " + source.capabilities());
                    } catch (ConfigurationException e) {
                        Law.DECLARED_CAN_BE_REQUIRED.holdsIf(
                                !declared, capability + " is declared and was refused: " + e.getMessage());
                        Law.UNDECLARED_IS_REFUSED.holdsIf(
                                String.valueOf(e.getMessage()).contains(capability.name()),
                                capability + " was refused, but not by name: " + e.getMessage());
                    }
                    Client.checkNothingLeft(world);
                }
            }
        });
    }

    @Example
    @Tag("C")
    @Shows(Law.LOSSLESS_HAS_NO_LOSS)
    @Label("a driver has the fault LOSE exactly where its transport is not LOSSLESS")
    default void losslessHasNoLoss() {
        Trial.run(
                driver(),
                driver -> Law.LOSSLESS_HAS_NO_LOSS.holdsIf(
                        driver.capabilities().contains(Capability.LOSSLESS)
                                != driver.faults().contains(Fault.LOSE),
                        "declared are " + driver.capabilities() + ", and the faults are " + driver.faults()));
    }

    @Example
    @Tag("C")
    @Shows(Law.EVENTS_PASS)
    @Label("events reach the listeners")
    default void eventsPass() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(25)) {
                Client client = Client.loaded(world, driver);
                ListenerProbe listener = client.views().get(0).listen();
                world.run();
                world.passEvent(0);
                world.advance(world.settleTime());
                Law.EVENTS_PASS.holdsIf(listener.events() > 0, "nobody heard the event");
                client.attempts().check();
                client.views().get(0).checkSettled();
                client.close();
            }
        });
    }

    @Example
    @Tag("C")
    @Shows(Law.NO_EVENTS)
    @Label("who does not declare EVENTS tells none")
    default void noEvents() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(25)) {
                Client client = Client.loaded(world, driver);
                ListenerProbe listener = client.views().get(0).listen();
                world.run();
                world.apply(new Operation.Put(0, 4, 44));
                world.apply(new Operation.Remove(0, 1));
                world.advance(world.settleTime());
                perhaps(() -> {
                    world.passEvent(0);
                    return true;
                });
                world.advance(world.settleTime());
                Law.NO_EVENTS.holdsIf(listener.events() == 0, "a listener heard " + listener.events() + " events");
                client.attempts().check();
                client.close();
            }
        });
    }

    @Example
    @Tag("C")
    @Shows(Law.PRESENCE_IS_SEEN)
    @Label("who is present is seen by others, and seen to go")
    default void presenceIsSeen() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(25)) {
                Client client = Client.loaded(world, driver);
                Law.PRESENCE_IS_SEEN.holdsIf(world.isPresenceSeen(client.source()), "nobody saw who came and went");
                client.close();
            }
        });
    }

    @Example
    @Tag("C")
    @Shows(Law.NO_PRESENCE)
    @Label("who does not declare PRESENCE shows nobody")
    default void noPresence() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(25)) {
                Client client = Client.loaded(world, driver);
                boolean seen =
                        perhaps(() -> world.isPresenceSeen(client.source())).orElse(false);
                Law.NO_PRESENCE.holdsIf(!seen, "others saw who came and went");
                client.close();
            }
        });
    }

    @Example
    @Tag("C")
    @Shows(Law.NO_WRITES)
    @Label("who does not declare WRITES does none")
    default void noWrites() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(25)) {
                Client client = Client.loaded(world, driver);
                Optional<CompletableFuture<?>> written =
                        perhaps(() -> world.write(client.source(), new Operation.Put(0, 4, 44)));
                world.advance(world.settleTime());
                boolean isDone = written.isPresent()
                        && written.get().isDone()
                        && !written.get().isCompletedExceptionally();
                Law.NO_WRITES.holdsIf(!isDone, "a write ended as done");
                client.close();
            }
        });
    }

    @Example
    @Tag("C")
    @Shows(Law.NO_TRANSACTIONS)
    @Label("who does not declare TRANSACTIONS shows parts of one, or several in one")
    default void noTransactions() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(25)) {
                Client client = Client.loaded(world, driver);
                ViewProbe view = client.views().get(0);
                boolean apart = false;
                for (int i = 1; i <= TOGETHER; i++) {
                    int before = client.attempts().commits(view.view().query());
                    if (i % 2 == 0) {
                        world.inject(Fault.DROP);
                    }
                    // Of several rows each, and several of them before any time goes by.
                    for (int key = 3; key < 6; key++) {
                        world.apply(new Operation.Transaction(
                                List.of(new Operation.Put(0, key, i), new Operation.Put(0, key + 3, i))));
                    }
                    world.advance(world.settleTime());
                    apart |= client.attempts().commits(view.view().query()) != before + 3;
                }
                Law.NO_TRANSACTIONS.holdsIf(apart, "in " + TOGETHER + " rounds each transaction came as one commit");
                client.close();
            }
        });
    }

    @Example
    @Tag("C")
    @Shows(Law.NO_ONE_INSTANT)
    @Label("who does not declare ATOMIC_ACROSS_VIEWS shows one view before the other")
    default void noOneInstant() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(25)) {
                Client client = Client.loaded(world, driver);
                ViewProbe one = client.views().get(0);
                ViewProbe other = client.views().get(1);
                boolean[] apart = new boolean[1];
                client.attempts().readEachTime(() -> {
                    SourceSnapshot instant = client.source().snapshot();
                    Integer here =
                            History.contentOf(world, instant.of(one.view())).get(3);
                    Integer there =
                            History.contentOf(world, instant.of(other.view())).get(3);
                    apart[0] |= !Objects.equals(here, there);
                });
                for (int i = 1; i <= TOGETHER; i++) {
                    world.apply(
                            new Operation.Transaction(List.of(new Operation.Put(0, 3, i), new Operation.Put(1, 3, i))));
                    world.advance(world.settleTime());
                }
                Law.NO_ONE_INSTANT.holdsIf(
                        apart[0], "of " + TOGETHER + " transactions over two queries each was seen in both at once");
                client.close();
            }
        });
    }

    /** What need not be there; nothing where the driver throws. */
    private static <T> Optional<T> perhaps(Supplier<T> call) {
        try {
            return Optional.of(call.get());
        } catch (BrokenLaw e) {
            if (e.law() == Law.DRIVER_THROWS_NOTHING) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Example
    @Tag("C")
    @Shows(Law.OLD_VALUES_COME)
    @Label("an update that changes() tells carries the value before")
    default void oldValuesCome() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(29);
                    Client client = Client.open(world, driver)) {
                Subscriber subscriber = updated(world, client, world.oldValuesQuery());
                Law.OLD_VALUES_COME.holdsIf(
                        subscriber.keepsRows() || Integer.valueOf(10).equals(subscriber.lastBefore()),
                        "an update of 10 told the value before as " + subscriber.lastBefore());
            }
        });
    }

    @Example
    @Tag("C")
    @Shows(Law.NO_OLD_VALUES)
    @Label("who does not declare OLD_VALUES tells none in changes() that keeps no rows")
    default void noOldValues() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(29);
                    Client client = Client.open(world, driver)) {
                Subscriber subscriber = updated(world, client, world.oldValuesQuery());
                Law.NO_OLD_VALUES.holdsIf(
                        subscriber.keepsRows() || subscriber.lastBefore() == null,
                        "an update told the value before: " + subscriber.lastBefore());
            }
        });
    }

    /**
     * Where the engine keeps rows for {@code changes()} it tells whole ones, whatever came: to declare PARTIAL_UPDATES there
     * is wrong.
     */
    @Example
    @Tag("C")
    @Shows(Law.PARTIAL_UPDATES_COME)
    @Label("an update that changes() tells has the key and what changed, and nothing else")
    default void partialUpdatesCome() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(29);
                    Client client = Client.open(world, driver)) {
                ViewProbe view = client.view(0);
                Row held = null;
                int updates = 0;
                for (Change<Row> change : updated(world, client, view.query()).changes()) {
                    Row told = change.after();
                    if (held != null && told != null && change.kind() == Change.Kind.UPDATE) {
                        updates++;
                        checkPartial(held, told);
                        told = held.merge(told);
                    }
                    held = told;
                }
                Law.PARTIAL_UPDATES_COME.holdsIf(updates > 0, "of a row that changed no update was told");
                List<Row> shown = view.view().snapshot().stream().toList();
                Law.PARTIAL_UPDATES_COME.holdsIf(
                        held != null
                                && world.entriesOf(held).equals(world.truth(view.query()))
                                && shown.equals(List.of(held)),
                        "what was told is together " + held + ", a view shows " + shown + ", and the server holds "
                                + world.truth(view.query()));
            }
        });
    }

    /** Looks at what an update tells of a row that was told whole. */
    private static void checkPartial(Row before, Row told) {
        Law.PARTIAL_UPDATES_COME.holdsIf(
                before.schema().equals(told.schema()) && before.sameKey(told),
                "an update of " + before + " has another key, or other columns: " + told);
        List<Column> columns = before.schema().columns();
        for (int column = 0; column < columns.size(); column++) {
            Law.PARTIAL_UPDATES_COME.holdsIf(
                    columns.get(column).isKey()
                            || !told.has(column)
                            || !Objects.deepEquals(before.get(column), told.get(column)),
                    "an update of " + before + " tells " + columns.get(column).name() + ", which did not change: "
                            + told);
        }
        Law.PARTIAL_UPDATES_COME.holdsIf(
                !told.isComplete(),
                "all columns changed from " + before + " to " + told
                        + "; PARTIAL_UPDATES is declared, so the rows of the"
                        + " first of World.queries must have one that stays as it is");
    }

    /** Rows of one value hold this whatever the transport does: a driver should have others where its server can. */
    @Example
    @Tag("C")
    @Shows(Law.NO_PARTIAL_UPDATES)
    @Label("who does not declare PARTIAL_UPDATES tells whole rows in changes()")
    default void noPartialUpdates() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(29);
                    Client client = Client.open(world, driver)) {
                List<Change<Row>> told =
                        updated(world, client, world.queries().get(0)).changes();
                Law.NO_PARTIAL_UPDATES.holdsIf(
                        !told.isEmpty()
                                && told.stream()
                                        .map(Change::after)
                                        .allMatch(after -> after == null || after.isComplete()),
                        "told was " + told);
            }
        });
    }

    /** Follows a query in which a row comes to be and then gets another value. */
    private static Subscriber updated(World world, Client client, String query) {
        world.apply(new Operation.Put(0, 1, 10));
        Subscriber subscriber = new Subscriber(world, Long.MAX_VALUE);
        client.source().changes(query).subscribe(subscriber);
        world.advance(world.settleTime());
        world.apply(new Operation.Put(0, 1, 11));
        world.advance(world.settleTime());
        subscriber.cancel();
        return subscriber;
    }
}
