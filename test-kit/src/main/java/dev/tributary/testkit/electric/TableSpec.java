package dev.tributary.testkit.electric;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The definition of a table: its name and its columns in table order.
 *
 * @param name table name
 * @param columns columns
 */
public record TableSpec(TableName name, List<Column> columns) {

    /** Refuses duplicate column names. */
    public TableSpec {
        columns = List.copyOf(columns);
        Set<String> seen = new HashSet<>();
        for (Column column : columns) {
            if (!seen.add(column.name())) {
                throw new IllegalArgumentException("duplicate column \"" + column.name() + "\"");
            }
        }
    }

    /** A table whose name is given as SQL text, e.g. {@code items} or {@code app."Odd.Name"}. */
    public static TableSpec of(String sqlName, Column... columns) {
        return new TableSpec(TableName.parse(sqlName), List.of(columns));
    }

    /** This table with one more column at its end. */
    public TableSpec add(Column column) {
        List<Column> more = new ArrayList<>(columns);
        more.add(column);
        return new TableSpec(name, more);
    }

    /** This table without the named column. */
    public TableSpec drop(String column) {
        return new TableSpec(
                name, columns.stream().filter(c -> !c.name().equals(column)).toList());
    }

    /** This table with the column of the same name replaced. */
    public TableSpec replace(Column column) {
        return new TableSpec(
                name,
                columns.stream()
                        .map(c -> c.name().equals(column.name()) ? column : c)
                        .toList());
    }

    int indexOf(String column) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(column)) {
                return i;
            }
        }
        return -1;
    }

    Column column(int index) {
        return columns.get(index);
    }

    /** Indexes of the primary-key columns in key order; empty when there is no primary key. */
    int[] keyIndexes() {
        return columns.stream()
                .filter(Column::isKey)
                .sorted(Comparator.comparingInt(Column::pkIndex))
                .mapToInt(columns::indexOf)
                .toArray();
    }

    /** Indexes of all columns sorted by column name. */
    int[] sortedIndexes() {
        return columns.stream()
                .sorted(Comparator.comparing(Column::name))
                .mapToInt(columns::indexOf)
                .toArray();
    }
}
