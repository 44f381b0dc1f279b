package dev.tributary.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Loads one message of few fragments and one of ten times as many: what the second costs beyond the start of a process, and
 * whether pings are answered meanwhile.
 */
final class SpacetimeFragments {

    /** Bytes of a frame and of a row of the messages, offset included. */
    private static final double FRAGMENT = 4_096;

    private static final double ROW = 239.3;
    private static final int NONE = 10;
    private static final int TIMES = 10;
    private static final List<String> OPTIONS = List.of("-Xmx6g");

    private SpacetimeFragments() {}

    /** {@code spacetime-fragments [fragments [turns]]}. */
    static void main(String... args) throws IOException, InterruptedException {
        int fragments = args.length > 0 ? Integer.parseInt(args[0]) : 30_000;
        int turns = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        try (Child server = SpacetimeLoad.server()) {
            String port = String.valueOf(server.line("PORT "));
            for (Class<?> main : List.of(BareReceive.class, ReadingLoad.class)) {
                List<Double> times = new ArrayList<>();
                List<Double> processor = new ArrayList<>();
                // The first turn makes the messages.
                for (int turn = 0; turn <= turns; turn++) {
                    Child.Run start = run(main, port, NONE);
                    Child.Run few = run(main, port, fragments);
                    Child.Run many = run(main, port, (long) fragments * TIMES);
                    if (turn > 0) {
                        times.add((many.toResult() - start.toResult()) / (few.toResult() - start.toResult()));
                        processor.add((many.cpu() - start.cpu()) / (few.cpu() - start.cpu()));
                    }
                }
                System.out.printf(
                        Locale.ROOT,
                        "%s: %,d fragments cost %.2f times as much processor time as %,d and %.2f times as much time"
                                + " (medians of %d); as they are %d times as many, %d is in proportion%n",
                        main.getSimpleName(),
                        (long) fragments * TIMES,
                        Numbers.median(processor),
                        fragments,
                        Numbers.median(times),
                        turns,
                        TIMES,
                        TIMES);
                System.out.println("pings within the messages: " + server.ask("pongs"));
            }
        }
    }

    private static Child.Run run(Class<?> main, String port, long fragments) throws IOException, InterruptedException {
        String rows = String.valueOf(Math.round(fragments * FRAGMENT / ROW));
        return Child.run(Child.java(main, OPTIONS, port, rows, "none"));
    }
}
