package dev.tributary.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.tributary.electric.DecodeBenchmark;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Decoding in processor time of the whole process, collection included: what still says something on a machine that
 * has other things to do. {@link DecodeBenchmark} measures the same by the clock.
 */
final class DecodeCpu {

    private static final int SOME = 100_000;
    private static final int MILLION = 1_000_000;

    private DecodeCpu() {}

    /** One of the ways, in a process of its own. */
    static final class Way {

        private Way() {}

        /** Prints nanoseconds of all processors for each row, over the later half of the rounds. */
        public static void main(String[] args) throws IOException {
            boolean million = args[0].endsWith("million");
            int rows = million ? MILLION : SOME;
            int rounds = million ? 16 : 60;
            DecodeBenchmark.Bodies bodies = new DecodeBenchmark.Bodies(rows);
            OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
            long done = 0;
            long start = 0;
            for (int round = 0; round < rounds; round++) {
                if (round == rounds / 2) {
                    start = system.getProcessCpuTime();
                }
                done += args[0].startsWith("scan") ? bodies.scan() : million ? bodies.view() : bodies.rows();
            }
            double spent = system.getProcessCpuTime() - start;
            System.out.println("RESULT " + spent / (rounds - rounds / 2) / rows + " " + done);
        }
    }

    /** {@code decode [TURNS]}. */
    static void main(String... args) throws IOException, InterruptedException {
        int turns = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        Map<String, List<Double>> times = new LinkedHashMap<>();
        for (int turn = 0; turn < turns; turn++) {
            for (String way : List.of("scan", "rows", "scan-million", "view-million")) {
                String result = Child.run(Child.java(Way.class, List.of("-Xms4g", "-Xmx4g"), way))
                        .result();
                times.computeIfAbsent(way, name -> new ArrayList<>())
                        .add(Double.parseDouble(result.substring(0, result.indexOf(' '))));
            }
        }
        compare("bytes to rows", times.getOrDefault("scan", List.of()), times.getOrDefault("rows", List.of()));
        compare(
                "bytes to the first view of a million rows",
                times.getOrDefault("scan-million", List.of()),
                times.getOrDefault("view-million", List.of()));
    }

    private static void compare(String what, List<Double> scans, List<Double> ours) {
        double[] parts = new double[ours.size()];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = 100 * scans.get(i) / ours.get(i);
        }
        System.out.printf(
                Locale.ROOT,
                "%s: %.0f %% of the scan (median of %s); scan %.0f, ours %.0f ns of processor time a row%n",
                what,
                Numbers.median(DoubleStream.of(parts).boxed().toList()),
                DoubleStream.of(parts)
                        .mapToObj(part -> String.format(Locale.ROOT, "%.0f", part))
                        .toList(),
                Numbers.median(scans),
                Numbers.median(ours));
    }
}
