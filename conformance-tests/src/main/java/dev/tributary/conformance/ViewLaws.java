package dev.tributary.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** L1 to L7, L11 and L12 at once, over random programs; and what becomes of a view after each fault. */
public interface ViewLaws extends LawsOfADriver {

    /** Programs with the faults that the driver has. */
    @Provide
    default Arbitrary<Program> programs() {
        return Programs.withAll(driver());
    }

    @Property
    @Tag("L1")
    @Tag("L2")
    @Tag("L3")
    @Tag("L4")
    @Tag("L5")
    @Tag("L6")
    @Tag("L7")
    @Tag("L11")
    @Tag("L12")
    @Tag("C")
    @Tag("W")
    @Tag("E")
    @Shows({
        Law.CONVERGES,
        Law.COMES_BACK,
        Law.WHOLE_COMMITS,
        Law.SERVER_ORDER,
        Law.SETTLES_VERIFIED,
        Law.VERIFIED_TRUTHFULLY,
        Law.ONE_INSTANT,
        Law.SNAPSHOTS_STAY,
        Law.VERSION_FORWARD,
        Law.HEARD_FORWARD,
        Law.SAVED_AS_SHOWN,
        Law.CHECKPOINT_NOT_AHEAD,
        Law.FIRST_IS_INITIAL,
        Law.CHANGES_FIT,
        Law.CHANGES_COMPOSE,
        Law.HEARS_ALL,
        Law.LIVE_HAS_CONTENT,
        Law.LOADING_IS_FIRST,
        Law.SILENCE_IS_STALE,
        Law.STATUS_IS_HEARD,
        Law.ANNOUNCED_WAITS,
        Law.WAITS_IN_BOUNDS,
        Law.RESTS,
        Law.COMES_LATER,
        Law.RESET_SHOWS_ROWS,
        Law.UNCHANGED_IS_SILENT,
        Law.THROWING_IS_REPORTED,
        Law.CLOSE_ENDS_WIRES,
        Law.CLOSE_LEAVES_NOTHING,
        Law.CLOSED_IS_SILENT,
        Law.NO_THREAD_IS_LEFT,
        Law.CLOSE_TWICE,
        Law.DONE_IS_DONE,
        Law.FAILED_IS_NOT_DONE,
        Law.UNKNOWN_IS_DONE_ONCE,
        Law.WRITES_END,
        Law.LOSSLESS_HAS_NO_LOSS,
        Law.ENGINE_IS_QUIET,
        Law.NOTHING_IS_THROWN
    })
    @Label("whatever happens, each law holds at each step, and at the end every view equals the server's rows")
    default void anyProgram(@ForAll("programs") Program program) {
        Trial.run(driver(), driver -> Simulation.run(driver, program));
    }

    @Example
    @Tag("L1")
    @Shows({Law.CONVERGES, Law.COMES_BACK})
    @Label("after each fault alone, before and after the first content, the view equals the server's rows")
    default void convergesAfterEachFault() {
        Trial.run(driver(), driver -> {
            for (Fault fault : driver.faults()) {
                if (fault == Fault.REJECT) {
                    continue;
                }
                for (int stepsBefore = 0; stepsBefore < 4; stepsBefore++) {
                    List<Step> steps = new ArrayList<>();
                    for (int i = 0; i < stepsBefore; i++) {
                        steps.add(new Step.Apply(new Operation.Put(0, i, i)));
                        steps.add(new Step.Advance(Duration.ofMillis(i * 20L)));
                    }
                    steps.add(new Step.Break(fault));
                    steps.add(new Step.Apply(new Operation.Put(1, 7, 1)));
                    steps.add(new Step.Apply(new Operation.Put(0, 1, 5)));
                    steps.add(new Step.Break(driver.faults().contains(Fault.DROP) ? Fault.DROP : fault));
                    steps.add(new Step.Advance(Duration.ofSeconds(5)));
                    Simulation.run(driver, new Program(stepsBefore, steps));
                }
            }
        });
    }

    @Example
    @Tag("L1")
    @Tag("L2")
    @Tag("C")
    @Shows({Law.AUDIT_FINDS, Law.VERIFIED_TRUTHFULLY, Law.SETTLES_VERIFIED, Law.LOSSLESS_HAS_NO_LOSS})
    @Label("what was lost without a sign is found by the audit; no snapshot is verified before it equals a server's")
    default void silentLossIsFound() {
        Trial.run(driver(), driver -> {
            for (int seed = 0; seed < 8; seed++) {
                try (World world = driver.newWorld(seed)) {
                    Client client = Client.loaded(world, driver);
                    ViewProbe view = client.views().get(0);
                    view.listen();
                    world.inject(Fault.LOSE);
                    for (int i = 0; i < 30; i++) {
                        world.apply(new Operation.Put(0, i % 4, i));
                        world.advance(Duration.ofMillis(400));
                        view.check();
                    }
                    world.heal();
                    world.advance(world.settleTime());
                    view.check();
                    Law.AUDIT_FINDS.holdsIf(
                            view.content().equals(world.truth(view.query())),
                            view + " holds " + view.content() + ", the server " + world.truth(view.query()));
                    view.checkSettled();
                    client.close();
                }
            }
        });
    }
}
