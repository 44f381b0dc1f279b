package dev.tributary.benchmarks;

import java.util.Arrays;
import java.util.List;

/** A little arithmetic. */
public final class Numbers {

    private Numbers() {}

    /** The one in the middle; of two, their mean. */
    public static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /** Prints what so many parts of the times do not exceed, in microseconds. */
    public static void printPercentiles(String what, long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        System.out.printf(
                "%s (%,d): p50 %.1f, p90 %.1f, p99 %.1f, p99.9 %.1f, max %.1f microseconds%n",
                what,
                sorted.length,
                percentile(sorted, 0.5),
                percentile(sorted, 0.9),
                percentile(sorted, 0.99),
                percentile(sorted, 0.999),
                percentile(sorted, 1));
    }

    /** What this part of the sorted times does not exceed, in microseconds. */
    static double percentile(long[] sorted, double part) {
        int at = (int) Math.ceil(part * sorted.length) - 1;
        return sorted[Math.max(0, at)] / 1e3;
    }
}
