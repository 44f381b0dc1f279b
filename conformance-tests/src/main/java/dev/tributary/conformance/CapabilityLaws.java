package dev.tributary.conformance;

import dev.tributary.Capability;
import dev.tributary.ConfigurationException;
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
            Subscriber subscriber = updated(driver);
            Law.OLD_VALUES_COME.holdsIf(
                    subscriber.keepsRows() || Integer.valueOf(10).equals(subscriber.lastBefore()),
                    "an update of 10 told the value before as " + subscriber.lastBefore());
        });
    }

    @Example
    @Tag("C")
    @Shows(Law.NO_OLD_VALUES)
    @Label("who does not declare OLD_VALUES tells none in changes() that keeps no rows")
    default void noOldValues() {
        Trial.run(driver(), driver -> {
            Subscriber subscriber = updated(driver);
            Law.NO_OLD_VALUES.holdsIf(
                    subscriber.keepsRows() || subscriber.lastBefore() == null,
                    "an update told the value before: " + subscriber.lastBefore());
        });
    }

    private static Subscriber updated(TransportDriver driver) {
        try (World world = driver.newWorld(29);
                Client client = Client.open(world, driver)) {
            world.apply(new Operation.Put(0, 1, 10));
            Subscriber subscriber = new Subscriber(world, Long.MAX_VALUE);
            client.source().changes(world.oldValuesQuery()).subscribe(subscriber);
            world.advance(world.settleTime());
            world.apply(new Operation.Put(0, 1, 11));
            world.advance(world.settleTime());
            subscriber.cancel();
            return subscriber;
        }
    }
}
