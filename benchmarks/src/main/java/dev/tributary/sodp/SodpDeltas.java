package dev.tributary.sodp;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** {@link DeltaBenchmark} for objects of three sizes in one run: what a change costs, beside a tree that is copied. */
@NullMarked
public final class SodpDeltas {

    private static final String[] SIZES = {"100", "1000", "10000"};

    private SodpDeltas() {}

    private record Cost(double nanos, double bytes) {

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%,12.0f /s %,12.0f B", 1e9 / nanos, bytes);
        }
    }

    /** {@code sodp-deltas [forks]}. */
    public static void main(String... args) throws RunnerException {
        int forks = args.length > 0 ? Integer.parseInt(args[0]) : 1;
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("\\.DeltaBenchmark\\.")
                        .param("members", SIZES)
                        .forks(forks)
                        .warmupIterations(4)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(5)
                        .measurementTime(TimeValue.seconds(1))
                        .addProfiler(GCProfiler.class)
                        .build())
                .run();
        Map<String, Cost> costs = new TreeMap<>();
        for (RunResult result : results) {
            String benchmark = result.getParams().getBenchmark();
            costs.put(
                    benchmark.substring(benchmark.lastIndexOf('.') + 1)
                            + result.getParams().getParam("members"),
                    new Cost(
                            result.getPrimaryResult().getStatistics().getPercentile(50),
                            Objects.requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"))
                                    .getScore()));
        }
        System.out.println();
        System.out.println("one member of so many changed; changes in a second, and bytes allocated for each");
        for (String size : SIZES) {
            Cost ours = cost(costs, "apply" + size);
            Cost tree = cost(costs, "tree" + size);
            System.out.printf(
                    Locale.ROOT,
                    "%6s members: decode and apply %s; to the listener %s; tree and copy %s; %.1f times as many%n",
                    size,
                    ours,
                    cost(costs, "heard" + size),
                    tree,
                    tree.nanos / ours.nanos);
        }
        System.out.println("target: 5 times as many at 100 members; bytes that do not grow with the members");
    }

    private static Cost cost(Map<String, Cost> costs, String name) {
        Cost cost = costs.get(name);
        if (cost == null) {
            throw new IllegalStateException("no result of " + name);
        }
        return cost;
    }
}
