package dev.tributary.testkit.electric;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The operations of one transaction, applied to the tables as they are called. When the block that fills it throws,
 * everything is undone. Table names are SQL text, values Postgres text; see {@link TableName#parse}.
 */
public final class Transaction {

    private static final int POSITIONS_PER_OPERATION = 2;

    private final Function<String, Table> tables;
    private final List<Change> changes = new ArrayList<>();
    private final Set<Table> truncated = new LinkedHashSet<>();
    private final Deque<Runnable> undo = new ArrayDeque<>();
    private long position;

    Transaction(Function<String, Table> tables) {
        this.tables = tables;
    }

    /** Inserts a row; columns not named are NULL. */
    public Transaction insert(String table, Map<String, ? extends @Nullable String> row) {
        Table target = tables.apply(table);
        @Nullable String[] after = target.row(row);
        insertRow(target, target.newIdentity(after), after);
        record(target, null, after);
        return this;
    }

    /** Updates the row selected by the key columns in {@code values} with the other values. */
    public Transaction update(String table, Map<String, ? extends @Nullable String> values) {
        return update(table, values, values);
    }

    /** Updates the row selected by {@code key} (the first match in a table without a primary key). */
    public Transaction update(
            String table,
            Map<String, ? extends @Nullable String> key,
            Map<String, ? extends @Nullable String> changed) {
        Table target = tables.apply(table);
        Object id = existing(target, table, key);
        @Nullable String[] before = target.get(id);
        @Nullable String[] after = target.merged(before, changed);
        Object newId = target.hasKey() ? target.newIdentity(after) : id;
        if (newId.equals(id)) {
            target.put(id, after);
            undo.push(() -> target.put(id, before));
        } else {
            deleteRow(target, id, before);
            insertRow(target, newId, after);
        }
        record(target, before, after);
        return this;
    }

    /** Inserts the row, or updates it when its key exists. */
    public Transaction upsert(String table, Map<String, ? extends @Nullable String> row) {
        Table target = tables.apply(table);
        return target.find(row) == null ? insert(table, row) : update(table, row);
    }

    /** Deletes the row selected by {@code key} (the first match in a table without a primary key). */
    public Transaction delete(String table, Map<String, ? extends @Nullable String> key) {
        Table target = tables.apply(table);
        Object id = existing(target, table, key);
        @Nullable String[] before = target.get(id);
        deleteRow(target, id, before);
        record(target, before, null);
        return this;
    }

    /** Empties the table; every shape of it dies. */
    public Transaction truncate(String table) {
        Table target = tables.apply(table);
        Map<Object, @Nullable String[]> old = target.clear();
        undo.push(() -> target.restore(old));
        truncated.add(target);
        return this;
    }

    List<Change> changes() {
        return changes;
    }

    Set<Table> truncated() {
        return truncated;
    }

    void rollBack() {
        undo.forEach(Runnable::run);
    }

    private static Object existing(Table target, String table, Map<String, ? extends @Nullable String> key) {
        Object id = target.find(key);
        if (id == null) {
            throw new IllegalArgumentException("no row " + key + " in " + table);
        }
        return id;
    }

    private void insertRow(Table target, Object id, @Nullable String[] row) {
        if (target.contains(id)) {
            throw new IllegalArgumentException(
                    "duplicate key " + id + " in " + target.spec().name());
        }
        target.put(id, row);
        undo.push(() -> target.remove(id));
    }

    private void deleteRow(Table target, Object id, @Nullable String[] row) {
        target.remove(id);
        undo.push(() -> target.put(id, row));
    }

    private void record(Table target, @Nullable String @Nullable [] before, @Nullable String @Nullable [] after) {
        changes.add(new Change(target, position, before, after));
        position += POSITIONS_PER_OPERATION;
    }
}
