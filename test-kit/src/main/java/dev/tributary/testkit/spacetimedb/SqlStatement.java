package dev.tributary.testkit.spacetimedb;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement of the HTTP API. */
sealed interface SqlStatement {

    /**
     * Rows.
     *
     * @param columns which of theirs, or null for all
     * @param count the name of the number of rows, when that alone is asked for
     * @param limit how many at most, or -1
     */
    record Select(
            Query query,
            @Nullable List<Integer> columns,
            @Nullable String count,
            long limit) implements SqlStatement {}

    /** New rows. */
    record Insert(String table, List<List<Object>> rows) implements SqlStatement {}

    /** Other values in some columns. */
    record Update(String table, List<Integer> columns, List<Object> values, Condition where) implements SqlStatement {}

    /** Rows that go. */
    record Delete(String table, Condition where) implements SqlStatement {}
}
