package dev.tributary.conformance;

import org.jspecify.annotations.Nullable;

/**
 * One row of one table, before and after; at least one of the two is there.
 *
 * @param table the place of the query in {@link World#queries}
 */
public record Write(
        int table,
        int key,
        @Nullable Integer before,
        @Nullable Integer after) {}
