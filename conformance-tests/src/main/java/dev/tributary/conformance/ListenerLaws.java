package dev.tributary.conformance;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import net.jqwik.api.Example;
import net.jqwik.api.Label;
import net.jqwik.api.Tag;

/** L4, L9 and L11: what listeners hear, however late, slow or bad they are. */
public interface ListenerLaws extends LawsOfADriver {

    @Example
    @Tag("L4")
    @Shows(Law.LATE_LISTENER)
    @Label("a late listener hears the whole content first, then each difference once")
    default void lateListener() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(5)) {
                Client client = Client.loaded(world, driver);
                ListenerProbe late = client.views().get(0).listen();
                world.run();
                Law.LATE_LISTENER.holdsIf(
                        late.commits() == 1
                                && late.heard()
                                        .equals(world.truth(world.queries().get(0))),
                        "a late listener should hear the content at once, it heard " + late.heard() + " in "
                                + late.commits() + " commits");
                world.apply(new Operation.Remove(0, 1));
                world.advance(world.settleTime());
                client.views().get(0).checkSettled();
                client.attempts().check();
                client.close();
            }
        });
    }

    @Example
    @Tag("L4")
    @Tag("L9")
    @Shows({Law.MERGED_SAYS_SO, Law.MAILBOX_IS_BOUNDED, Law.ONE_TASK})
    @Label("a slow listener hears merged commits, bounded in number, that compose to the view")
    default void slowListener() {
        Trial.run(driver(), driver -> {
            try (World world = driver.newWorld(6)) {
                Client client = Client.loaded(world, driver);
                HeldExecutor slow = new HeldExecutor();
                ListenerProbe listener = client.views().get(0).listenSlowly(slow);
                world.run();
                slow.release();
                for (int i = 0; i < 500; i++) {
                    world.apply(new Operation.Put(0, i % 7, i));
                    world.advance(Duration.ofMillis(100));
                }
                world.advance(world.settleTime());
                Law.ONE_TASK.holdsIf(
                        slow.waiting() <= 2,
                        "a slow listener keeps " + slow.waiting() + " tasks of its executor waiting");
                slow.release();
                client.attempts().check();
                client.views().get(0).checkSettled();
                Law.MAILBOX_IS_BOUNDED.holdsIf(
                        listener.commits() <= 130,
                        "a slow listener had " + listener.commits() + " commits waiting: its mailbox is not bounded");
                Law.MERGED_SAYS_SO.holdsIf(
                        listener.mergedCommits() > 0 || listener.commits() >= 130,
                        "500 changes came as " + listener.commits() + " commits, and none says that it is merged");
                client.close();
            }
        });
    }

    @Example
    @Tag("L11")
    @Shows({Law.THROWING_LISTENER_GOES_ON, Law.THROWING_IS_REPORTED})
    @Label("a listener that throws is reported, goes on, and disturbs no other")
    default void throwingListener() {
        Trial.run(driver(), driver -> {
            try (LogCapture log = new LogCapture();
                    World world = driver.newWorld(16)) {
                Client client = Client.loaded(world, driver);
                ViewProbe view = client.views().get(0);
                int[] heard = {0};
                view.view().listen(commit -> {
                    heard[0]++;
                    throw new IllegalStateException("a listener that throws");
                });
                view.listen();
                for (int i = 0; i < 3; i++) {
                    world.apply(new Operation.Put(0, 3, i));
                    world.advance(world.settleTime());
                }
                Law.THROWING_LISTENER_GOES_ON.holdsIf(
                        heard[0] == 4, "a listener that throws heard " + heard[0] + " commits of 4");
                view.checkSettled();
                Law.THROWING_IS_REPORTED.holdsIf(
                        client.attempts().listenerFailures().size() == 4
                                && log.text().contains("a listener that throws"),
                        "reported were " + client.attempts().listenerFailures() + "; logged was " + log.text());
                client.close();
            }
        });
    }

    @Example
    @Tag("L11")
    @Shows({Law.BLOCKING_HARMS_NOBODY, Law.REFUSING_EXECUTOR_ENDS})
    @Label("a listener that blocks disturbs no other; one whose executor refuses ends, and that is reported")
    default void blockingListenerAndRefusingExecutor() {
        Trial.run(driver(), driver -> {
            try (LogCapture log = new LogCapture();
                    World world = driver.newWorld(17)) {
                Client client = Client.loaded(world, driver);
                ViewProbe view = client.views().get(0);
                HeldExecutor blocked = new HeldExecutor();
                ListenerProbe slow = view.listenSlowly(blocked);
                ListenerProbe quick = view.listen();
                view.view().listen(commit -> {}, task -> {
                    throw new RejectedExecutionException("this executor was shut down");
                });
                world.apply(new Operation.Put(0, 3, 3));
                world.advance(world.settleTime());
                Law.BLOCKING_HARMS_NOBODY.holdsIf(
                        quick.heard().equals(world.truth(view.query())) && slow.commits() == 0,
                        "a listener behind a blocked one heard " + quick.heard() + ", and the blocked one "
                                + slow.commits() + " commits");
                Law.REFUSING_EXECUTOR_ENDS.holdsIf(
                        client.attempts().listenerFailures().size() == 1,
                        "a refused execution should be reported once, was "
                                + client.attempts().listenerFailures() + log.text());
                blocked.release();
                view.checkSettled();
                client.close();
            }
        });
    }
}
