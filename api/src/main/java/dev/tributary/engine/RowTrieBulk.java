package dev.tributary.engine;

import dev.tributary.Row;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Builds the subtree of a {@link RowTrie} for many rows at once: sorts them by hash, then makes each node once, from the
 * range of rows that share its prefix. One is good for many subtrees, one after another.
 *
 * <p>All work is on an array of hash and index packed into a long, and one more of that size while sorting. A row is
 * looked at only if another has the same hash.
 */
final class RowTrieBulk {

    private static final int DIGIT_BITS = 8;
    private static final int DIGITS = 1 << DIGIT_BITS;
    /** Where the hash begins in an entry; the row's index lies below. */
    private static final int HASH_SHIFT = 32;
    /** In a range up to this long, going along it finds the end of a group sooner than halving it. */
    private static final int SHORT_RANGE = 64;

    private final int[] starts = new int[DIGITS];
    /** In the order of their hashes as unsigned numbers. */
    private long[] entries;

    private long[] spare;
    private RowLoad.@Nullable Share rows;

    /** A builder of subtrees of at most so many rows. */
    RowTrieBulk(int most) {
        entries = new long[most];
        spare = new long[most];
    }

    /**
     * What stands in one place of a node.
     *
     * @param slot a row, a node of at least two rows, or null for nothing
     * @param size how many rows
     */
    record Subtree(@Nullable Object slot, int size) {

        /** This as the root of a trie, which is a node even for a single row. */
        RowTrieNode asRoot() {
            return slot instanceof Row row ? RowTrieNode.ofOne(row, 0) : (RowTrieNode) Objects.requireNonNull(slot);
        }
    }

    /** A node whose places are filled in order. */
    static final class Branch {

        private final Object[] rows = new Object[1 << RowTrieNode.BITS];
        private final Object[] children = new Object[1 << RowTrieNode.BITS];
        private int rowMap;
        private int childMap;
        private int size;

        void add(int place, Subtree subtree) {
            Object slot = subtree.slot();
            if (slot instanceof Row) {
                rows[Integer.bitCount(rowMap)] = slot;
                rowMap |= 1 << place;
            } else if (slot != null) {
                children[Integer.bitCount(childMap)] = slot;
                childMap |= 1 << place;
            }
            size += subtree.size();
        }

        /** A single row needs no node. */
        Subtree subtree() {
            int rowCount = Integer.bitCount(rowMap);
            int childCount = Integer.bitCount(childMap);
            if (childCount == 0 && rowCount <= 1) {
                return new Subtree(rows[0], size);
            }
            Object[] slots = Arrays.copyOf(rows, rowCount + childCount);
            System.arraycopy(children, 0, slots, rowCount, childCount);
            return new Subtree(new RowTrieNode(null, rowMap, childMap, slots), size);
        }
    }

    /**
     * The subtree of these rows; of several with the same key, the last.
     *
     * @param shift the level of its node; all bits of the hash above are the same in all rows
     */
    Subtree build(RowLoad.Share share, int shift) {
        rows = share;
        sort(share, shift);
        int size = dropReplaced(share.count());
        if (size <= 1) {
            return new Subtree(size == 0 ? null : row(0), size);
        }
        return new Subtree(node(0, size, shift), size);
    }

    /** A radix sort, lowest digit of the hash first; it keeps the order of rows with the same hash. */
    private void sort(RowLoad.Share share, int shift) {
        int count = share.count();
        for (int i = 0; i < count; i++) {
            entries[i] = (long) share.hash(i) << HASH_SHIFT | i;
        }
        for (int digit = HASH_SHIFT; digit < Long.SIZE - shift; digit += DIGIT_BITS) {
            sortByDigit(count, digit);
        }
    }

    private void sortByDigit(int count, int shift) {
        Arrays.fill(starts, 0);
        for (int i = 0; i < count; i++) {
            starts[digit(entries[i], shift)]++;
        }
        int start = 0;
        for (int digit = 0; digit < DIGITS; digit++) {
            int ofDigit = starts[digit];
            starts[digit] = start;
            start += ofDigit;
        }
        for (int i = 0; i < count; i++) {
            long entry = entries[i];
            spare[starts[digit(entry, shift)]++] = entry;
        }
        long[] sorted = spare;
        spare = entries;
        entries = sorted;
    }

    private static int digit(long entry, int shift) {
        return (int) (entry >>> shift) & (DIGITS - 1);
    }

    /** Leaves one entry for each key, the last, at the front; gives their number. */
    private int dropReplaced(int count) {
        int kept = 0;
        int firstOfHash = 0;
        for (int i = 0; i < count; i++) {
            long entry = entries[i];
            if (kept > 0 && hash(entry) != hash(entries[kept - 1])) {
                firstOfHash = kept;
            }
            int at = firstOfHash;
            while (at < kept && !row(at).sameKey(row(i))) {
                at++;
            }
            entries[at] = entry;
            kept = Math.max(kept, at + 1);
        }
        return kept;
    }

    /** The node of the entries from one index to another, which share all bits of the hash above those of its level. */
    private RowTrieNode node(int from, int to, int shift) {
        if (shift > RowTrieNode.LAST_SHIFT) {
            Object[] slots = new Object[to - from];
            for (int i = from; i < to; i++) {
                slots[i - from] = row(i);
            }
            return new RowTrieNode(null, 0, 0, slots);
        }
        int rowMap = 0;
        int childMap = 0;
        for (int at = from; at < to; ) {
            int end = endOfGroup(at, to, shift);
            int bit = RowTrieNode.bit(hash(entries[at]), shift);
            if (end - at == 1) {
                rowMap |= bit;
            } else {
                childMap |= bit;
            }
            at = end;
        }
        int nextRow = 0;
        int nextChild = Integer.bitCount(rowMap);
        Object[] slots = new Object[nextChild + Integer.bitCount(childMap)];
        for (int at = from; at < to; ) {
            int end = endOfGroup(at, to, shift);
            if (end - at == 1) {
                slots[nextRow++] = row(at);
            } else {
                slots[nextChild++] = node(at, end, shift + RowTrieNode.BITS);
            }
            at = end;
        }
        return new RowTrieNode(null, rowMap, childMap, slots);
    }

    /** Where the entries end that have the same place in a node of this level as the one at {@code from}. */
    private int endOfGroup(int from, int to, int shift) {
        int lowBits = Math.max(HASH_SHIFT, Long.SIZE - RowTrieNode.BITS - shift);
        long group = entries[from] >>> lowBits;
        int end = from + 1;
        if (to - end <= SHORT_RANGE) {
            while (end < to && entries[end] >>> lowBits == group) {
                end++;
            }
            return end;
        }
        int high = to;
        while (end < high) {
            int middle = (end + high) >>> 1;
            if (entries[middle] >>> lowBits == group) {
                end = middle + 1;
            } else {
                high = middle;
            }
        }
        return end;
    }

    private static int hash(long entry) {
        return (int) (entry >>> HASH_SHIFT);
    }

    private Row row(int at) {
        return Objects.requireNonNull(rows).row((int) entries[at]);
    }
}
