package dev.tributary.conformance;

import dev.tributary.SyncException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import net.jqwik.api.Example;
import net.jqwik.api.Label;
import net.jqwik.api.Tag;

/** L10: bad input is normal input. */
public interface BadInputLaws extends LawsOfADriver {

    @Example
    @Tag("L10")
    @Shows({Law.BAD_INPUT_IS_TYPED, Law.BAD_INPUT_KEEPS_ROWS, Law.BAD_INPUT_IS_TOLD})
    @Label("bad input ends the attempt with a typed error; rows stay readable, and the view recovers")
    default void badInput() {
        Trial.run(driver(), driver -> {
            for (int seed = 0; seed < 12; seed++) {
                try (LogCapture log = new LogCapture();
                        World world = driver.newWorld(seed)) {
                    Client client = Client.loaded(world, driver);
                    ViewProbe view = client.views().get(0);
                    SortedMap<Integer, Integer> before = view.content();
                    List<Throwable> reasons = new ArrayList<>();
                    view.view().onStatus(status -> {
                        if (status.reason() != null) {
                            reasons.add(status.reason());
                        }
                    });
                    world.inject(Fault.GARBAGE);
                    world.apply(new Operation.Put(0, 1, 1));
                    world.advance(Duration.ofMillis(1));
                    Law.BAD_INPUT_KEEPS_ROWS.holdsIf(
                            view.content().equals(before) || view.content().equals(world.truth(view.query())),
                            "the rows became " + view.content());
                    view.check();
                    world.heal();
                    world.advance(world.settleTime());
                    Law.BAD_INPUT_KEEPS_ROWS.holdsIf(
                            view.content().equals(world.truth(view.query())), "the rows stayed " + view.content());
                    view.checkSettled();
                    Law.BAD_INPUT_IS_TYPED.holdsIf(
                            reasons.stream().allMatch(SyncException.class::isInstance)
                                    && client.attempts().ends().stream().allMatch(SyncException.class::isInstance),
                            "an untyped reason: " + reasons + client.attempts().ends());
                    Law.BAD_INPUT_IS_TOLD.holdsIf(
                            client.attempts().faults()
                                            + client.attempts().ends().size()
                                    > 0,
                            "nobody was told of it: " + log.text());
                    client.close();
                }
            }
        });
    }
}
