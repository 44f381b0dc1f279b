package dev.tributary.conformance;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How often each thing happened in simulations. For one thread. */
final class Tally {

    private final Map<String, Long> happened = new TreeMap<>();
    private final Map<ProtocolInput, Long> inputs = new EnumMap<>(ProtocolInput.class);
    private long steps;
    private long worlds;

    void world() {
        worlds++;
    }

    /** An input of a protocol: a step. */
    void step(ProtocolInput input) {
        steps++;
        inputs.merge(input, 1L, Long::sum);
    }

    void happened(String what) {
        happened(what, 1);
    }

    void happened(String what, long times) {
        happened.merge(what, times, Long::sum);
    }

    /** Adds what another one counted. */
    void add(Tally other) {
        other.happened.forEach((what, times) -> happened.merge(what, times, Long::sum));
        other.inputs.forEach((input, times) -> inputs.merge(input, times, Long::sum));
        steps += other.steps;
        worlds += other.worlds;
    }

    long steps() {
        return steps;
    }

    long worlds() {
        return worlds;
    }

    /** Those of these that happened less often than so, with their number. */
    List<String> rarerThan(long least, List<String> expected) {
        return expected.stream()
                .filter(what -> happened.getOrDefault(what, 0L) < least)
                .map(what -> what + ": " + happened.getOrDefault(what, 0L))
                .toList();
    }

    /** A table for people. */
    String table(String title) {
        StringBuilder table = new StringBuilder("%s: %,d steps in %,d worlds%n".formatted(title, steps, worlds));
        Arrays.stream(ProtocolInput.values())
                .filter(inputs::containsKey)
                .forEach(input -> line(table, "step: " + input, inputs.getOrDefault(input, 0L)));
        happened.forEach((what, times) -> line(table, what, times));
        return table.toString();
    }

    private static void line(StringBuilder table, String what, long times) {
        table.append("  %-50s %,12d%n".formatted(what, times));
    }
}
