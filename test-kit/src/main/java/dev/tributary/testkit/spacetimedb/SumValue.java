package dev.tributary.testkit.spacetimedb;

import java.util.List;

/**
 * A value of a sum.
 *
 * @param tag the number of the variant
 * @param value its payload
 */
public record SumValue(int tag, Object value) {

    /** A variant without payload. */
    public static SumValue of(int tag) {
        return new SumValue(tag, List.of());
    }
}
