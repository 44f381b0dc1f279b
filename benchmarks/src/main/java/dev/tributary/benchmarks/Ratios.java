package dev.tributary.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs two benchmarks in turns, one fork of each, and prints their ratio in each turn and the median: what one can
 * trust on a machine that has other things to do.
 */
final class Ratios {

    private record Pair(String name, String ours, String bound, String target, String... parameters) {}

    private static final List<Pair> PAIRS = List.of(
            new Pair("decode", "DecodeBenchmark.rows", "DecodeBenchmark.scan", "at most 1.67 (60 % of the scan)"),
            new Pair(
                    "scan-in-pieces",
                    "DecodeBenchmark.scanInPieces",
                    "DecodeBenchmark.scan",
                    "none: where decode begins"),
            new Pair(
                    "first-view",
                    "DecodeBenchmark.viewMillion",
                    "DecodeBenchmark.scanMillion",
                    "at most 2.5 (40 % of the scan)"),
            new Pair(
                    "fill-sequential",
                    "ViewBenchmark.view",
                    "ViewBenchmark.hashMap",
                    "at most 1.7",
                    "order",
                    "sequential"),
            new Pair(
                    "fill-shuffled", "ViewBenchmark.view", "ViewBenchmark.hashMap", "at most 1.7", "order", "shuffled"),
            new Pair("read", "ReadBenchmark.view", "ReadBenchmark.hashMap", "at most 2"),
            new Pair("read-by-value", "ReadBenchmark.viewByValue", "ReadBenchmark.hashMap", "none"),
            new Pair("sodp-delta", "DeltaBenchmark.apply", "DeltaBenchmark.tree", "at most 0.2 (5 times as many)"),
            new Pair(
                    "spacetime-row",
                    "RowFormBenchmark.bsatn",
                    "RowFormBenchmark.json",
                    "at most 0.2 (5 times as many)"));

    private Ratios() {}

    /** {@code ratios [name or "all" [turns [JVM options…]]]}. */
    static void main(String... args) throws RunnerException {
        String wanted = args.length > 0 ? args[0] : "all";
        int turns = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        List<String> options = args.length > 2 ? List.of(args).subList(2, args.length) : List.of();
        for (Pair pair : PAIRS) {
            if (wanted.equals("all") || wanted.equals(pair.name)) {
                compare(pair, turns, options);
            }
        }
    }

    private static void compare(Pair pair, int turns, List<String> options) throws RunnerException {
        List<Double> ratios = new ArrayList<>();
        List<Double> ours = new ArrayList<>();
        List<Double> bounds = new ArrayList<>();
        String unit = "";
        for (int turn = 0; turn < turns; turn++) {
            RunResult bound = fork(pair, pair.bound, options);
            RunResult own = fork(pair, pair.ours, options);
            unit = own.getPrimaryResult().getScoreUnit();
            ours.add(median(own));
            bounds.add(median(bound));
            ratios.add(median(own) / median(bound));
        }
        System.out.printf(
                Locale.ROOT,
                "%-16s %s / %s = %.2f (median of %d; %s); %.1f and %.1f %s; target %s%n",
                pair.name,
                pair.ours,
                pair.bound,
                Numbers.median(ratios),
                turns,
                ratios.stream()
                        .map(ratio -> String.format(Locale.ROOT, "%.2f", ratio))
                        .toList(),
                Numbers.median(ours),
                Numbers.median(bounds),
                unit,
                pair.target);
    }

    /** The median of the iterations: another process that gets in the way of one of them says nothing. */
    private static double median(RunResult result) {
        return result.getPrimaryResult().getStatistics().getPercentile(50);
    }

    private static RunResult fork(Pair pair, String benchmark, List<String> options) throws RunnerException {
        ChainedOptionsBuilder builder = new OptionsBuilder()
                .include("\\." + benchmark.replace(".", "\\.") + "$")
                .forks(1)
                .jvmArgsAppend(options.toArray(new String[0]))
                .verbosity(VerboseMode.SILENT);
        for (int i = 0; i < pair.parameters.length; i += 2) {
            builder = builder.param(pair.parameters[i], pair.parameters[i + 1]);
        }
        Collection<RunResult> results = new Runner(builder.build()).run();
        return results.iterator().next();
    }
}
