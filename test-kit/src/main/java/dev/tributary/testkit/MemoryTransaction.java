package dev.tributary.testkit;

import dev.tributary.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one commit of a {@link MemoryBackend} does. It is all applied when the code that fills it returns, and none of it
 * when that code throws.
 */
public final class MemoryTransaction {

    /** One row of one table, before and after. */
    record Write(
            String table,
            Row keyed,
            @Nullable Row before,
            @Nullable Row after) {}

    /** Something that passes by in a table. */
    record Passing(String table, String text) {}

    private record Place(String table, Row keyed) {}

    private final Map<String, MemoryTable> tables;
    private final Map<String, MemoryTable> created = new LinkedHashMap<>();
    /** What this transaction made of a row; null where it took it away. */
    private final Map<Place, @Nullable Row> pending = new HashMap<>();

    private final List<Write> writes = new ArrayList<>();
    private final List<Passing> events = new ArrayList<>();

    MemoryTransaction(Map<String, MemoryTable> tables) {
        this.tables = tables;
    }

    /**
     * Inserts a row. The first one makes its table, unless that was declared: a key column {@code id} of the type of the
     * key, and a column for each value, by name. A column without a value is null.
     *
     * @param key the key, or the list of its values where the table was declared with several key columns
     * @throws IllegalStateException when there is a row of that key
     * @throws IllegalArgumentException when a value does not fit its column
     */
    public MemoryTransaction insert(String table, Object key, Map<String, ?> values) {
        MemoryTable found = find(table);
        if (found == null) {
            found = MemoryTable.inferred(table, key, values);
            created.put(table, found);
        }
        Row before = current(table, found, key);
        if (before != null) {
            throw new IllegalStateException("table '" + table + "' has a row " + key + " already: " + before);
        }
        write(table, found.keyOf(key), null, found.row(key, values, null));
        return this;
    }

    /**
     * Changes the columns named here of a row.
     *
     * @throws IllegalStateException when there is no row of that key
     */
    public MemoryTransaction update(String table, Object key, Map<String, ?> values) {
        MemoryTable found = table(table);
        Row before = existing(table, found, key);
        write(table, found.keyOf(key), before, found.row(key, values, before));
        return this;
    }

    /** Inserts a row, or replaces the one of that key. */
    public MemoryTransaction put(String table, Object key, Map<String, ?> values) {
        MemoryTable found = find(table);
        Row before = found == null ? null : current(table, found, key);
        if (found == null || before == null) {
            return insert(table, key, values);
        }
        write(table, found.keyOf(key), before, found.row(key, values, null));
        return this;
    }

    /** Deletes a row; there need not be one. */
    public MemoryTransaction delete(String table, Object key) {
        MemoryTable found = find(table);
        Row before = found == null ? null : current(table, found, key);
        if (found != null && before != null) {
            write(table, found.keyOf(key), before, null);
        }
        return this;
    }

    /**
     * Gives a row another key.
     *
     * @throws IllegalStateException when there is no row of the one key, or one of the other
     */
    public MemoryTransaction rekey(String table, Object from, Object to) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        MemoryTable found = table(table);
        Row before = existing(table, found, from);
        found.schema().columns().stream()
                .filter(column -> !column.isKey())
                .forEach(column -> values.put(column.name(), before.get(column.name())));
        return delete(table, from).insert(table, to, values);
    }

    /** Deletes all rows of a table. */
    public MemoryTransaction deleteAll(String table) {
        MemoryTable found = table(table);
        List<Row> all = new ArrayList<>(found.rows());
        writes.stream().filter(write -> write.table().equals(table)).forEach(write -> all.add(write.keyed()));
        all.forEach(row -> delete(table, row.key()));
        return this;
    }

    /** Something that passes by: listeners of the table's views hear it, with the rows of this commit; nothing keeps it. */
    public MemoryTransaction event(String table, String text) {
        events.add(new Passing(table, text));
        return this;
    }

    private MemoryTable table(String name) {
        MemoryTable found = find(name);
        if (found == null) {
            throw new IllegalStateException("there is no table '" + name + "'; there are " + tables.keySet());
        }
        return found;
    }

    private @Nullable MemoryTable find(String name) {
        MemoryTable known = tables.get(name);
        return known == null ? created.get(name) : known;
    }

    private Row existing(String table, MemoryTable found, Object key) {
        Row row = current(table, found, key);
        if (row == null) {
            throw new IllegalStateException("table '" + table + "' has no row " + key);
        }
        return row;
    }

    private @Nullable Row current(String table, MemoryTable found, Object key) {
        Row keyed = found.keyOf(key);
        Place place = new Place(table, keyed);
        return pending.containsKey(place) ? pending.get(place) : found.get(keyed);
    }

    private void write(String table, Row keyed, @Nullable Row before, @Nullable Row after) {
        writes.add(new Write(table, keyed, before, after));
        pending.put(new Place(table, keyed), after);
    }

    Map<String, MemoryTable> created() {
        return created;
    }

    List<Write> writes() {
        return writes;
    }

    List<Passing> events() {
        return events;
    }

    boolean isEmpty() {
        return writes.isEmpty() && events.isEmpty();
    }
}
