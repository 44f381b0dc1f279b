package dev.tributary.testkit.electric;

import org.jspecify.annotations.Nullable;

/**
 * One row change of a transaction. An insert has no {@code before}, a delete no {@code after}.
 *
 * @param table the table
 * @param position position in the transaction; every operation reserves two
 * @param before the row before
 * @param after the row after
 */
record Change(
        Table table,
        long position,
        @Nullable String @Nullable [] before,
        @Nullable String @Nullable [] after) {}
