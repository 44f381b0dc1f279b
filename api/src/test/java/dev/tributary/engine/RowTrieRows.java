package dev.tributary.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Column;
import dev.tributary.ColumnType;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Rows to test the trie with; among them rows of any hash wanted, as many as wanted. */
final class RowTrieRows {

    private static final int ID_BYTES = 7;
    static final RowSchema SCHEMA = RowSchema.of(List.of(
            new Column("id", new LittleEndian(ID_BYTES), false, 0),
            new Column("value", new LittleEndian(Long.BYTES), false, -1)));

    private RowTrieRows() {}

    static Row row(long id, long value) {
        return SCHEMA.row(id, value);
    }

    static long id(Row row) {
        return value(row, "id");
    }

    static long value(Row row) {
        return value(row, "value");
    }

    private static long value(Row row, String column) {
        Long value = row.getLong(column);
        assertThat(value).isNotNull();
        return value;
    }

    /** The rows with ids from one to another, each with this value. */
    static Row[] range(long from, long to, long value) {
        Row[] rows = new Row[(int) (to - from)];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = row(from + i, value);
        }
        return rows;
    }

    /** The n-th of the ids with this hash, found by running the hash of {@link Row} backwards. */
    static long idOfHash(int hash, int n) {
        int left = n;
        for (long low = 0; ; low++) {
            long key = backwards((long) hash << 32 | low);
            // A packed key is a length code of one byte and then the id.
            if ((key & 0xff) == ID_BYTES + 2 && left-- == 0) {
                long id = key >>> 8;
                assertThat(row(id, 0).keyHash())
                        .as("hash of a row: if Row.hash was changed, RowTrieRows.backwards must follow")
                        .isEqualTo(hash);
                return id;
            }
        }
    }

    private static long backwards(long hash) {
        long factor = 0xD6E8FEB86659FD93L;
        long inverse = factor;
        for (int i = 0; i < 5; i++) {
            inverse *= 2 - factor * inverse;
        }
        long key = hash * inverse;
        key ^= key >>> 32;
        key *= inverse;
        key ^= key >>> 32;
        key *= inverse;
        return key ^ 0x9E3779B97F4A7C15L ^ (ID_BYTES + 1);
    }

    /** Few enough for rows to meet: hashes that share prefixes of every length, and up to four ids for each. */
    static Arbitrary<Long> ids() {
        Arbitrary<Integer> digit = Arbitraries.frequency(Tuple.of(6, 0), Tuple.of(1, 5), Tuple.of(1, 31));
        Arbitrary<Integer> hash = digit.list()
                .ofSize(7)
                .map(digits -> digits.stream().reduce(0, (prefix, next) -> prefix << RowTrieNode.BITS | next));
        return Combinators.combine(hash, Arbitraries.integers().between(0, 3)).as(RowTrieRows::idOfHash);
    }

    static Arbitrary<Row> rows() {
        return Combinators.combine(ids(), Arbitraries.longs().between(0, 3)).as(RowTrieRows::row);
    }

    /** Asserts that the trie holds exactly these rows, by each way to ask it, in the one form they can have. */
    static void assertHolds(RowTrie trie, Map<Long, Row> model) {
        assertThat(trie.size()).isEqualTo(model.size());
        assertThat(trie.isEmpty()).isEqualTo(model.isEmpty());
        assertThat(trie).containsExactlyInAnyOrderElementsOf(model.values());
        assertThat(trie.stream()).containsExactlyElementsOf(trie);
        List<Row> visited = new ArrayList<>();
        trie.forEach(visited::add);
        assertThat(visited).containsExactlyElementsOf(trie);
        model.forEach((id, row) -> assertThat(trie.get(row(id, -1))).isSameAs(row));
        assertCanonical(trie);
    }

    static void assertCanonical(RowTrie trie) {
        assertThat(rowsBelow(trie.root(), 0, 0)).isEqualTo(trie.size());
    }

    private static int rowsBelow(RowTrieNode node, int shift, int prefix) {
        if (shift > RowTrieNode.LAST_SHIFT) {
            assertThat(node.rowMap() | node.childMap()).isZero();
            for (int i = 0; i < node.slotCount(); i++) {
                assertThat(node.row(i).keyHash()).isEqualTo(prefix);
            }
            return node.slotCount();
        }
        assertThat(node.rowMap() & node.childMap()).isZero();
        assertThat(node.slotCount()).isEqualTo(Integer.bitCount(node.rowMap() | node.childMap()));
        int count = 0;
        for (int place = 0; place < 32; place++) {
            Object held = node.at(1 << place);
            int hash = prefix | place << 27 >>> shift;
            if (held instanceof RowTrieNode child) {
                int below = rowsBelow(child, shift + RowTrieNode.BITS, hash);
                assertThat(below).as("rows in a child").isGreaterThan(1);
                count += below;
            } else if (held != null) {
                int heldHash = ((Row) held).keyHash();
                int bitsSoFar = Math.min(shift + RowTrieNode.BITS, Integer.SIZE);
                assertThat(heldHash >>> (Integer.SIZE - bitsSoFar)).isEqualTo(hash >>> (Integer.SIZE - bitsSoFar));
                count++;
            }
        }
        return count;
    }

    /** Asserts that both have equal rows in equal nodes. */
    static void assertSameStructure(RowTrie one, RowTrie other) {
        assertSameStructure(one.root(), other.root());
    }

    private static void assertSameStructure(RowTrieNode one, RowTrieNode other) {
        assertThat(one.rowMap()).isEqualTo(other.rowMap());
        assertThat(one.childMap()).isEqualTo(other.childMap());
        assertThat(one.slotCount()).isEqualTo(other.slotCount());
        if ((one.rowMap() | one.childMap()) == 0) {
            for (int i = 0; i < one.slotCount(); i++) {
                int at = other.indexOfKey(one.row(i));
                assertThat(at).isNotNegative();
                assertThat(other.row(at)).isEqualTo(one.row(i));
            }
            return;
        }
        for (int i = 0; i < one.slotCount(); i++) {
            if (i < one.rowCount()) {
                assertThat(other.row(i)).isEqualTo(one.row(i));
            } else {
                assertSameStructure(one.child(i), other.child(i));
            }
        }
    }

    /** An integer in a fixed number of bytes. */
    record LittleEndian(int size) implements ColumnType {

        @Override
        public String name() {
            return "le" + size;
        }

        @Override
        public Object decode(byte[] bytes, int offset, int length) {
            long value = 0;
            for (int i = 0; i < length; i++) {
                value |= (bytes[offset + i] & 0xffL) << (8 * i);
            }
            return value;
        }

        @Override
        public byte[] encode(Object value) {
            byte[] bytes = new byte[size];
            for (int i = 0; i < size; i++) {
                bytes[i] = (byte) ((long) value >>> (8 * i));
            }
            return bytes;
        }

        @Override
        public Class<?> javaType() {
            return Long.class;
        }
    }
}
