package dev.tributary.engine;

import dev.tributary.Row;
import dev.tributary.engine.RowTrie.DiffSink;
import org.jspecify.annotations.Nullable;

/** Finds the difference of two tries; what they share by reference it does not enter. */
final class RowTrieDiff {

    private final DiffSink sink;
    private int compared;

    RowTrieDiff(DiffSink sink) {
        this.sink = sink;
    }

    /** Gives how many pairs of nodes it compared, for tests. */
    int run(RowTrieNode from, RowTrieNode to) {
        nodes(from, to, 0);
        return compared;
    }

    private void nodes(RowTrieNode from, RowTrieNode to, int shift) {
        if (from == to) {
            return;
        }
        compared++;
        if (shift > RowTrieNode.LAST_SHIFT) {
            equalHashes(from, to);
            return;
        }
        int places = from.rowMap() | from.childMap() | to.rowMap() | to.childMap();
        for (; places != 0; places &= places - 1) {
            int bit = Integer.lowestOneBit(places);
            place(from.at(bit), to.at(bit), shift + RowTrieNode.BITS);
        }
    }

    /** What was and is at one place: a row, a node of the level that the shift tells, or nothing. */
    @SuppressWarnings("ReferenceEquality") // shared structure is skipped without a look
    private void place(@Nullable Object before, @Nullable Object after, int shift) {
        if (before == after) {
            return;
        }
        if (before == null) {
            inserted(after);
        } else if (after == null) {
            deleted(before);
        } else if (before instanceof Row from && after instanceof Row to) {
            rows(from, to);
        } else {
            nodes(asNode(before, shift), asNode(after, shift), shift);
        }
    }

    private void rows(Row before, Row after) {
        if (before.sameKey(after)) {
            sameKey(before, after);
        } else {
            sink.deleted(before);
            sink.inserted(after);
        }
    }

    private void equalHashes(RowTrieNode from, RowTrieNode to) {
        for (int i = 0; i < from.slotCount(); i++) {
            Row before = from.row(i);
            int at = to.indexOfKey(before);
            if (at < 0) {
                sink.deleted(before);
            } else {
                sameKey(before, to.row(at));
            }
        }
        for (int i = 0; i < to.slotCount(); i++) {
            if (from.indexOfKey(to.row(i)) < 0) {
                sink.inserted(to.row(i));
            }
        }
    }

    private void sameKey(Row before, Row after) {
        if (!before.equals(after)) {
            sink.updated(before, after);
        }
    }

    private void inserted(@Nullable Object after) {
        if (after instanceof RowTrieNode node) {
            node.forEach(sink::inserted);
        } else if (after instanceof Row row) {
            sink.inserted(row);
        }
    }

    private void deleted(Object before) {
        if (before instanceof RowTrieNode node) {
            node.forEach(sink::deleted);
        } else {
            sink.deleted((Row) before);
        }
    }

    private static RowTrieNode asNode(Object rowOrNode, int shift) {
        return rowOrNode instanceof Row row ? RowTrieNode.ofOne(row, shift) : (RowTrieNode) rowOrNode;
    }
}
