package dev.tributary.conformance;

import dev.tributary.Phase;
import dev.tributary.Registration;
import net.jqwik.api.Example;
import net.jqwik.api.Label;
import net.jqwik.api.Tag;

/** S: sharing, pausing and refreshing. */
public interface SharingLaws extends LawsOfADriver {

    @Example
    @Tag("S")
    @Shows({Law.ONE_SUBSCRIPTION, Law.HANDLES_ARE_APART})
    @Label("equal queries share one subscription; each handle closes alone")
    default void equalQueriesShare() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(22)) {
                Client client = Client.open(world, driver);
                ViewProbe first = client.view(0);
                ViewProbe second = client.view(0);
                world.advance(world.settleTime());
                ViewProbe third = client.view(0);
                world.run();
                Law.ONE_SUBSCRIPTION.holdsIf(
                        client.attempts().attempts(first.view().query()) == 1,
                        client.attempts().attempts(first.view().query()) + " attempts for one query");
                third.checkPhase(Law.ONE_SUBSCRIPTION, Phase.LIVE);
                client.views().remove(first);
                first.close();
                first.close();
                world.apply(new Operation.Put(0, 6, 6));
                world.advance(world.settleTime());
                second.checkPhase(Law.HANDLES_ARE_APART, Phase.LIVE);
                second.checkSettled();
                third.checkSettled();
                client.close();
                Client.checkNothingLeft(world);
            }
        });
    }

    @Example
    @Tag("S")
    @Shows({Law.PAUSE_ENDS_WIRES, Law.PAUSE_GOES_ON})
    @Label("pause ends the connections and keeps the rows; its end goes on from there")
    default void pauseAndResume() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(23)) {
                Client client = Client.loaded(world, driver);
                ViewProbe view = client.views().get(0);
                ListenerProbe listener = view.listen();
                Registration one = client.source().pause("the screen is hidden");
                Registration two = client.source().pause("the lid is closed");
                world.run();
                view.checkPhase(Law.PAUSE_ENDS_WIRES, Phase.STALE);
                Law.PAUSE_ENDS_WIRES.holdsIf(world.openWires() == 0, "wires are open during a pause");
                world.apply(new Operation.Put(0, 6, 6));
                one.close();
                one.close();
                world.advance(world.settleTime());
                view.checkPhase(Law.PAUSE_ENDS_WIRES, Phase.STALE);
                two.close();
                world.advance(world.settleTime());
                Law.PAUSE_GOES_ON.holdsIf(
                        listener.commits() == 2, "after the pause a listener heard " + listener.commits());
                view.checkSettled();
                client.attempts().check();
                client.close();
                Client.checkNothingLeft(world);
            }
        });
    }

    @Example
    @Tag("S")
    @Shows(Law.REFRESH_IS_VISIBLE)
    @Label("refresh asks the server again, and completes when the answer is visible")
    default void refreshIsVisible() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(24)) {
                Client client = Client.loaded(world, driver);
                ViewProbe view = client.views().get(0);
                world.apply(new Operation.Put(0, 6, 6));
                boolean[] visible = {false};
                view.view()
                        .refresh()
                        .thenAccept(same -> visible[0] = view.content().equals(world.truth(view.query())));
                world.advance(world.settleTime());
                Law.REFRESH_IS_VISIBLE.holdsIf(
                        visible[0], "a refresh completed before its answer was visible, or never");
                view.checkSettled();
                client.close();
                Client.checkNothingLeft(world);
            }
        });
    }
}
