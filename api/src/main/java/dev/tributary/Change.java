package dev.tributary;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Insert, update or delete of one row under one key. Immutable.
 *
 * @param <T> what rows are read as
 */
public interface Change<T> {

    /** What happened to the key. */
    enum Kind {
        /** There was no row of the key. */
        INSERT,
        /** There was one, and there still is. */
        UPDATE,
        /** There is none any more. */
        DELETE
    }

    /** What happened to the key. */
    Kind kind();

    /** The values of the key columns, in key order. */
    List<@Nullable Object> key();

    /**
     * The row after the change; null for a delete. In {@link SyncSource#changes} it may be partial.
     *
     * @throws MappingException when the row cannot be read as {@code T}
     */
    @Nullable
    T after();

    /**
     * The row before the change; null for an insert, and where it is not known.
     *
     * @throws MappingException when the row cannot be read as {@code T}
     */
    @Nullable
    T before();
}
