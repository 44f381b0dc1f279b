package dev.tributary.conformance;

import java.util.List;
import java.util.stream.Collectors;

/** What happens in one world, step by step. Drawn by {@link TransportConformance#programs}; shown when a law is broken. */
public final class Program {

    private final long seed;
    private final List<Step> steps;

    Program(long seed, List<Step> steps) {
        this.seed = seed;
        this.steps = List.copyOf(steps);
    }

    /** The seed of the world. */
    long seed() {
        return seed;
    }

    List<Step> steps() {
        return steps;
    }

    @Override
    public String toString() {
        return "seed " + seed
                + steps.stream().map(Step::toString).collect(Collectors.joining("\n    ", " program:\n    ", "\n"));
    }
}
