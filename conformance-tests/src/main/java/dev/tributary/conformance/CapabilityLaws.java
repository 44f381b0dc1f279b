package dev.tributary.conformance;

import dev.tributary.Capability;
import dev.tributary.ConfigurationException;
import dev.tributary.SyncSource;
import net.jqwik.api.Example;
import net.jqwik.api.Label;
import net.jqwik.api.Tag;

/** C: what is declared works, and what is not declared is refused and not done. */
public interface CapabilityLaws extends LawsOfADriver {

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
