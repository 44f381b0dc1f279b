package dev.tributary.engine;

import dev.tributary.Row;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A node of a {@link RowTrie}: up to 32 places, one for each value of the five bits of the hash that its level looks
 * at, highest bits first. A place is empty, or holds one row, or a child with at least two rows. The slots are the rows
 * and then the children, each in the order of their places.
 *
 * <p>Below the last level, where no bits are left, a node has no places: its slots are two or more rows, in any order,
 * that share the whole hash.
 *
 * <p>A node changes only while a {@link RowTrie.Transient} is at work that made it, known by its edit token.
 */
final class RowTrieNode {

    static final int BITS = 5;
    /** The last level looks at the two bits that are left of 32. */
    static final int LAST_SHIFT = 30;
    /** Seven levels, and the nodes of equal hashes below. */
    static final int MAX_DEPTH = 8;

    static final RowTrieNode EMPTY = new RowTrieNode(null, 0, 0, new Object[0]);

    /** A bare object and not the transient itself, or each node would keep that alive, and an old trie by it. */
    private final @Nullable Object token;

    private int rowMap;
    private int childMap;
    private Object[] slots;

    RowTrieNode(@Nullable Object token, int rowMap, int childMap, Object[] slots) {
        this.token = token;
        this.rowMap = rowMap;
        this.childMap = childMap;
        this.slots = slots;
    }

    /** A node as it would be for one row. A trie has none but as its root: elsewhere the parent holds a single row. */
    static RowTrieNode ofOne(Row row, int shift) {
        return new RowTrieNode(null, shift > LAST_SHIFT ? 0 : bit(row.keyHash(), shift), 0, new Object[] {row});
    }

    /** The smallest subtree for two rows of different keys. */
    static RowTrieNode ofTwo(Object token, int shift, Row one, Row other) {
        if (shift > LAST_SHIFT) {
            return new RowTrieNode(token, 0, 0, new Object[] {one, other});
        }
        int bit = bit(one.keyHash(), shift);
        int otherBit = bit(other.keyHash(), shift);
        if (bit == otherBit) {
            return new RowTrieNode(token, 0, bit, new Object[] {ofTwo(token, shift + BITS, one, other)});
        }
        boolean ordered = Integer.compareUnsigned(bit, otherBit) < 0;
        return new RowTrieNode(
                token, bit | otherBit, 0, ordered ? new Object[] {one, other} : new Object[] {other, one});
    }

    /** The place of a hash at a level, as the bit that stands for it in the maps. */
    static int bit(int hash, int shift) {
        return 1 << ((hash << shift) >>> (Integer.SIZE - BITS));
    }

    // Reading

    /** Which places hold a row. */
    int rowMap() {
        return rowMap;
    }

    /** Which places hold a child. */
    int childMap() {
        return childMap;
    }

    int slotCount() {
        return slots.length;
    }

    /** How many of the slots are rows; they come first. */
    int rowCount() {
        return childMap == 0 ? slots.length : Integer.bitCount(rowMap);
    }

    int indexOfRow(int bit) {
        return Integer.bitCount(rowMap & (bit - 1));
    }

    int indexOfChild(int bit) {
        return slots.length - Integer.bitCount(childMap & -bit);
    }

    /** The place of this key's row where hashes are all the same; -1 if there is none. */
    int indexOfKey(Row keyed) {
        for (int i = 0; i < slots.length; i++) {
            if (row(i).sameKey(keyed)) {
                return i;
            }
        }
        return -1;
    }

    Row row(int index) {
        return (Row) slots[index];
    }

    RowTrieNode child(int index) {
        return (RowTrieNode) slots[index];
    }

    /** What a place holds: a row, a node or nothing. */
    @Nullable
    Object at(int bit) {
        if ((rowMap & bit) != 0) {
            return slots[indexOfRow(bit)];
        }
        return (childMap & bit) != 0 ? slots[indexOfChild(bit)] : null;
    }

    boolean isSingleRow() {
        return childMap == 0 && slots.length == 1;
    }

    /** The row of a key in the trie of which this is the root. */
    @Nullable
    Row get(Row keyed) {
        int hash = keyed.keyHash();
        RowTrieNode node = this;
        for (int shift = 0; ; shift += BITS) {
            int bit = bit(hash, shift);
            if ((node.childMap & bit) != 0) {
                node = node.child(node.indexOfChild(bit));
            } else if ((node.rowMap & bit) != 0) {
                Row row = node.row(node.indexOfRow(bit));
                return row.sameKey(keyed) ? row : null;
            } else if (shift <= LAST_SHIFT) {
                return null;
            } else {
                int at = node.indexOfKey(keyed);
                return at < 0 ? null : node.row(at);
            }
        }
    }

    void forEach(Consumer<? super Row> action) {
        int rows = rowCount();
        for (int i = 0; i < rows; i++) {
            action.accept(row(i));
        }
        for (int i = rows; i < slots.length; i++) {
            child(i).forEach(action);
        }
    }

    // Editing: each gives the node itself where the token owns it, else a changed copy

    /** Puts a row for a row, or a child for a child. */
    RowTrieNode set(Object token, int index, Object slot) {
        RowTrieNode node = editable(token);
        node.slots[index] = slot;
        return node;
    }

    RowTrieNode addRow(Object token, int bit, Row row) {
        return resized(token, rowMap | bit, with(indexOfRow(bit), row));
    }

    RowTrieNode removeRow(Object token, int bit) {
        return resized(token, rowMap & ~bit, without(indexOfRow(bit)));
    }

    /** Adds a row where all hashes are the same. */
    RowTrieNode addEqualHash(Object token, Row row) {
        return resized(token, 0, with(slots.length, row));
    }

    /** Removes a row where all hashes are the same. */
    RowTrieNode removeEqualHash(Object token, int index) {
        return resized(token, 0, without(index));
    }

    RowTrieNode rowToChild(Object token, int bit, RowTrieNode child) {
        RowTrieNode node = editable(token);
        int from = node.indexOfRow(bit);
        node.rowMap &= ~bit;
        node.childMap |= bit;
        int to = node.indexOfChild(bit);
        System.arraycopy(node.slots, from + 1, node.slots, from, to - from);
        node.slots[to] = child;
        return node;
    }

    RowTrieNode childToRow(Object token, int bit, Row row) {
        RowTrieNode node = editable(token);
        int from = node.indexOfChild(bit);
        node.rowMap |= bit;
        node.childMap &= ~bit;
        int to = node.indexOfRow(bit);
        System.arraycopy(node.slots, to, node.slots, to + 1, from - to);
        node.slots[to] = row;
        return node;
    }

    @SuppressWarnings("ReferenceEquality") // a token is an identity
    private RowTrieNode editable(Object token) {
        return this.token == token ? this : new RowTrieNode(token, rowMap, childMap, slots.clone());
    }

    @SuppressWarnings("ReferenceEquality") // a token is an identity
    private RowTrieNode resized(Object token, int rowMap, Object[] slots) {
        if (this.token != token) {
            return new RowTrieNode(token, rowMap, childMap, slots);
        }
        this.rowMap = rowMap;
        this.slots = slots;
        return this;
    }

    private Object[] with(int index, Object slot) {
        Object[] more = new Object[slots.length + 1];
        System.arraycopy(slots, 0, more, 0, index);
        more[index] = slot;
        System.arraycopy(slots, index, more, index + 1, slots.length - index);
        return more;
    }

    private Object[] without(int index) {
        Object[] less = new Object[slots.length - 1];
        System.arraycopy(slots, 0, less, 0, index);
        System.arraycopy(slots, index + 1, less, index, less.length - index);
        return less;
    }
}
