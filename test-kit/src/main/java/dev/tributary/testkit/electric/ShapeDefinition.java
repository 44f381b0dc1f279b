package dev.tributary.testkit.electric;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What makes a shape the shape it is.
 *
 * @param table the table
 * @param where filter text
 * @param params values of {@code $1}, {@code $2} ... in order
 * @param columns selected columns sorted by name
 * @param full whether changes carry full rows ({@code replica=full})
 * @param changesOnly whether the log starts without rows ({@code log=changes_only})
 */
record ShapeDefinition(
        TableName table,
        @Nullable String where,
        List<String> params,
        List<String> columns,
        boolean full,
        boolean changesOnly) {}
