package dev.tributary.testkit.electric;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The current rows of one table. A row array is never changed once it is in the table, so it may be shared. */
final class Table {

    private TableSpec spec;
    private int[] keyIndexes;
    private Map<Object, @Nullable String[]> rows = new LinkedHashMap<>();
    private long nextRowId;

    Table(TableSpec spec) {
        this.spec = spec;
        this.keyIndexes = spec.keyIndexes();
    }

    TableSpec spec() {
        return spec;
    }

    boolean hasKey() {
        return keyIndexes.length > 0;
    }

    Collection<@Nullable String[]> rows() {
        return rows.values();
    }

    /** Builds a full row from named values; columns not named are NULL. */
    @Nullable
    String[] row(Map<String, ? extends @Nullable String> values) {
        return merged(new @Nullable String[spec.columns().size()], values);
    }

    /** A copy of a row with some values replaced. */
    @Nullable
    String[] merged(@Nullable String[] base, Map<String, ? extends @Nullable String> changes) {
        @Nullable String[] row = base.clone();
        changes.forEach((name, value) -> {
            int index = spec.indexOf(name);
            if (index < 0) {
                throw new IllegalArgumentException("no column \"" + name + "\" in " + spec.name());
            }
            row[index] = value;
        });
        for (int i = 0; i < row.length; i++) {
            row[i] = spec.column(i).stored(row[i]);
        }
        return row;
    }

    /** Identity of the stored row that the named values select: by primary key, or the first equal row without one. */
    @Nullable
    Object find(Map<String, ? extends @Nullable String> values) {
        if (hasKey()) {
            @Nullable String[] probe = new @Nullable String[spec.columns().size()];
            for (int index : keyIndexes) {
                Column column = spec.column(index);
                if (!values.containsKey(column.name())) {
                    throw new IllegalArgumentException("key column \"" + column.name() + "\" is missing");
                }
                probe[index] = column.stored(values.get(column.name()));
            }
            Object id = identity(probe);
            return rows.containsKey(id) ? id : null;
        }
        return rows.entrySet().stream()
                .filter(entry -> matches(entry.getValue(), values))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    @Nullable
    String[] get(Object id) {
        @Nullable String[] row = rows.get(id);
        if (row == null) {
            throw new IllegalArgumentException("no row " + id + " in " + spec.name());
        }
        return row;
    }

    /** Identity a new row gets: its primary key, or a fresh number without one. */
    Object newIdentity(@Nullable String[] row) {
        return hasKey() ? identity(row) : nextRowId++;
    }

    boolean contains(Object id) {
        return rows.containsKey(id);
    }

    void put(Object id, @Nullable String[] row) {
        rows.put(id, row);
    }

    void remove(Object id) {
        rows.remove(id);
    }

    /** Empties the table and returns what was in it, for {@link #restore}. */
    Map<Object, @Nullable String[]> clear() {
        Map<Object, @Nullable String[]> old = rows;
        rows = new LinkedHashMap<>();
        return old;
    }

    void restore(Map<Object, @Nullable String[]> old) {
        rows = old;
    }

    /** Changes the definition; values are carried over by column name, new columns get the given values. */
    void alter(TableSpec next, Map<String, ? extends @Nullable String> values) {
        TableSpec before = spec;
        Map<Object, @Nullable String[]> old = clear();
        spec = next;
        keyIndexes = next.keyIndexes();
        for (@Nullable String[] row : old.values()) {
            @Nullable String[] copy = new @Nullable String[next.columns().size()];
            for (int i = 0; i < copy.length; i++) {
                Column column = next.column(i);
                int from = before.indexOf(column.name());
                copy[i] = column.stored(from >= 0 ? row[from] : values.get(column.name()));
            }
            rows.put(newIdentity(copy), copy);
        }
    }

    private Object identity(@Nullable String[] row) {
        if (keyIndexes.length == 1) {
            return String.valueOf(row[keyIndexes[0]]);
        }
        String[] key = new String[keyIndexes.length];
        for (int i = 0; i < key.length; i++) {
            key[i] = String.valueOf(row[keyIndexes[i]]);
        }
        return List.of(key);
    }

    private boolean matches(@Nullable String[] row, Map<String, ? extends @Nullable String> values) {
        for (Map.Entry<String, ? extends @Nullable String> entry : values.entrySet()) {
            int index = spec.indexOf(entry.getKey());
            if (index < 0) {
                throw new IllegalArgumentException("no column \"" + entry.getKey() + "\" in " + spec.name());
            }
            String wanted = entry.getValue() == null ? null : spec.column(index).stored(entry.getValue());
            if (!Objects.equals(row[index], wanted)) {
                return false;
            }
        }
        return true;
    }
}
