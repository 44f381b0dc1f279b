package dev.tributary.spacetimedb;

import org.jspecify.annotations.Nullable;

/**
 * A value of a sum type: one of several variants, with what that variant holds. Immutable, if the value is.
 *
 * <p>Sums that Java has something better for are not read as this: an option is its value or null, a sum whose variants
 * all hold nothing is the name of the variant, and a {@code ScheduleAt} is an {@code Instant} or a {@code Duration}. An
 * option directly within an option is a {@code Sum("some", …)} or null, so that its two kinds of nothing are told apart.
 * A {@code Result} is {@code Sum("ok", …)} or {@code Sum("err", …)}.
 *
 * @param variant the name in the schema, for example {@code rect}
 * @param value what the variant holds; null for a variant that holds nothing
 */
public record Sum(String variant, @Nullable Object value) {

    /** A variant that holds nothing. */
    public Sum(String variant) {
        this(variant, null);
    }
}
