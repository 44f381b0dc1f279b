package dev.tributary.engine;

import dev.tributary.Row;
import java.util.Arrays;

/**
 * Builds a {@link RowTrie} of many rows at once: sorts them by hash, then makes each node once, from the range of rows
 * that share its prefix.
 *
 * <p>What costs here is to wait for memory, so a row is looked at once, in the order given, for its hash, and again
 * only if another has the same one. All else works on an array of hash and index packed into a long, and one more of
 * that size while sorting.
 */
final class RowTrieBulk {

    private static final int DIGIT_BITS = 8;
    private static final int DIGITS = 1 << DIGIT_BITS;
    /** Where the hash begins in an entry; the row's index lies below. */
    private static final int HASH_SHIFT = 32;
    /** In a range up to this long, going along it finds the end of a group sooner than halving it. */
    private static final int SHORT_RANGE = 64;

    private final Row[] rows;
    /** Ordered as unsigned numbers. */
    private final long[] entries;

    private RowTrieBulk(Row[] rows, long[] entries) {
        this.rows = rows;
        this.entries = entries;
    }

    static RowTrie build(Row[] rows, int count) {
        RowTrieBulk bulk = new RowTrieBulk(rows, sortedByHash(rows, count));
        int size = bulk.dropReplaced();
        return size == 0 ? RowTrie.EMPTY : new RowTrie(bulk.node(0, size, 0), size);
    }

    /** A radix sort, lowest digit of the hash first; it keeps the order of rows with the same hash. */
    private static long[] sortedByHash(Row[] rows, int count) {
        long[] entries = new long[count];
        for (int i = 0; i < count; i++) {
            entries[i] = (long) rows[i].keyHash() << HASH_SHIFT | i;
        }
        long[] spare = new long[count];
        int[] starts = new int[DIGITS];
        for (int shift = HASH_SHIFT; shift < Long.SIZE; shift += DIGIT_BITS) {
            Arrays.fill(starts, 0);
            for (long entry : entries) {
                starts[digit(entry, shift)]++;
            }
            int start = 0;
            for (int digit = 0; digit < DIGITS; digit++) {
                int ofDigit = starts[digit];
                starts[digit] = start;
                start += ofDigit;
            }
            for (long entry : entries) {
                spare[starts[digit(entry, shift)]++] = entry;
            }
            long[] sorted = spare;
            spare = entries;
            entries = sorted;
        }
        return entries;
    }

    private static int digit(long entry, int shift) {
        return (int) (entry >>> shift) & (DIGITS - 1);
    }

    /** Leaves one entry for each key, the last, at the front; gives their number. */
    private int dropReplaced() {
        int kept = 0;
        int firstOfHash = 0;
        for (int i = 0; i < entries.length; i++) {
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
        return rows[(int) entries[at]];
    }
}
