package dev.tributary.conformance;

import dev.tributary.Commit;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.Label;
import net.jqwik.api.Tag;

/** L3: what goes on from a checkpoint, after a reconnect and after a restart; and what does not where that is not declared. */
public interface ResumeLaws extends LawsOfADriver {

    @Example
    @Tag("L3")
    @Shows(Law.RESTART_RESUMES)
    @Label("a saved view goes on without loading again: it hears only what happened since")
    default void savedViewResumes() {
        Trial.run(driver(), driver -> {
            List<Commit.Origin> origins = originsAfterRestart(driver);
            Law.RESTART_RESUMES.holdsIf(
                    origins.equals(List.of(Commit.Origin.INITIAL, Commit.Origin.LIVE)),
                    "a restored view should hear its rows and one commit, it heard " + origins);
        });
    }

    @Example
    @Tag("C")
    @Shows(Law.NO_RESTART_RESUME)
    @Label("a saved view of who does not declare RESUME_AFTER_RESTART is loaded anew")
    default void savedViewBeginsAnew() {
        Trial.run(driver(), driver -> {
            List<Commit.Origin> origins = originsAfterRestart(driver);
            Law.NO_RESTART_RESUME.holdsIf(
                    origins.contains(Commit.Origin.RESET), "a restored view went on without a reset: " + origins);
        });
    }

    private static List<Commit.Origin> originsAfterRestart(TransportDriver driver) {
        try (World world = driver.newWorld(3)) {
            Client first = Client.loaded(world, driver);
            byte[] saved = first.views().get(0).view().save().toBytes();
            History seen = first.views().get(0).history();
            first.close();
            world.apply(new Operation.Put(0, 3, 1));
            Client second = Client.open(world, driver);
            ViewProbe restored = second.restore(
                    world.queries().get(0), first.views().get(0).view().query(), saved, seen);
            List<Commit.Origin> origins = restored.originsFromNow();
            world.advance(world.settleTime());
            restored.checkSettled();
            second.close();
            return new ArrayList<>(origins);
        }
    }

    @Example
    @Tag("L3")
    @Shows(Law.RECONNECT_RESUMES)
    @Label("a reconnect goes on from the checkpoint: listeners hear no reset and nothing twice")
    default void reconnectResumes() {
        Trial.run(driver(), driver -> {
            List<Commit.Origin> origins = originsAfterReconnect(driver);
            Law.RECONNECT_RESUMES.holdsIf(
                    origins.equals(List.of(Commit.Origin.INITIAL, Commit.Origin.LIVE)),
                    "after a reconnect and one commit a listener should have heard INITIAL and LIVE, it heard "
                            + origins);
        });
    }

    @Example
    @Tag("C")
    @Shows(Law.NO_RESUME)
    @Label("who does not declare RESUME begins anew after a reconnect")
    default void reconnectBeginsAnew() {
        Trial.run(driver(), driver -> {
            List<Commit.Origin> origins = originsAfterReconnect(driver);
            Law.NO_RESUME.holdsIf(
                    origins.contains(Commit.Origin.RESET),
                    "after a reconnect a view went on without a reset: " + origins);
        });
    }

    private static List<Commit.Origin> originsAfterReconnect(TransportDriver driver) {
        try (World world = driver.newWorld(4)) {
            Client client = Client.loaded(world, driver);
            List<Commit.Origin> origins = client.views().get(0).originsFromNow();
            world.run();
            world.inject(Fault.DROP);
            world.apply(new Operation.Put(0, 4, 1));
            world.advance(world.settleTime());
            client.close();
            return new ArrayList<>(origins);
        }
    }
}
