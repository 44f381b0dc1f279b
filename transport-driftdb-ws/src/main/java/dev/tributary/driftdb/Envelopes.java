package dev.tributary.driftdb;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The values that the official JavaScript client writes for its helpers, and what we add to them. */
final class Envelopes {

    private Envelopes() {}

    /** Whether a value says who sent it, and the how manieth it is. */
    static boolean isNamed(@Nullable Object value) {
        return value instanceof Map<?, ?> map && map.containsKey("i") && map.containsKey("n");
    }

    /** Whether both say that they are the same message of the same sender; null when one of them does not say. */
    static @Nullable Boolean isSameMessage(@Nullable Object sent, @Nullable Object came) {
        if (isNamed(sent) && sent instanceof Map<?, ?> ours) {
            return came instanceof Map<?, ?> theirs
                    && Objects.equals(ours.get("i"), theirs.get("i"))
                    && Objects.equals(ours.get("n"), theirs.get("n"));
        }
        return null;
    }

    /** Whether a message is in a snapshot, as far as the snapshot says so: those of JavaScript peers do not. */
    static boolean isFolded(@Nullable Object sent, @Nullable Object snapshot) {
        return sent instanceof Map<?, ?> ours
                && ours.get("n") instanceof Number count
                && snapshot instanceof Map<?, ?> theirs
                && theirs.containsKey("reset")
                && theirs.get("seen") instanceof Map<?, ?> seen
                && seen.get(ours.get("i")) instanceof Number highest
                && highest.longValue() >= count.longValue();
    }

    /** A state: who wrote it, and how many were written there before. */
    static Map<String, @Nullable Object> state(@Nullable Object value, String sender, long count) {
        return envelope("v", value, sender, count);
    }

    /** A state that was made of another one: of which, by its number. */
    static Map<String, @Nullable Object> update(@Nullable Object value, String sender, long count, long base) {
        Map<String, @Nullable Object> envelope = state(value, sender, count);
        envelope.put("b", base);
        return envelope;
    }

    /** A state that stands for several updates: up to which of each sender's they are in it. */
    static Map<String, @Nullable Object> foldedState(@Nullable Object value, Map<String, Long> seen) {
        Map<String, @Nullable Object> envelope = new LinkedHashMap<>();
        envelope.put("v", value);
        envelope.put("seen", seen);
        return envelope;
    }

    /** An action of a reducer. */
    static Map<String, @Nullable Object> action(@Nullable Object action, String sender, long count) {
        return envelope("apply", action, sender, count);
    }

    /** A snapshot, and up to which of each sender's actions it is of. */
    static Map<String, @Nullable Object> snapshot(@Nullable Object state, Map<String, Long> seen) {
        Map<String, @Nullable Object> envelope = new LinkedHashMap<>();
        envelope.put("reset", state);
        envelope.put("seen", seen);
        return envelope;
    }

    /** What a client says of itself. */
    static Map<String, @Nullable Object> presence(String client, @Nullable Object value) {
        Map<String, @Nullable Object> envelope = new LinkedHashMap<>();
        envelope.put("client", client);
        envelope.put("value", value);
        return envelope;
    }

    /** What a client says when it goes. */
    static Map<String, @Nullable Object> farewell(String client) {
        Map<String, @Nullable Object> envelope = presence(client, null);
        envelope.put("left", true);
        return envelope;
    }

    private static Map<String, @Nullable Object> envelope(
            String name, @Nullable Object value, String sender, long count) {
        Map<String, @Nullable Object> envelope = new LinkedHashMap<>();
        envelope.put(name, value);
        envelope.put("i", sender);
        envelope.put("n", count);
        return envelope;
    }
}
