package dev.tributary.testkit.spacetimedb;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Changes that are in the tables already, and are undone unless they are committed. */
final class Transaction {

    private final Database database;
    private final Map<Table, Set<Row>> deletes = new LinkedHashMap<>();
    private final Map<Table, Set<Row>> inserts = new LinkedHashMap<>();

    Transaction(Database database) {
        this.database = database;
    }

    Database database() {
        return database;
    }

    /** A row that is there already stays as it is. */
    boolean insert(Table table, Row row) {
        if (table.spec().event()) {
            return of(inserts, table).add(row);
        }
        if (table.contains(row)) {
            return false;
        }
        for (int column : table.spec().unique()) {
            if (!table.with(column, table.column(row, column)).isEmpty()) {
                throw new DuplicateException(table.spec().name());
            }
        }
        table.add(row);
        if (!of(deletes, table).remove(row)) {
            of(inserts, table).add(row);
        }
        return true;
    }

    boolean delete(Table table, Row row) {
        if (!table.contains(row)) {
            return false;
        }
        table.remove(row);
        if (!of(inserts, table).remove(row)) {
            of(deletes, table).add(row);
        }
        return true;
    }

    void rollback() {
        inserts.forEach((table, rows) -> {
            if (!table.spec().event()) {
                rows.forEach(table::remove);
            }
        });
        deletes.forEach((table, rows) -> rows.forEach(table::add));
        inserts.clear();
        deletes.clear();
    }

    Map<String, Change> changes() {
        Map<String, Change> changes = new LinkedHashMap<>();
        for (Table table : database.tables()) {
            Change change = new Change(deletes.getOrDefault(table, Set.of()), inserts.getOrDefault(table, Set.of()));
            if (!change.isEmpty()) {
                changes.put(table.spec().name(), change);
            }
        }
        return changes;
    }

    private static Set<Row> of(Map<Table, Set<Row>> side, Table table) {
        return side.computeIfAbsent(table, t -> new LinkedHashSet<>());
    }

    /** Two rows with the same value where that must not be. */
    static final class DuplicateException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        DuplicateException(String table) {
            super("insertion error on table `" + table + "`:duplicate unique column");
        }
    }
}
