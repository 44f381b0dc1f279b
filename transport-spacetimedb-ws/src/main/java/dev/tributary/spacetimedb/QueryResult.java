package dev.tributary.spacetimedb;

import dev.tributary.Row;
import java.util.List;

/**
 * The answer to a one-off query. Immutable.
 *
 * @param table whose rows they are, by its canonical name; empty when the server named none
 * @param rows in the order in which the server sent them, each as often as it matches
 */
public record QueryResult(String table, List<Row> rows) {

    /** Copies the list. */
    public QueryResult {
        rows = List.copyOf(rows);
    }
}
