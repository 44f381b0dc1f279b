package dev.tributary;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The columns that all rows of a view share, and which of them are the identity of a row. Where no column is declared
 * as key, all of them are. Immutable.
 */
public final class RowSchema {

    private final List<Column> columns;
    private final boolean declaresKey;
    /** Column index at each packed slot: key columns in key order first, then the others. */
    private final int[] columnAtSlot;
    /** The inverse of {@link #columnAtSlot}. */
    private final int[] slotOfColumn;

    private final int keySlots;
    private final Map<String, Integer> indexByName;

    private RowSchema(List<Column> columns) {
        this.columns = List.copyOf(columns);
        this.declaresKey = columns.stream().anyMatch(Column::isKey);
        this.indexByName = new HashMap<>(columns.size() * 2);
        for (int i = 0; i < columns.size(); i++) {
            if (indexByName.put(columns.get(i).name(), i) != null) {
                throw new IllegalArgumentException(
                        "two columns are named '" + columns.get(i).name() + "'");
            }
        }
        this.columnAtSlot = slotOrder();
        this.slotOfColumn = new int[columns.size()];
        for (int slot = 0; slot < columnAtSlot.length; slot++) {
            slotOfColumn[columnAtSlot[slot]] = slot;
        }
        this.keySlots =
                declaresKey ? (int) columns.stream().filter(Column::isKey).count() : columns.size();
    }

    /**
     * A schema of these columns.
     *
     * @throws IllegalArgumentException when two columns share a name
     */
    public static RowSchema of(List<Column> columns) {
        return new RowSchema(columns);
    }

    private int[] slotOrder() {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            order.add(i);
        }
        Comparator<Integer> byKey = Comparator.comparingInt(i -> {
            int key = columns.get(i).keyIndex();
            return key >= 0 ? key : Integer.MAX_VALUE;
        });
        order.sort(byKey);
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    /** All columns, in the server's order. */
    public List<Column> columns() {
        return columns;
    }

    /** The columns that identify a row, in key order; all columns where none is declared as key. */
    public List<Column> keyColumns() {
        List<Column> key = new ArrayList<>(keySlots);
        for (int slot = 0; slot < keySlots; slot++) {
            key.add(columns.get(columnAtSlot[slot]));
        }
        return key;
    }

    /** Whether the server declared a primary key. */
    public boolean declaresKey() {
        return declaresKey;
    }

    /**
     * The place of a column.
     *
     * @throws IllegalArgumentException when there is none of that name; the message lists those there are
     */
    public int indexOf(String name) {
        Integer index = indexByName.get(name);
        if (index == null) {
            throw new IllegalArgumentException("no column '" + name + "'; there are " + names());
        }
        return index;
    }

    /** The place of a column, or -1 when there is none of that name. */
    public int find(String name) {
        return indexByName.getOrDefault(name, -1);
    }

    /**
     * A complete row with these values in the order of the columns.
     *
     * @throws IllegalArgumentException when the number of values, or the type of one of them, does not fit
     */
    public Row row(@Nullable Object... values) {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException(values.length + " values for " + columns.size() + " columns " + names());
        }
        RowPacker packer = new RowPacker(this);
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            if (value == null) {
                packer.setNull(i);
            } else {
                packer.set(i, encode(columns.get(i), value));
            }
        }
        return packer.pack();
    }

    /**
     * A row that holds only the key, as {@link MaterializedView#get(Object...)} looks it up.
     *
     * @throws IllegalArgumentException when the values do not fit the key; the message shows its shape
     */
    public Row key(@Nullable Object... values) {
        if (values.length != keySlots) {
            throw new IllegalArgumentException(
                    "the key is " + keyShape() + ", but " + values.length + " values were given");
        }
        RowPacker packer = new RowPacker(this);
        for (int slot = 0; slot < keySlots; slot++) {
            Object value = values[slot];
            int column = columnAtSlot[slot];
            if (value == null) {
                packer.setNull(column);
            } else {
                packer.set(column, encodeKey(columns.get(column), value));
            }
        }
        return packer.pack();
    }

    private byte[] encodeKey(Column column, Object value) {
        try {
            return column.type().encode(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the key is " + keyShape() + ": " + e.getMessage(), e);
        }
    }

    private static byte[] encode(Column column, Object value) {
        try {
            return column.type().encode(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(column.name() + ": " + e.getMessage(), e);
        }
    }

    /** The key as a text for messages, for example {@code (org text, seq int4)}. */
    public String keyShape() {
        return keyColumns().stream()
                .map(column -> column.name() + " " + column.type().name())
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private List<String> names() {
        return columns.stream().map(Column::name).toList();
    }

    /** Where a column stands in a packed row. Key columns come first, in key order. */
    public int slotOf(int column) {
        return slotOfColumn[column];
    }

    /** The inverse of {@link #slotOf}. */
    int columnAt(int slot) {
        return columnAtSlot[slot];
    }

    /** How many of the first packed slots make the key. */
    public int keySlots() {
        return keySlots;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof RowSchema that) || columns.size() != that.columns.size()) {
            return false;
        }
        for (int i = 0; i < columns.size(); i++) {
            if (!sameColumn(columns.get(i), that.columns.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameColumn(Column a, Column b) {
        return a.name().equals(b.name())
                && a.type().name().equals(b.type().name())
                && a.nullable() == b.nullable()
                && a.keyIndex() == b.keyIndex();
    }

    @Override
    public int hashCode() {
        return names().hashCode();
    }

    @Override
    public String toString() {
        return columns.stream()
                .map(column -> column.name() + " " + column.type().name())
                .collect(Collectors.joining(", ", "(", ")"));
    }
}
