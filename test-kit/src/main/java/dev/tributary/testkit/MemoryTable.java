package dev.tributary.testkit;

import dev.tributary.Column;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The rows of one table of a {@link MemoryBackend}. A state of it is a copy: rows are immutable. */
final class MemoryTable {

    /** The key column of a table that nobody declared. */
    static final String KEY = "id";

    private final String name;
    private final RowSchema schema;
    /** By the row that holds only the key. */
    private final Map<Row, Row> rows = new LinkedHashMap<>();

    MemoryTable(String name, RowSchema schema) {
        this.name = name;
        this.schema = schema;
    }

    /** A table with the columns that this first row has, the key first, then by name. */
    static MemoryTable inferred(String name, Object key, Map<String, ?> values) {
        List<Column> columns = new ArrayList<>();
        if (key instanceof List) {
            throw new IllegalArgumentException("table '" + name + "': declare a table whose key has several columns");
        }
        columns.add(new Column(KEY, MemoryType.of(key), false, 0));
        for (String column : new TreeSet<>(values.keySet())) {
            Object value = values.get(column);
            if (value == null) {
                throw new IllegalArgumentException("table '" + name + "': the first row has null in '" + column
                        + "', which tells no type; declare the table");
            }
            columns.add(new Column(column, MemoryType.of(value), true, -1));
        }
        return new MemoryTable(name, RowSchema.of(columns));
    }

    RowSchema schema() {
        return schema;
    }

    Collection<Row> rows() {
        return rows.values();
    }

    @Nullable
    Row get(Row keyed) {
        return rows.get(keyed);
    }

    /** Puts a row in, or takes the one of that key out. */
    void set(Row keyed, @Nullable Row after) {
        if (after == null) {
            rows.remove(keyed);
        } else {
            rows.put(keyed, after);
        }
    }

    /** A row that holds only this key. */
    Row keyOf(Object key) {
        Object[] values = key instanceof List<?> several ? several.toArray() : new Object[] {key};
        return schema.key(values);
    }

    /** The row of this key with these values over those of an earlier row; what neither has is null. */
    Row row(Object key, Map<String, ?> values, @Nullable Row earlier) {
        Set<String> unknown = new TreeSet<>(values.keySet());
        Row keyed = keyOf(key);
        @Nullable Object[] all = new @Nullable Object[schema.columns().size()];
        for (int i = 0; i < all.length; i++) {
            Column column = schema.columns().get(i);
            if (column.isKey()) {
                all[i] = keyed.get(i);
            } else if (values.containsKey(column.name())) {
                all[i] = values.get(column.name());
                unknown.remove(column.name());
            } else {
                all[i] = earlier == null ? null : earlier.get(i);
            }
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("table '" + name + "' has no column " + unknown + ", it has " + schema);
        }
        return schema.row(all);
    }
}
