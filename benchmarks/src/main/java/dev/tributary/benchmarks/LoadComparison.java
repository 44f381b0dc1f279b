package dev.tributary.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Loads the same rows from the same server in several ways, each in a fresh process, in turns, and prints the medians
 * and the ratios of the turns.
 */
final class LoadComparison {

    static final int ROWS = 500_000;

    /** For a process that ends after a second or two: what the better compiler and collector cost never pays. */
    static final List<String> SHORT_LIVED = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private final int rows;
    private final int turns;
    private final Map<String, List<String>> ways = new LinkedHashMap<>();

    LoadComparison(int rows, int turns) {
        this.rows = rows;
        this.turns = turns;
    }

    /** {@code load [rows [turns [JVM options of the loading processes…]]]}. */
    static void main(String... args) throws IOException, InterruptedException {
        int rows = args.length > 0 ? Integer.parseInt(args[0]) : ROWS;
        int turns = args.length > 1 ? Integer.parseInt(args[1]) : 9;
        List<String> options = args.length > 2 ? List.of(args).subList(2, args.length) : List.of();
        Path archives = Files.createTempDirectory("tributary-archives");
        try (Child server = server(rows)) {
            String address = address(server);
            LoadComparison comparison = new LoadComparison(rows, turns);
            comparison.add("bare download", Child.java(BareDownload.class, options, address));
            comparison.add("view", Child.java(ViewLoad.class, options, address));
            comparison.add(
                    "bare, class archive",
                    archived(archives.resolve("bare.jsa"), BareDownload.class, options, address));
            comparison.add(
                    "view, class archive", archived(archives.resolve("view.jsa"), ViewLoad.class, options, address));
            if (options.isEmpty()) {
                comparison.add(
                        "bare, short-lived",
                        archived(archives.resolve("bare-short.jsa"), BareDownload.class, SHORT_LIVED, address));
                comparison.add(
                        "view, short-lived",
                        archived(archives.resolve("view-short.jsa"), ViewLoad.class, SHORT_LIVED, address));
            }
            comparison.run();
        }
    }

    static Child server(int rows) throws IOException {
        return Child.start(Child.java(ChunkServer.class, List.of("-Xmx2g"), String.valueOf(rows)));
    }

    static String address(Child server) throws IOException {
        return "http://127.0.0.1:" + server.line("PORT ");
    }

    /** A JVM that takes its classes from an archive, which is made by running it once. */
    static List<String> archived(Path archive, Class<?> main, List<String> options, String... arguments)
            throws IOException, InterruptedException {
        List<String> making = new ArrayList<>(options);
        making.add("-XX:ArchiveClassesAtExit=" + archive);
        making.add("-Xlog:cds=off");
        making.add("-Xlog:cds+dynamic=off");
        making.add("-Xlog:class+path=off");
        Child.run(Child.java(main, making, arguments));
        List<String> using = new ArrayList<>(options);
        using.add("-XX:SharedArchiveFile=" + archive);
        return Child.java(main, using, arguments);
    }

    void add(String name, List<String> command) {
        ways.put(name, command);
    }

    /** Each way is compared with the first one in the same turn. */
    void run() throws IOException, InterruptedException {
        Map<String, List<Child.Run>> runs = new LinkedHashMap<>();
        // One turn that does not count fills the caches of the system.
        for (int turn = 0; turn <= turns; turn++) {
            for (Map.Entry<String, List<String>> way : ways.entrySet()) {
                Child.Run run = Child.run(way.getValue());
                if (turn > 0) {
                    runs.computeIfAbsent(way.getKey(), name -> new ArrayList<>())
                            .add(run);
                }
            }
        }
        print(runs);
    }

    private void print(Map<String, List<Child.Run>> runs) {
        List<Child.Run> first = runs.values().iterator().next();
        System.out.printf(
                "%,d rows, %d turns, medians; ratio: of each turn to '%s', median%n",
                rows, turns, runs.keySet().iterator().next());
        System.out.printf(
                "%-28s %14s %8s %12s %8s %12s %8s %12s %8s  %s%n",
                "",
                "to result, ms",
                "ratio",
                "to exit, ms",
                "ratio",
                "CPU, ms",
                "ratio",
                "peak, MiB",
                "ratio",
                "result");
        runs.forEach((way, own) -> {
            List<Double> toResult = new ArrayList<>();
            List<Double> toExit = new ArrayList<>();
            List<Double> cpu = new ArrayList<>();
            List<Double> peak = new ArrayList<>();
            for (int i = 0; i < own.size(); i++) {
                toResult.add(own.get(i).toResult() / first.get(i).toResult());
                toExit.add(own.get(i).toExit() / first.get(i).toExit());
                cpu.add(own.get(i).cpu() / first.get(i).cpu());
                peak.add(own.get(i).peak() / first.get(i).peak());
            }
            System.out.printf(
                    "%-28s %14.0f %8.2f %12.0f %8.2f %12.0f %8.2f %12.0f %8.2f  %s%n",
                    way,
                    Numbers.median(own.stream().map(Child.Run::toResult).toList()),
                    Numbers.median(toResult),
                    Numbers.median(own.stream().map(Child.Run::toExit).toList()),
                    Numbers.median(toExit),
                    Numbers.median(own.stream().map(Child.Run::cpu).toList()),
                    Numbers.median(cpu),
                    Numbers.median(own.stream().map(Child.Run::peak).toList()),
                    Numbers.median(peak),
                    own.get(0).result());
        });
    }
}
