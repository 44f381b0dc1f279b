package dev.tributary.testkit.spacetimedb;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The rows of one table, a set, with an index for every column that was ever asked for. */
final class Table {

    private final TableSpec spec;
    private final Typespace types;
    private final int id;
    private final Map<Row, Row> rows = new LinkedHashMap<>();
    private final Map<Integer, Map<Row, Set<Row>>> indexes = new TreeMap<>();
    private final Map<Integer, Long> sequences = new TreeMap<>();

    Table(TableSpec spec, Typespace types, int id) {
        this.spec = spec;
        this.types = types;
        this.id = id;
        spec.unique().forEach(column -> indexes.put(column, new HashMap<>()));
    }

    TableSpec spec() {
        return spec;
    }

    /** What messages call it, besides its name. */
    int id() {
        return id;
    }

    Collection<Row> rows() {
        return Collections.unmodifiableCollection(rows.values());
    }

    int size() {
        return rows.size();
    }

    boolean contains(Row row) {
        return rows.containsKey(row);
    }

    void add(Row row) {
        rows.put(row, row);
        indexes.forEach((column, index) -> {
            Row key = column(row, column);
            Set<Row> same = index.get(key);
            if (same == null) {
                // Most keys are of one row, and a table may have very many.
                index.put(key, Collections.singleton(row));
            } else {
                Set<Row> more = new LinkedHashSet<>(same);
                more.add(row);
                index.put(key, more);
            }
        });
    }

    void remove(Row row) {
        rows.remove(row);
        indexes.forEach((column, index) -> {
            Row key = column(row, column);
            Set<Row> less = new LinkedHashSet<>(index.getOrDefault(key, Set.of()));
            less.remove(row);
            if (less.isEmpty()) {
                index.remove(key);
            } else {
                index.put(
                        key,
                        less.size() == 1 ? Collections.singleton(less.iterator().next()) : less);
            }
        });
    }

    /** The rows with this value in a column. */
    Set<Row> with(int column, Row value) {
        Map<Row, Set<Row>> index = indexes.get(column);
        if (index == null) {
            Map<Row, Set<Row>> built = new HashMap<>();
            rows.values()
                    .forEach(row -> built.computeIfAbsent(column(row, column), k -> new LinkedHashSet<>())
                            .add(row));
            indexes.put(column, built);
            index = built;
        }
        return index.getOrDefault(value, Set.of());
    }

    /** The bytes of one column. */
    Row column(Row row, int column) {
        try {
            BsatnReader in = new BsatnReader(row.bytes());
            ValueReader reader = new ValueReader(types, in);
            for (int i = 0; i < column; i++) {
                reader.skip(spec.rowType().fields().get(i).type());
            }
            int start = in.position();
            reader.skip(spec.rowType().fields().get(column).type());
            return new Row(Arrays.copyOfRange(row.bytes(), start, in.position()));
        } catch (BsatnException e) {
            throw new IllegalStateException("a row of the model cannot be read", e);
        }
    }

    List<Object> values(Row row) {
        return ValueReader.row(types, spec.rowType(), row.bytes());
    }

    Row row(List<?> values) {
        BsatnWriter out = new BsatnWriter();
        new ValueWriter(types, out).fields(spec.rowType(), values);
        return new Row(out.toBytes());
    }

    Row value(int column, Object value) {
        return new Row(
                ValueWriter.bytes(types, spec.rowType().fields().get(column).type(), value));
    }

    long nextNumber(int column) {
        return sequences.merge(column, 1L, Long::sum);
    }

    void continueAfter(Table older) {
        sequences.putAll(older.sequences);
    }

    void startSequenceAt(int column, long next) {
        sequences.put(column, next - 1);
    }
}
