package dev.tributary.testkit.spacetimedb;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows in the order in which they are sent, a row as often as a query returns it, each with the form of its JSON. */
final class RowBag {

    static final RowBag EMPTY = new RowBag();

    private final List<Row> rows = new ArrayList<>();
    private final BitSet computed = new BitSet();
    private byte @Nullable [] encoded;

    void add(Row row, boolean stored) {
        if (!stored) {
            computed.set(rows.size());
        }
        rows.add(row);
    }

    List<Row> rows() {
        return rows;
    }

    int size() {
        return rows.size();
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The whole list in binary form, once a large one was written. */
    byte @Nullable [] encoded() {
        return encoded;
    }

    void encoded(byte[] list) {
        encoded = list;
    }

    boolean isStored(int index) {
        return !computed.get(index);
    }
}
