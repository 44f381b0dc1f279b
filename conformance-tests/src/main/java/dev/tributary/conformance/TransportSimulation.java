package dev.tributary.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.Label;

/**
 * Very many steps of a transport's state machine and of the engine, under virtual time and on one thread: random programs
 * of what servers, networks, clocks and applications do, the laws looked at after each step. A step is one input that a
 * protocol took. The test of a transport implements this with a driver of simulated wires whose worlds tell their inputs,
 * as {@link ModelWorld#watched} makes them.
 *
 * <p>A failure begins with the line that gives it again: {@code -Dtributary.seed=…} and the name of the test. Seeds that
 * found something are kept beside the test, one in a line, in a resource that is called like it and ends in
 * {@code .seeds}; they are run first. System properties, all of them optional:
 *
 * <ul>
 *   <li>{@code tributary.simulate.steps}: at least so many
 *   <li>{@code tributary.simulate.from}: the first seed
 *   <li>{@code tributary.simulate.least}: each operation and each fault must have happened so often
 *   <li>{@code tributary.simulate.together}: whether worlds run on several threads, each on one
 *   <li>{@code tributary.seed}: this one alone
 * </ul>
 */
public interface TransportSimulation extends LawsOfADriver {

    /** In the ordinary build. */
    long FEW_STEPS = 40_000;

    /** How many lines before the failure are shown when one seed is run. */
    int LINES_SHOWN = 80;

    @Example
    @Label("in very many steps, each of which is drawn from a seed, no law is broken")
    default void manySteps() {
        Long alone = Long.getLong("tributary.seed");
        if (alone != null) {
            replay(alone);
            return;
        }
        boolean together = Boolean.getBoolean("tributary.simulate.together");
        SimulationRun run = new SimulationRun(driver(), together);
        long steps = Long.getLong("tributary.simulate.steps", FEW_STEPS);
        Tally tally = new Tally();
        long begun = System.nanoTime();
        long least = Long.getLong("tributary.simulate.least", 1);
        SimulationRun.Failure failure = run.run(Long.getLong("tributary.simulate.from", 0), steps, least, tally);
        long millis = (System.nanoTime() - begun) / 1_000_000;
        System.out.println(tally.table(getClass().getSimpleName() + ", " + millis + " ms"));
        if (failure != null) {
            throw broken(failure, List.of());
        }
        List<String> rare = tally.rarerThan(least, Happening.all(driver()));
        if (!rare.isEmpty()) {
            throw new AssertionError("happened too seldom: " + rare);
        }
    }

    @Example
    @Label("what a seed found once is not found again")
    default void seedsThatFoundSomething() {
        keptSeeds().forEach(this::replay);
    }

    @Example
    @Label("a seed gives the same log, byte for byte, each time it is run")
    default void sameSeedSameLog() {
        SimulationRun run = new SimulationRun(driver(), false);
        for (long seed = 1; seed <= 5; seed++) {
            List<String> first = new ArrayList<>();
            List<String> second = new ArrayList<>();
            run.replay(seed, first);
            run.replay(seed, second);
            for (int line = 0; line < Math.max(first.size(), second.size()); line++) {
                String one = line < first.size() ? first.get(line) : "the end";
                String other = line < second.size() ? second.get(line) : "the end";
                if (!one.equals(other)) {
                    throw new AssertionError(
                            "seed " + seed + " differs in line " + line + ":\n  " + one + "\n  " + other);
                }
            }
            if (first.isEmpty()) {
                throw new AssertionError("seed " + seed + " left no log");
            }
        }
    }

    private void replay(long seed) {
        List<String> lines = new ArrayList<>();
        SimulationRun.Failure failure = new SimulationRun(driver(), false).replay(seed, lines);
        if (failure != null) {
            throw broken(failure, lines);
        }
    }

    private AssertionError broken(SimulationRun.Failure failure, List<String> lines) {
        int from = Math.max(0, lines.size() - LINES_SHOWN);
        String shown = lines.isEmpty() ? "" : "\n" + String.join("\n", lines.subList(from, lines.size()));
        return new AssertionError(
                "again: -Dtributary.seed=" + failure.seed() + " -Dtest="
                        + getClass().getSimpleName() + "\n" + failure.reason() + "\n" + failure.program()
                        + shown,
                failure.reason());
    }

    private List<Long> keptSeeds() {
        String name = getClass().getSimpleName() + ".seeds";
        try (InputStream kept = getClass().getResourceAsStream(name)) {
            return kept == null ? List.of() : parsed(new String(kept.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Long> parsed(String text) {
        List<Long> seeds = new ArrayList<>();
        for (String line : text.split("\n")) {
            String seed = line.replaceFirst("#.*", "").strip();
            if (!seed.isEmpty()) {
                seeds.add(Long.parseLong(seed));
            }
        }
        return seeds;
    }
}
