package dev.tributary.replay.spacetimedb;

import dev.tributary.replay.recording.Documents;
import dev.tributary.replay.recording.Json;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One request of the recorded client and what our side made of its answer, in the words of {@code final}. */
final class Entry {

    /** What tells how a request ended: if only one side has it, that is a difference. */
    private static final List<String> RESULTS = List.of("outcome", "error", "value", "tables");

    private final Map<String, @Nullable Object> members = new LinkedHashMap<>();
    private Shape shape = new Shape.Unknown();
    private @Nullable String value;

    Entry(String connection) {
        members.put("connection", connection);
    }

    Entry with(String name, Object member) {
        members.put(name, member);
        return this;
    }

    Entry with(String name, long number) {
        return with(name, BigDecimal.valueOf(number));
    }

    /** How it ended. */
    void end(String outcome, @Nullable String error) {
        members.put("outcome", outcome);
        if (error != null) {
            members.put("error", error);
        }
    }

    /** What it gave, as our client has it. */
    void value(Shape of, @Nullable Object given) {
        shape = of;
        value = of.ofValue(given);
    }

    @Nullable
    Object get(String name) {
        return members.get(name);
    }

    /** Whether it was answered, or needs no answer. */
    boolean isOver() {
        return RESULTS.stream().anyMatch(members::containsKey);
    }

    /** Whether this is the request that a member of {@code final} is about. */
    boolean isOf(Map<String, @Nullable Object> expected) {
        for (String name : expected.keySet()) {
            if (!RESULTS.contains(name) && members.containsKey(name)) {
                if (!Json.same(expected.get(name), members.get(name))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The first difference of the results, or null. */
    @Nullable
    String difference(Map<String, @Nullable Object> expected) {
        for (String name : RESULTS) {
            if (name.equals("value")) {
                String wanted = expected.containsKey("value") ? shape.ofJson(expected.get("value")) : null;
                if (!Objects.equals(wanted, value)) {
                    return "gave " + value + ", expected is " + wanted;
                }
            } else if (!Json.same(expected.get(name), members.get(name))
                    && (expected.containsKey(name) || members.containsKey(name))) {
                // One-off queries have no outcome in the file: an error says it all.
                if (!(name.equals("outcome") && !expected.containsKey(name))) {
                    return "has " + name + " " + Documents.shown(members.get(name)) + ", expected is "
                            + Documents.shown(expected.get(name));
                }
            }
        }
        return null;
    }

    @Override
    public String toString() {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>(members);
        RESULTS.forEach(shown::remove);
        return shown.toString();
    }
}
