package dev.tributary.conformance;

import java.util.SortedMap;
import net.jqwik.api.Example;
import net.jqwik.api.Label;
import net.jqwik.api.Tag;

/** D: what the laws need to be able to rely on. */
public interface DriverLaws extends LawsOfADriver {

    @Example
    @Tag("D")
    @Shows({Law.DRIVER_TELLS_THE_TRUTH, Law.DRIVER_IS_COMPLETE, Law.DRIVER_THROWS_NOTHING, Law.DRIVER_RETURNS})
    @Label("a world does each operation and each fault that it has, and says what it holds")
    default void driverKeepsItsPromises() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(32)) {
                String query = world.queries().get(0);
                int states = world.history(query).size();
                world.apply(new Operation.Put(0, 1, 1));
                world.apply(new Operation.Rekey(0, 1, 2));
                SortedMap<Integer, Integer> rekeyed = world.truth(query);
                Law.DRIVER_TELLS_THE_TRUTH.holdsIf(
                        rekeyed.size() == 1 && Integer.valueOf(1).equals(rekeyed.get(2)),
                        "a row 1 that became row 2 is told as " + rekeyed);
                world.apply(new Operation.Remove(0, 2));
                Law.DRIVER_TELLS_THE_TRUTH.holdsIf(
                        world.truth(query).isEmpty() && world.history(query).size() > states,
                        "after the last row was removed the server holds " + world.truth(query) + ", after the states "
                                + world.history(query));
                for (Fault fault : driver.faults()) {
                    world.inject(fault);
                    world.run();
                }
                world.heal();
                world.run();
                Law.DRIVER_TELLS_THE_TRUTH.holdsIf(
                        world.openWires() == 0 && world.leftovers().isEmpty(),
                        "without a source there are " + world.openWires() + " wires, and left is " + world.leftovers());
            }
        });
    }
}
