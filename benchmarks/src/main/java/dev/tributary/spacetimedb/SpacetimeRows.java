package dev.tributary.spacetimedb;

import dev.tributary.Row;
import dev.tributary.benchmarks.Readings;
import dev.tributary.spacetimedb.codec.Subprotocol;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
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

/**
 * {@link RowFormBenchmark} and {@link TransactionBenchmark} in one run: what a row of BSATN costs beside one of JSON, what a
 * row of a fixed size allocates, and what a transaction costs in views of three sizes.
 */
@NullMarked
public final class SpacetimeRows {

    private SpacetimeRows() {}

    private record Cost(double time, double bytes) {}

    /** {@code spacetime-rows [forks]}. */
    public static void main(String... args) throws RunnerException {
        int forks = args.length > 0 ? Integer.parseInt(args[0]) : 1;
        Map<String, Cost> rows = run("RowFormBenchmark", forks);
        Cost bsatn = cost(rows, "bsatn");
        Cost json = cost(rows, "json");
        Cost fixed = cost(rows, "fixed");
        System.out.println();
        System.out.printf(
                Locale.ROOT,
                "a row of 8 columns: BSATN %,.0f /s, v1.json %,.0f /s: %.1f times as many; target 5%n",
                1e9 / bsatn.time,
                1e9 / json.time,
                json.time / bsatn.time);
        System.out.printf(
                Locale.ROOT,
                "bytes allocated for it: BSATN %.0f, v1.json %.0f; of a fixed size %.1f, of which %.0f are the row that"
                        + " is kept%n",
                bsatn.bytes,
                json.bytes,
                fixed.bytes,
                storedBytes());
        Map<String, Cost> transactions = run("TransactionBenchmark", forks);
        Cost smallest = cost(transactions, "change10000");
        for (String size : new String[] {"10000", "100000", "1000000"}) {
            Cost cost = cost(transactions, "change" + size);
            System.out.printf(
                    Locale.ROOT,
                    "a transaction of 1,000 changed rows in a view of %9s: %,7.0f us, %,9.0f B; %.2f times that of the"
                            + " smallest%n",
                    size,
                    cost.time,
                    cost.bytes,
                    cost.time / smallest.time);
        }
    }

    /** What the view keeps of a row of a fixed size. */
    private static double storedBytes() {
        List<Row> rows = new ArrayList<>();
        new Received(Subprotocol.V2_BSATN, Readings.TICK, rows::add).message(Received.ticks(1));
        return rows.get(0).sizeInBytes();
    }

    private static Cost cost(Map<String, Cost> costs, String name) {
        return Objects.requireNonNull(costs.get(name), name);
    }

    private static Map<String, Cost> run(String benchmark, int forks) throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("\\." + benchmark + "\\.")
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
            String name = result.getParams().getBenchmark();
            String rows = result.getParams().getParam("rows");
            costs.put(
                    name.substring(name.lastIndexOf('.') + 1) + (rows == null ? "" : rows),
                    new Cost(
                            result.getPrimaryResult().getStatistics().getPercentile(50),
                            Objects.requireNonNull(result.getSecondaryResults().get("gc.alloc.rate.norm"))
                                    .getScore()));
        }
        return costs;
    }
}
