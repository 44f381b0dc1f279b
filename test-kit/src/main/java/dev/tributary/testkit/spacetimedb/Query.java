package dev.tributary.testkit.spacetimedb;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A query that returns rows of one table or view.
 *
 * @param key the same for the same question
 * @param relation whose rows it returns
 * @param view whether that is a view
 * @param event whether that is a table of events
 * @param join with what, or null
 */
record Query(
        String key,
        String relation,
        boolean view,
        boolean event,
        SpacetimeType.Product rowType,
        Condition where,
        @Nullable Join join) {

    /**
     * An inner join.
     *
     * @param column of the table whose rows are returned
     * @param other the other table
     * @param otherColumn its column that must be equal
     */
    record Join(int column, String other, int otherColumn) {}

    /** Its rows now. What nobody looked at before is materialised if asked for, else it has none. */
    RowBag rows(Database database, BigInteger sender, boolean materialise) {
        RowBag known = database.largeAnswer(this);
        if (known != null) {
            return known;
        }
        RowBag rows = find(database, sender, materialise);
        if (!view && !key.contains(":sender") && rows.size() >= RowListWriter.LARGE) {
            database.keepLargeAnswer(this, rows);
        }
        return rows;
    }

    private RowBag find(Database database, BigInteger sender, boolean materialise) {
        RowBag bag = new RowBag();
        if (view) {
            ViewKey viewKey = database.key(relation, sender);
            Set<Row> seen = materialise ? database.materialise(viewKey) : database.lookAt(viewKey);
            if (seen != null) {
                seen.forEach(row -> addIfMatching(bag, database, row, false));
            }
            return bag;
        }
        Table table = database.table(relation);
        if (event) {
            return bag;
        }
        if (join == null) {
            for (Row row : table.rows()) {
                addIfMatching(bag, database, row, true);
            }
            return bag;
        }
        Table other = database.table(join.other());
        for (Row row : table.rows()) {
            int matches = matches(table, other, row, other.with(join.otherColumn(), table.column(row, join.column())));
            for (int i = 0; i < matches; i++) {
                bag.add(row, true);
            }
        }
        return bag;
    }

    /** Whether it has nothing to look at: answers leave it out then, and else say that no rows match. */
    boolean isOverNothing(Database database) {
        return view
                || event
                || database.table(relation).size() == 0
                || join != null && database.table(join.other()).size() == 0;
    }

    /** What a transaction, which has taken place, changed. */
    QueryDelta delta(Database database, Commit commit, BigInteger sender) {
        RowBag deletes = new RowBag();
        RowBag inserts = new RowBag();
        if (join == null) {
            Change change = view ? commit.view(database.key(relation, sender)) : commit.table(relation);
            change.deletes().forEach(row -> addIfMatching(deletes, database, row, false));
            change.inserts().forEach(row -> addIfMatching(inserts, database, row, false));
        } else {
            joined(join, database, commit, deletes, inserts);
        }
        return new QueryDelta(this, deletes, inserts);
    }

    private void joined(Join on, Database database, Commit commit, RowBag deletes, RowBag inserts) {
        Table table = database.table(relation);
        Table other = database.table(on.other());
        Change mine = commit.table(relation);
        Change theirs = commit.table(on.other());
        Set<Row> touched = new LinkedHashSet<>();
        keys(touched, table, mine, on.column());
        keys(touched, other, theirs, on.otherColumn());
        Map<Row, Integer> net = new LinkedHashMap<>();
        for (Row key : touched) {
            Set<Row> myRows = table.with(on.column(), key);
            Set<Row> theirRows = other.with(on.otherColumn(), key);
            for (Row row : myRows) {
                net.merge(row, matches(table, other, row, theirRows), Integer::sum);
            }
            Set<Row> theirRowsBefore = before(other, on.otherColumn(), key, theirs);
            for (Row row : before(table, on.column(), key, mine)) {
                net.merge(row, -matches(table, other, row, theirRowsBefore), Integer::sum);
            }
        }
        net.forEach((row, times) -> {
            // A row that the transaction itself did not touch is taken from the table.
            boolean stored = !mine.deletes().contains(row) && !mine.inserts().contains(row);
            for (int i = 0; i < Math.abs(times); i++) {
                (times < 0 ? deletes : inserts).add(row, stored);
            }
        });
    }

    private static void keys(Set<Row> into, Table table, Change change, int column) {
        change.deletes().forEach(row -> into.add(table.column(row, column)));
        change.inserts().forEach(row -> into.add(table.column(row, column)));
    }

    private static Set<Row> before(Table table, int column, Row key, Change change) {
        Set<Row> rows = new LinkedHashSet<>(table.with(column, key));
        rows.removeAll(new HashSet<>(change.inserts()));
        for (Row row : change.deletes()) {
            if (table.column(row, column).equals(key)) {
                rows.add(row);
            }
        }
        return rows;
    }

    private int matches(Table table, Table other, Row row, Set<Row> candidates) {
        if (where.equals(Condition.TRUE)) {
            return candidates.size();
        }
        List<Object> values = table.values(row);
        int matches = 0;
        for (Row candidate : candidates) {
            if (where.test(values, other.values(candidate))) {
                matches++;
            }
        }
        return matches;
    }

    private void addIfMatching(RowBag bag, Database database, Row row, boolean stored) {
        if (where.equals(Condition.TRUE)
                || where.test(
                        ValueReader.row(
                                database.module().types(), database.module().rowType(relation), row.bytes()),
                        List.of())) {
            bag.add(row, stored);
        }
    }
}
