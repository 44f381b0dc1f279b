package dev.tributary.conformance;

import dev.tributary.Capability;
import dev.tributary.LaggedException;
import dev.tributary.LimitExceededException;
import dev.tributary.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.Label;
import net.jqwik.api.Tag;

/** L9: memory is bounded between the wire and the slowest subscriber. */
public interface BoundLaws extends LawsOfADriver {

    @Example
    @Tag("L9")
    @Shows(Law.DEMAND_DELAYS_THE_WIRE)
    @Label("a slow subscriber of changes() delays the wire, and misses nothing")
    default void demandDelaysTheWire() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(14);
                    Client client = Client.open(world, driver)) {
                Subscriber subscriber = slow(world, client);
                Law.DEMAND_DELAYS_THE_WIRE.holdsIf(
                        subscriber.failure() == null, "the subscription ended: " + subscriber.failure());
                subscriber.request(Long.MAX_VALUE);
                world.advance(world.settleTime().multipliedBy(2));
                Law.DEMAND_DELAYS_THE_WIRE.holdsIf(
                        subscriber.rows().equals(world.truth(world.queries().get(0))),
                        "the commits add up to " + subscriber.rows());
                subscriber.cancel();
            }
        });
    }

    @Example
    @Tag("L9")
    @Shows(Law.SLOW_SUBSCRIBER_LAGS)
    @Label("a slow subscriber of changes() ends as lagged where the wire cannot wait")
    default void slowSubscriberLags() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(14);
                    Client client = Client.open(world, driver)) {
                Subscriber subscriber = slow(world, client);
                Law.SLOW_SUBSCRIBER_LAGS.holdsIf(
                        subscriber.failure() instanceof LaggedException,
                        "700 commits wait for a subscriber that asked for one, and it did not lag: "
                                + subscriber.failure());
                subscriber.cancel();
            }
        });
    }

    private static Subscriber slow(World world, Client client) {
        Subscriber subscriber = new Subscriber(world, 1);
        client.source().changes(world.queries().get(0)).subscribe(subscriber);
        world.advance(world.settleTime());
        for (int i = 0; i < 700; i++) {
            world.apply(new Operation.Put(0, i % 5, i));
            world.advance(Duration.ofMillis(100));
        }
        world.advance(world.settleTime());
        return subscriber;
    }

    @Example
    @Tag("L9")
    @Shows(Law.TRANSACTION_BOUND)
    @Label("an open transaction has a bound; beyond it the query fails with a typed error")
    default void transactionBound() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(15);
                    Client client = Client.openUri(world, driver, "maxTransaction", "2k")) {
                List<Operation> many = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    many.add(new Operation.Put(0, i, i));
                }
                // Without transactions, only a first content is so large.
                boolean transactions = driver.capabilities().contains(Capability.TRANSACTIONS);
                if (!transactions) {
                    world.apply(new Operation.Transaction(many));
                }
                ViewProbe view = client.view(0);
                world.advance(world.settleTime());
                if (transactions) {
                    world.apply(new Operation.Transaction(many));
                    world.advance(world.settleTime());
                }
                view.checkPhase(Law.TRANSACTION_BOUND, Phase.FAILED);
                Law.TRANSACTION_BOUND.holdsIf(
                        view.view().status().reason() instanceof LimitExceededException,
                        "the reason is no LimitExceededException: "
                                + view.view().status());
            }
        });
    }
}
