package dev.tributary.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Draws programs. */
final class Programs {

    private static final int MOST_STEPS = 40;
    private static final int MOST_KEY = 8;
    private static final int MOST_VALUE = 5;
    /** So many rows of each table are written by clients alone. */
    private static final int WRITTEN = 3;

    private Programs() {}

    /** Programs over those of these faults that any connection has, for two tables. */
    static Arbitrary<Program> with(Set<Fault> faults) {
        EnumSet<Fault> common = passing(faults);
        common.removeIf(fault -> fault != Fault.LOSE && !Fault.common().contains(fault));
        return Combinators.combine(seeds(), steps(common).list().ofMinSize(1).ofMaxSize(MOST_STEPS))
                .as(Program::new);
    }

    /** Programs of all that servers, networks, clocks and applications do. */
    static Arbitrary<Program> withAll(TransportDriver driver) {
        return Combinators.combine(seeds(), allSteps(driver).list().ofMinSize(1).ofMaxSize(MOST_STEPS))
                .as(Program::new);
    }

    /** The same, each of so many steps. */
    static Arbitrary<Program> ofLength(int length, TransportDriver driver) {
        return Combinators.combine(seeds(), allSteps(driver).list().ofSize(length))
                .as(Program::new);
    }

    private static Arbitrary<Long> seeds() {
        return Arbitraries.longs().between(0, 1_000_000);
    }

    /** After {@link Fault#REJECT} a view is over: a law of its own. */
    private static EnumSet<Fault> passing(Set<Fault> faults) {
        EnumSet<Fault> passing = EnumSet.copyOf(faults);
        passing.remove(Fault.REJECT);
        return passing;
    }

    private static Arbitrary<Step> allSteps(TransportDriver driver) {
        return driver.programsWrite()
                ? Arbitraries.frequencyOf(
                        Tuple.of(50, readingSteps(driver.faults())), Tuple.of(3, writes()), Tuple.of(4, takings()))
                : readingSteps(driver.faults());
    }

    /** Into rows that no operation of the server puts. */
    private static Arbitrary<Step> writes() {
        Arbitrary<Integer> keys = Arbitraries.integers().between(MOST_KEY + 1, MOST_KEY + WRITTEN);
        return Combinators.combine(tables(), keys).as(Step.WriteRow::new);
    }

    /** Somebody else takes away what clients wrote: if it is done again, that shows. */
    private static Arbitrary<Step> takings() {
        List<Operation> removals = new ArrayList<>();
        for (int key = MOST_KEY + 1; key <= MOST_KEY + WRITTEN; key++) {
            removals.add(new Operation.Remove(0, key));
            removals.add(new Operation.Remove(1, key));
        }
        return Arbitraries.just(new Step.Apply(new Operation.Transaction(removals)));
    }

    private static Arbitrary<Step> readingSteps(Set<Fault> faults) {
        Arbitrary<Integer> place = Arbitraries.integers().between(0, 5);
        Arbitrary<Boolean> either = Arbitraries.of(true, false);
        return Arbitraries.frequencyOf(
                Tuple.of(40, steps(passing(faults))),
                Tuple.of(2, Arbitraries.of(passing(faults)).map(Step.Break::new)),
                Tuple.of(1, tables().map(table -> new Step.Apply(new Operation.Truncate(table)))),
                Tuple.of(2, Arbitraries.of(NetworkFault.values()).map(Step.Weather::new)),
                Tuple.of(1, clocks().map(Step.SetClock::new)),
                Tuple.of(1, place.map(Step.ListenBadly::new)),
                Tuple.of(1, Combinators.combine(tables(), either).as(Step.ReadChanges::new)),
                Tuple.of(1, either.map(Step.StartAgain::new)));
    }

    private static Arbitrary<Duration> clocks() {
        return Arbitraries.of(-86_400, -3_600, -1, 1, 90, 3_600, 400 * 86_400).map(Duration::ofSeconds);
    }

    private static Arbitrary<Step> steps(Set<Fault> passing) {
        Arbitrary<Integer> place = Arbitraries.integers().between(0, 5);
        return Arbitraries.frequencyOf(
                Tuple.of(14, operations().map(Step.Apply::new)),
                Tuple.of(8, times().map(Step.Advance::new)),
                Tuple.of(5, Arbitraries.of(passing).map(Step.Break::new)),
                Tuple.of(2, Arbitraries.just(new Step.Heal())),
                Tuple.of(3, tables().map(Step.Open::new)),
                Tuple.of(1, place.map(Step.Close::new)),
                Tuple.of(
                        3,
                        Combinators.combine(place, Arbitraries.of(true, false)).as(Step.Listen::new)),
                Tuple.of(2, Arbitraries.just(new Step.Release())),
                Tuple.of(2, place.map(Step.SaveAndRestore::new)),
                Tuple.of(1, place.map(Step.Refresh::new)),
                Tuple.of(1, Arbitraries.just(new Step.RetryNow())),
                Tuple.of(1, Arbitraries.just(new Step.Pause())),
                Tuple.of(1, Arbitraries.just(new Step.Resume())));
    }

    private static Arbitrary<Duration> times() {
        return Arbitraries.of(0, 1, 20, 500, 3_000, 15_000, 70_000).map(Duration::ofMillis);
    }

    private static Arbitrary<Integer> tables() {
        return Arbitraries.integers().between(0, 1);
    }

    private static Arbitrary<Integer> keys() {
        return Arbitraries.integers().between(0, MOST_KEY);
    }

    private static Arbitrary<Operation> operations() {
        return Arbitraries.frequencyOf(
                Tuple.of(4, single()),
                Tuple.of(3, single().list().ofMinSize(2).ofMaxSize(5).map(Operation.Transaction::new)));
    }

    private static Arbitrary<Operation> single() {
        Arbitrary<Integer> values = Arbitraries.integers().between(0, MOST_VALUE);
        return Arbitraries.frequencyOf(
                Tuple.of(5, Combinators.combine(tables(), keys(), values).as(Operation.Put::new)),
                Tuple.of(3, Combinators.combine(tables(), keys()).as(Operation.Remove::new)),
                Tuple.of(1, Combinators.combine(tables(), keys(), keys()).as(Operation.Rekey::new)));
    }
}
