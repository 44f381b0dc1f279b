package dev.tributary.sodp;

import org.jspecify.annotations.Nullable;

/**
 * A key as a view shows it: what the next run of its query goes on from.
 *
 * @param version the last one applied
 */
@SuppressWarnings("ReferenceEquality") // identity is what is asked for
record Held(@Nullable Object value, long version, boolean initialized) {

    /** Whether it is this very state. */
    boolean is(@Nullable Object other) {
        return this == other;
    }

    /** Whether both show the same value; the version may differ. */
    boolean sameValue(Held other) {
        return initialized == other.initialized
                && (value == other.value || (value != null && value.equals(other.value)));
    }
}
