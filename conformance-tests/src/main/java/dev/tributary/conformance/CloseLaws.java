package dev.tributary.conformance;

import dev.tributary.ClosedException;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Registration;
import dev.tributary.Row;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Example;
import net.jqwik.api.Label;
import net.jqwik.api.Tag;

/** L12: closing is prompt and leaves nothing behind. */
public interface CloseLaws extends LawsOfADriver {

    @Example
    @Tag("L12")
    @Shows({Law.CLOSE_IN_LISTENER, Law.CLOSE_ENDS_WIRES, Law.CLOSE_LEAVES_NOTHING})
    @Label("close from inside a listener, of the view or of the source, ends everything")
    default void closeInListener() {
        Trial.run(driver(), driver -> {
            for (boolean wholeSource : new boolean[] {false, true}) {
                try (World world = driver.newWorld(18)) {
                    Client client = Client.loaded(world, driver);
                    MaterializedView<Row> view = client.views().get(0).view();
                    int[] heard = {0};
                    view.listen(commit -> {
                        heard[0]++;
                        if (wholeSource) {
                            client.source().close();
                        } else {
                            view.close();
                        }
                    });
                    world.apply(new Operation.Put(0, 3, 3));
                    world.advance(world.settleTime());
                    Law.CLOSE_IN_LISTENER.holdsIf(
                            heard[0] == 1, "a listener that closed heard " + heard[0] + " commits");
                    Law.CLOSE_IN_LISTENER.holdsIf(
                            view.status().phase() == Phase.CLOSED, "after its close a view says " + view.status());
                    client.close();
                    Client.checkNothingLeft(world);
                }
            }
        });
    }

    @Example
    @Tag("L12")
    @Shows({Law.FUTURES_END, Law.CLOSED_REFUSES, Law.CLOSE_LEAVES_NOTHING})
    @Label("close ends what waits: futures fail, and nothing is left, whatever state the source was in")
    default void nothingPending() {
        Trial.run(driver(), driver -> {
            for (int state = 0; state < 4; state++) {
                try (World world = driver.newWorld(19)) {
                    Client client = Client.open(world, driver);
                    if (state == 1 && driver.faults().contains(Fault.REFUSE)) {
                        world.inject(Fault.REFUSE);
                    }
                    if (state == 2 && driver.faults().contains(Fault.SILENCE)) {
                        world.inject(Fault.SILENCE);
                    }
                    Registration pause = state == 3 ? client.source().pause("a pause") : () -> {};
                    ViewProbe view = client.view(0);
                    List<CompletableFuture<?>> futures = List.of(
                            view.view().upToDate(),
                            view.view().refresh(),
                            view.view().where(row -> true).upToDate());
                    if (state > 0) {
                        world.advance(Duration.ofSeconds(1));
                    }
                    client.close();
                    pause.close();
                    world.run();
                    for (int i = 0; i < futures.size(); i++) {
                        Law.FUTURES_END.holdsIf(
                                futures.get(i).isDone(), "future " + i + " waits for ever in state " + state);
                    }
                    Client.checkNothingLeft(world);
                    try {
                        client.source().materialize(world.queries().get(0));
                        throw Law.CLOSED_REFUSES.brokenBy("a closed source gave a view");
                    } catch (ClosedException expected) {
                        world.run();
                    }
                }
            }
        });
    }

    @Example
    @Tag("L12")
    @Shows({Law.LAST_VIEW_RELEASES, Law.NO_THREAD_IS_LEFT})
    @Label("the close of the last view of a query ends its subscription")
    default void lastViewCloses() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(20)) {
                Client client = Client.loaded(world, driver);
                while (!client.views().isEmpty()) {
                    client.closeView(0);
                }
                world.run();
                Law.LAST_VIEW_RELEASES.holdsIf(world.openWires() == 0, "wires are open though no view is");
                client.close();
                Client.checkNothingLeft(world);
            }
        });
    }
}
