package dev.tributary.conformance;

import dev.tributary.Phase;
import dev.tributary.SyncException;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.Label;
import net.jqwik.api.Tag;

/** L5: loading, live, stale and failed are told apart truthfully. */
public interface PhaseLaws extends LawsOfADriver {

    @Example
    @Tag("L5")
    @Shows(Law.LOADING_THEN_LIVE)
    @Label("a view is loading until its first content, then live, and says so to its listeners")
    default void loadingThenLive() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(7);
                    Client client = Client.open(world, driver)) {
                world.apply(new Operation.Put(0, 1, 1));
                ViewProbe view = client.view(0);
                List<Phase> heard = view.phasesFromNow();
                view.checkPhase(Law.LOADING_THEN_LIVE, Phase.LOADING);
                world.advance(world.settleTime());
                view.checkPhase(Law.LOADING_THEN_LIVE, Phase.LIVE);
                Law.LOADING_THEN_LIVE.holdsIf(
                        heard.equals(List.of(Phase.LOADING, Phase.LIVE)), "a listener heard the phases " + heard);
            }
        });
    }

    @Example
    @Tag("L5")
    @Shows(Law.STALE_WITHOUT_CONNECTION)
    @Label("without a connection a view is stale, says why, and comes back")
    default void staleWithoutConnection() {
        Trial.run(driver(), driver -> staleAfter(Law.STALE_WITHOUT_CONNECTION, Fault.DROP, driver));
    }

    @Example
    @Tag("L5")
    @Shows(Law.SILENCE_IS_STALE)
    @Label("a silent connection is stale after its deadline, and replaced")
    default void staleInSilence() {
        Trial.run(driver(), driver -> staleAfter(Law.SILENCE_IS_STALE, Fault.SILENCE, driver));
    }

    private static void staleAfter(Law law, Fault fault, TransportDriver driver) {
        try (World world = driver.newWorld(8)) {
            Client client = Client.loaded(world, driver);
            ViewProbe view = client.views().get(0);
            int attempts = client.attempts().attempts(view.view().query());
            world.inject(fault);
            if (fault == Fault.DROP) {
                world.inject(Fault.REFUSE);
                world.advance(Duration.ofSeconds(2));
            } else {
                world.advance(world.silenceLimit().plusSeconds(1));
            }
            view.checkPhase(law, Phase.STALE);
            law.holdsIf(
                    view.view().status().reason() instanceof SyncException,
                    "a stale view says no reason: " + view.view().status());
            world.advance(Client.BACKOFF.max().multipliedBy(2));
            law.holdsIf(
                    client.attempts().attempts(view.view().query()) > attempts,
                    "nothing was tried again after " + fault);
            world.heal();
            world.advance(world.settleTime());
            view.checkPhase(Law.COMES_BACK, Phase.LIVE);
            client.close();
        }
    }

    @Example
    @Tag("L5")
    @Shows({Law.REFUSED_QUERY_FAILS, Law.REFUSAL_HARMS_NO_OTHER})
    @Label("a query that the server refuses fails at once, with its reason; others go on")
    default void refusedQuery() {
        Trial.run(driver(), driver -> {
            refusedQuery(driver, false);
            if (driver.faults().contains(Fault.SCHEMA)) {
                refusedQuery(driver, true);
            }
        });
    }

    private static void refusedQuery(TransportDriver driver, boolean columnsChanged) throws Exception {
        try (World world = driver.newWorld(9);
                Client client = Client.open(world, driver)) {
            if (columnsChanged) {
                world.inject(Fault.SCHEMA);
            }
            world.apply(new Operation.Put(0, 1, 10));
            world.apply(new Operation.Put(1, 1, 20));
            world.inject(Fault.REJECT);
            ViewProbe refused = client.view(0);
            ViewProbe other = client.view(1);
            world.advance(world.settleTime());
            refused.checkPhase(Law.REFUSED_QUERY_FAILS, Phase.FAILED);
            Law.REFUSED_QUERY_FAILS.holdsIf(
                    refused.view().status().reason() instanceof SyncException,
                    "a refused view says no reason: " + refused.view().status());
            try {
                refused.view().awaitUpToDate(world.settleTime());
                throw Law.REFUSED_QUERY_FAILS.brokenBy("a view became up to date that the server refuses");
            } catch (SyncException expected) {
                refused.checkPhase(Law.REFUSED_QUERY_FAILS, Phase.FAILED);
            }
            unharmed(other, world);
            world.heal();
            ViewProbe again = client.view(0);
            world.advance(world.settleTime());
            unharmed(again, world);
            unharmed(other, world);
        }
    }

    private static void unharmed(ViewProbe view, World world) {
        view.checkPhase(Law.REFUSAL_HARMS_NO_OTHER, Phase.LIVE);
        Law.REFUSAL_HARMS_NO_OTHER.holdsIf(
                view.content().equals(world.truth(view.query())),
                view + " holds " + view.content() + ", the server " + world.truth(view.query()));
    }

    @Example
    @Tag("L5")
    @Shows(Law.LIVE_IS_CAUGHT_UP)
    @Label("after a reconnect to a slow server a view is live only with what happened meanwhile")
    default void liveIsCaughtUp() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(26)) {
                Client client = Client.loaded(world, driver);
                ViewProbe view = client.views().get(0);
                world.inject(Fault.SLOW);
                world.inject(Fault.DROP);
                world.apply(new Operation.Put(0, 4, 44));
                world.run();
                // A wire that repeats a request by itself may hide that the connection broke.
                boolean left = false;
                for (int i = 0; i < 300; i++) {
                    world.advance(Duration.ofMillis(100));
                    left |= view.view().status().phase() != Phase.LIVE;
                    Law.LIVE_IS_CAUGHT_UP.holdsIf(
                            !left
                                    || view.view().status().phase() != Phase.LIVE
                                    || view.content().equals(world.truth(view.query())),
                            view + " is live with " + view.content() + " after " + i * 100 + " ms; the server had "
                                    + world.truth(view.query()) + " before it could connect");
                }
                client.close();
            }
        });
    }
}
