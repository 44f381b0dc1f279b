package dev.tributary.driftdb;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How an application's values are written as values of DriftDB and read back.
 *
 * @param <T> what the application works with; immutable
 */
public interface ValueCodec<T> {

    /** The value as {@link Push} takes it. */
    @Nullable
    Object encode(T value);

    /** The value of an {@link Entry}. What it throws is reported; the entry is not applied. */
    T decode(@Nullable Object value);

    /** Values of one of the types that entries have. */
    static <T> ValueCodec<T> plain(Class<T> type) {
        return new ValueCodec<>() {
            @Override
            public @Nullable Object encode(T value) {
                return value;
            }

            @Override
            public T decode(@Nullable Object value) {
                return type.cast(Objects.requireNonNull(value, "expected a value, got null"));
            }
        };
    }
}
