package dev.tributary.testkit.spacetimedb;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table of a module.
 *
 * @param typeRef the number of its row type in the typespace
 * @param rowType its columns
 * @param primaryKey the number of a column, or -1
 * @param unique numbers of columns, with that of the primary key
 * @param indexed numbers of columns that can be joined
 * @param autoIncrement numbers of columns that count where a zero is inserted
 * @param event whether rows live for one transaction alone
 * @param open whether everyone can read it
 * @param scheduledReducer what runs for its rows when they are due, or null
 * @param scheduledAt the column that says when
 * @param defaults bytes of the values that rows get whose table grew by a column
 */
record TableSpec(
        String name,
        int typeRef,
        SpacetimeType.Product rowType,
        int primaryKey,
        Set<Integer> unique,
        Set<Integer> indexed,
        Set<Integer> autoIncrement,
        boolean event,
        boolean open,
        @Nullable String scheduledReducer,
        int scheduledAt,
        Map<Integer, byte[]> defaults) {

    int column(String column) {
        int index = rowType.indexOf(column);
        if (index < 0) {
            throw new IllegalArgumentException("no column " + column + " in table " + name);
        }
        return index;
    }
}
