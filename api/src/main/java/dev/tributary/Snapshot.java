package dev.tributary;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The content of a view at one instant. Immutable, free to take and to keep, safe for any thread. The order of rows is
 * not specified.
 *
 * @param <T> what rows are read as
 */
public interface Snapshot<T> extends Iterable<T> {

    /** How many rows there are. */
    int size();

    /** Whether there are no rows. Empty is not the same as loading: see {@link MaterializedView#status}. */
    boolean isEmpty();

    /**
     * The row of this key, or null when there is none.
     *
     * @param key the values of the key columns, in key order: {@code get(42)}, {@code get("a", 7)}
     * @throws IllegalArgumentException when the values do not fit the key; the message shows its shape
     * @throws MappingException when the row cannot be read as {@code T}
     */
    @Nullable
    T get(@Nullable Object... key);

    /** Whether there is a row of this key. */
    boolean contains(@Nullable Object... key);

    /** The rows. A row that cannot be read as {@code T} throws {@link MappingException} where it is reached. */
    Stream<T> stream();

    /** The rows as an immutable list, built at this call. */
    List<T> toList();

    /** The number of the commit that made this content; 0 before the first. */
    long version();

    /**
     * Whether this is known to be what the server held at some instant. Always so, from the first commit on, where the
     * transport is {@link Capability#LOSSLESS}. Elsewhere a message may have been lost without a sign: a snapshot says
     * so from the moment when the transport compared it with the server, and one that was taken before does not change.
     */
    boolean isVerified();

    /** The columns; empty before the first commit. */
    Optional<RowSchema> schema();
}
