package dev.tributary.conformance;

import java.time.Duration;
import java.util.EnumSet;
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

    private Programs() {}

    /** Programs over these faults, for two tables. */
    static Arbitrary<Program> with(Set<Fault> faults) {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 1_000_000),
                        steps(faults).list().ofMinSize(1).ofMaxSize(MOST_STEPS))
                .as(Program::new);
    }

    private static Arbitrary<Step> steps(Set<Fault> faults) {
        EnumSet<Fault> passing = EnumSet.copyOf(faults);
        // After this one a view is over: a law of its own.
        passing.remove(Fault.REJECT);
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
