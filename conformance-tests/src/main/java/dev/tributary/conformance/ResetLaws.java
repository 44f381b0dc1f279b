package dev.tributary.conformance;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.Label;
import net.jqwik.api.Tag;

/** L7: a reset is one commit with the true differences. */
public interface ResetLaws extends LawsOfADriver {

    @Example
    @Tag("L7")
    @Shows({Law.RESET_TELLS_DIFFERENCES, Law.RESET_SHOWS_ROWS, Law.UNCHANGED_IS_SILENT})
    @Label("after a reset, listeners hear one commit with the true differences, or nothing where there are none")
    default void resetTellsDifferences() {
        Trial.run(driver(), driver -> {
            for (boolean changed : new boolean[] {false, true}) {
                try (World world = driver.newWorld(11)) {
                    Client client = Client.loaded(world, driver);
                    ViewProbe view = client.views().get(0);
                    ListenerProbe listener = view.listen();
                    world.run();
                    List<Integer> sizes = new ArrayList<>();
                    view.view().listen(commit -> sizes.add(History.changedKeys(world, commit)));
                    world.run();
                    world.inject(Fault.DROP);
                    if (changed) {
                        world.apply(new Operation.Transaction(
                                List.of(new Operation.Put(0, 5, 5), new Operation.Remove(0, 1))));
                    }
                    world.inject(Fault.RESET_LOG);
                    world.advance(world.settleTime());
                    client.attempts().check();
                    Law.RESET_TELLS_DIFFERENCES.holdsIf(
                            listener.commits() == (changed ? 2 : 1) && sizes.size() == listener.commits(),
                            "after a reset " + (changed ? "with two differences" : "without differences")
                                    + " a listener heard commits of so many changes: " + sizes);
                    Law.RESET_TELLS_DIFFERENCES.holdsIf(
                            sizes.get(sizes.size() - 1) == 2, "two rows, or two differences, became changes " + sizes);
                    view.checkSettled();
                    client.close();
                }
            }
        });
    }
}
