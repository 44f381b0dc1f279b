package dev.tributary.testkit;

import dev.tributary.Query;
import dev.tributary.Row;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A table and what its rows must equal: {@code items?color=red&size=7}. */
record MemoryQuery(Query query) {

    String table() {
        return query.name();
    }

    /** Whether the row is one of this query. A column that the table does not have equals nothing. */
    boolean matches(@Nullable Row row) {
        return row != null
                && query.parameters().stream().allMatch(parameter -> {
                    int column = row.schema().find(parameter.name());
                    return column >= 0 && Objects.toString(row.get(column)).equals(parameter.value());
                });
    }
}
