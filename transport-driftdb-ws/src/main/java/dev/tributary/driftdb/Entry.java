package dev.tributary.driftdb;

import org.jspecify.annotations.Nullable;

/**
 * One entry of a stream. Values are plain Java: null, {@code Boolean}, {@code Long}, {@code BigInteger} beyond it,
 * {@code Double}, {@code String}, {@code byte[]}, and unmodifiable {@code List} and {@code Map} of those.
 *
 * @param number of the room's counter, unsigned
 * @param value what was pushed
 */
public record Entry(long number, @Nullable Object value) {

    /** The number, where it is shown. */
    public String numberText() {
        return Long.toUnsignedString(number);
    }

    /** Shows the number alone. */
    @Override
    public String toString() {
        return "Entry[" + numberText() + "]";
    }
}
