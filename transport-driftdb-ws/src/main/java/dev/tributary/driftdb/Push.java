package dev.tributary.driftdb;

import dev.tributary.ConfigurationException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One write. It is checked when it is made, so that a message a server could not use never leaves.
 *
 * @param action what it does to the stream
 * @param key of the stream: any text of at most 1024 bytes
 * @param value what {@link Entry} says; also any {@code Collection}, and {@code Float}
 * @param compactedTo for {@link Action#COMPACT} the number up to which entries are replaced, unsigned; else 0
 * @param guarantee what becomes of it when the connection is lost
 */
public record Push(Action action, String key, @Nullable Object value, long compactedTo, Guarantee guarantee) {

    private static final int MOST_KEY_BYTES = 1024;

    /**
     * @throws ConfigurationException naming what a server would not take
     */
    public Push {
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(guarantee, "guarantee");
        key = checkedKey(key);
        value = Values.checked(value);
        if (action == Action.COMPACT && compactedTo == 0) {
            throw new ConfigurationException(
                    "key '" + key + "': nothing is numbered 0, so nothing can be folded to it");
        }
        if (action == Action.RELAY && guarantee == Guarantee.AT_LEAST_ONCE) {
            throw new ConfigurationException("key '" + key + "': a relay is never sent again");
        }
    }

    static String checkedKey(String key) {
        Values.checkedText(key, "key");
        if (key.length() > MOST_KEY_BYTES || key.getBytes(StandardCharsets.UTF_8).length > MOST_KEY_BYTES) {
            throw new ConfigurationException("a key has at most " + MOST_KEY_BYTES + " bytes of UTF-8");
        }
        return key;
    }

    /** Broadcasts a value without retaining it. */
    public static Push relay(String key, @Nullable Object value) {
        return new Push(Action.RELAY, key, value, 0, Guarantee.AT_MOST_ONCE);
    }

    /** Puts a value behind what is retained. */
    public static Push append(String key, @Nullable Object value) {
        return new Push(Action.APPEND, key, value, 0, Guarantee.AT_MOST_ONCE);
    }

    /** Replaces what is retained by one value. */
    public static Push replace(String key, @Nullable Object value) {
        return new Push(Action.REPLACE, key, value, 0, Guarantee.AT_MOST_ONCE);
    }

    /**
     * Replaces what is retained up to a number by one value, which must stand for every entry that is retained up to there:
     * read them first, by {@link DriftDb#fold} or over HTTP, for live messages may have been lost.
     */
    public static Push compact(String key, @Nullable Object value, long upTo) {
        return new Push(Action.COMPACT, key, value, upTo, Guarantee.AT_MOST_ONCE);
    }

    /** The same, sent again when its outcome is unknown. */
    public Push atLeastOnce() {
        return new Push(action, key, value, compactedTo, Guarantee.AT_LEAST_ONCE);
    }

    /** Shows no value. */
    @Override
    public String toString() {
        return action.word() + " to '" + key + "'";
    }
}
