package dev.tributary.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs programs of one driver until so many steps were taken, each in a short world of its own. A program is drawn from a
 * number, its seed, and nothing else; so that number gives the whole run again.
 */
final class SimulationRun {

    /** Long enough for what one thing does to another, short enough to be read. */
    private static final int STEPS_OF_A_PROGRAM = 120;

    private static final int BATCH = 64;

    /** What has not happened in so many never will. */
    private static final long MOST_WORLDS = 100_000;

    private final TransportDriver driver;
    private final RandomGenerator<Program> programs;
    private final boolean together;

    /**
     * @param together whether several worlds run at once, each on a thread of the common pool
     */
    SimulationRun(TransportDriver driver, boolean together) {
        this.driver = GuardedDriver.of(driver);
        this.programs = Programs.ofLength(STEPS_OF_A_PROGRAM, driver).generator(1000);
        this.together = together;
    }

    /** A program that broke something. */
    record Failure(long seed, Program program, Throwable reason) {}

    private record Outcome(Tally tally, @Nullable Failure failure) {}

    Program program(long seed) {
        return programs.next(new Random(seed)).value();
    }

    /**
     * Runs programs from this seed on, until there were so many steps and each thing that programs do happened so often.
     *
     * @param tally counts what happens
     * @return the first failure; null when there was none
     */
    @Nullable
    Failure run(long firstSeed, long steps, long least, Tally tally) {
        List<String> expected = Happening.all(driver);
        return quietly(() -> {
            for (long seed = firstSeed; isWanting(tally, steps, least, expected); seed += BATCH) {
                // Drawn here: what draws is not for several threads.
                List<Long> seeds = LongStream.range(seed, seed + BATCH).boxed().toList();
                List<Program> drawn = seeds.stream().map(this::program).toList();
                Stream<Integer> places = Stream.iterate(0, place -> place + 1).limit(BATCH);
                List<Outcome> outcomes = new ArrayList<>((together ? places.parallel() : places)
                        .map(place -> one(seeds.get(place), drawn.get(place)))
                        .toList());
                for (Outcome outcome : outcomes) {
                    tally.add(outcome.tally());
                    if (outcome.failure() != null) {
                        return outcome.failure();
                    }
                }
            }
            return null;
        });
    }

    private static boolean isWanting(Tally tally, long steps, long least, List<String> expected) {
        return tally.worlds() < MOST_WORLDS
                && (tally.steps() < steps || !tally.rarerThan(least, expected).isEmpty());
    }

    /**
     * Runs one program.
     *
     * @param lines get the log
     * @return what it broke; null when nothing
     */
    @Nullable
    Failure replay(long seed, List<String> lines) {
        return quietly(() -> {
            Program program = program(seed);
            try {
                Simulation.run(driver, program, new Tally(), lines);
                return null;
            } catch (RuntimeException | Error e) {
                return new Failure(seed, program, e);
            }
        });
    }

    private Outcome one(long seed, Program program) {
        Tally tally = new Tally();
        try {
            Simulation.run(driver, program, tally);
            return new Outcome(tally, null);
        } catch (RuntimeException | Error e) {
            return new Outcome(tally, new Failure(seed, program, e));
        }
    }

    private interface Work {

        @Nullable
        Failure get();
    }

    /** Faults are warnings in the log, thousands of them. */
    private static @Nullable Failure quietly(Work work) {
        Logger logger = Logger.getLogger("dev.tributary");
        boolean parents = logger.getUseParentHandlers();
        logger.setUseParentHandlers(false);
        try {
            return work.get();
        } finally {
            logger.setUseParentHandlers(parents);
        }
    }
}
