package dev.tributary.engine;

import dev.tributary.Row;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * An immutable set of rows of one schema, at most one for each key: a compressed hash-array mapped prefix trie (CHAMP)
 * whose entries are the rows themselves. Versions share what they have in common, so a change copies a path of at most
 * eight nodes, and {@link #diff} need not look at what is shared.
 *
 * <p>Equal contents have the same structure, however they came about; only rows with entirely equal hashes may be in
 * another order. Safe for any thread, also when it was handed over by a data race. Where a method takes a row as a key,
 * its other columns do not matter.
 */
final class RowTrie implements Iterable<Row> {

    static final RowTrie EMPTY = new RowTrie(RowTrieNode.EMPTY, 0);

    private final RowTrieNode root;
    private final int size;

    RowTrie(RowTrieNode root, int size) {
        this.root = root;
        this.size = size;
    }

    /**
     * The trie of the first {@code count} rows; of several with the same key, the last. Much cheaper than to put them
     * one by one. The array is not kept.
     */
    static RowTrie bulk(Row[] rows, int count) {
        RowLoad load = new RowLoad();
        for (int i = 0; i < count; i++) {
            load.add(rows[i]);
        }
        return load.build();
    }

    /**
     * Tells the sink, in no particular order, what makes {@code to} of {@code from}. The cost is in proportion to the
     * difference where one came from the other by changes, and to both sizes at worst.
     */
    static void diff(RowTrie from, RowTrie to, DiffSink sink) {
        new RowTrieDiff(sink).run(from.root, to.root);
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** The row with the same key as this one. */
    @Nullable
    Row get(Row keyed) {
        return root.get(keyed);
    }

    /** This trie with the row added, or put in place of the one with its key. */
    RowTrie with(Row row) {
        Transient edited = edit();
        edited.put(row);
        return edited.freeze();
    }

    /** This trie without the row of this key. */
    RowTrie without(Row keyed) {
        Transient edited = edit();
        edited.remove(keyed);
        return edited.freeze();
    }

    /** A draft that starts as this trie, which itself never changes. */
    Transient edit() {
        return new Transient(this);
    }

    RowTrieNode root() {
        return root;
    }

    @Override
    public Iterator<Row> iterator() {
        return new Rows(root, size);
    }

    @Override
    public void forEach(Consumer<? super Row> action) {
        root.forEach(action);
    }

    @Override
    public Spliterator<Row> spliterator() {
        return Spliterators.spliterator(
                iterator(), size, Spliterator.IMMUTABLE | Spliterator.NONNULL | Spliterator.DISTINCT);
    }

    Stream<Row> stream() {
        return StreamSupport.stream(spliterator(), false);
    }

    /** Hears a difference: each key once, and only if its row is not equal to what it was. */
    interface DiffSink {

        void inserted(Row row);

        void deleted(Row row);

        void updated(Row before, Row after);
    }

    /**
     * A draft of a trie, for one thread at a time. It copies a node when it first changes it and edits that copy in
     * place from then on.
     */
    static final class Transient {

        private final RowTrie base;
        /** Marks the nodes that this draft made; null once it is frozen, since then they are others' too. */
        private @Nullable Object token = new Object();

        private RowTrieNode root;
        private int size;
        /** What the current call found under its key. */
        private @Nullable Row found;

        private Transient(RowTrie base) {
            this.base = base;
            this.root = base.root;
            this.size = base.size;
        }

        int size() {
            token();
            return size;
        }

        /** The row with the same key as this one. */
        @Nullable
        Row get(Row keyed) {
            token();
            return root.get(keyed);
        }

        /** Adds a row, or puts it in place of the one with its key, which is returned. */
        @Nullable
        Row put(Row row) {
            found = null;
            root = put(token(), root, 0, row);
            if (found == null) {
                size++;
            }
            return found;
        }

        /** Removes the row with the same key as this one and returns it. */
        @Nullable
        Row remove(Row keyed) {
            found = null;
            root = remove(token(), root, 0, keyed);
            if (found != null) {
                size--;
            }
            return found;
        }

        /** Ends this draft; the trie it came from if nothing was changed. */
        RowTrie freeze() {
            token();
            token = null;
            if (root == base.root) {
                return base;
            }
            return size == 0 ? EMPTY : new RowTrie(root, size);
        }

        private Object token() {
            Object current = token;
            if (current == null) {
                throw new IllegalStateException("this draft of a trie is frozen already");
            }
            return current;
        }

        private RowTrieNode put(Object token, RowTrieNode node, int shift, Row row) {
            if (shift > RowTrieNode.LAST_SHIFT) {
                int at = node.indexOfKey(row);
                return at < 0 ? node.addEqualHash(token, row) : replace(token, node, at, row);
            }
            int bit = RowTrieNode.bit(row.keyHash(), shift);
            if ((node.childMap() & bit) != 0) {
                int at = node.indexOfChild(bit);
                RowTrieNode child = node.child(at);
                RowTrieNode edited = put(token, child, shift + RowTrieNode.BITS, row);
                return edited == child ? node : node.set(token, at, edited);
            }
            if ((node.rowMap() & bit) == 0) {
                return node.addRow(token, bit, row);
            }
            int at = node.indexOfRow(bit);
            Row present = node.row(at);
            if (present.sameKey(row)) {
                return replace(token, node, at, row);
            }
            return node.rowToChild(token, bit, RowTrieNode.ofTwo(token, shift + RowTrieNode.BITS, present, row));
        }

        // The very same row changes nothing; an equal one is taken as it is new.
        @SuppressWarnings("ReferenceEquality")
        private RowTrieNode replace(Object token, RowTrieNode node, int at, Row row) {
            found = node.row(at);
            return found == row ? node : node.set(token, at, row);
        }

        private RowTrieNode remove(Object token, RowTrieNode node, int shift, Row keyed) {
            if (shift > RowTrieNode.LAST_SHIFT) {
                int at = node.indexOfKey(keyed);
                if (at < 0) {
                    return node;
                }
                found = node.row(at);
                return node.removeEqualHash(token, at);
            }
            int bit = RowTrieNode.bit(keyed.keyHash(), shift);
            if ((node.childMap() & bit) != 0) {
                int at = node.indexOfChild(bit);
                RowTrieNode child = node.child(at);
                RowTrieNode edited = remove(token, child, shift + RowTrieNode.BITS, keyed);
                if (found != null && edited.isSingleRow()) {
                    return node.childToRow(token, bit, edited.row(0));
                }
                return edited == child ? node : node.set(token, at, edited);
            }
            if ((node.rowMap() & bit) == 0) {
                return node;
            }
            Row present = node.row(node.indexOfRow(bit));
            if (!present.sameKey(keyed)) {
                return node;
            }
            found = present;
            return node.removeRow(token, bit);
        }
    }

    /** Goes through the rows of a node, then through each of its children. */
    private static final class Rows implements Iterator<Row> {

        private final RowTrieNode[] path = new RowTrieNode[RowTrieNode.MAX_DEPTH];
        /** By depth: the slot of the child to enter next. */
        private final int[] nextChild = new int[RowTrieNode.MAX_DEPTH];

        private int depth;
        private RowTrieNode node;
        private int nextRow;
        private int rows;
        private int left;

        Rows(RowTrieNode root, int size) {
            left = size;
            node = root;
            enter(root, 0);
        }

        @Override
        public boolean hasNext() {
            return left > 0;
        }

        @Override
        public Row next() {
            if (left == 0) {
                throw new NoSuchElementException();
            }
            left--;
            while (nextRow == rows) {
                enterNextChild();
            }
            return node.row(nextRow++);
        }

        private void enterNextChild() {
            while (nextChild[depth] == path[depth].slotCount()) {
                depth--;
            }
            enter(path[depth].child(nextChild[depth]++), depth + 1);
        }

        private void enter(RowTrieNode entered, int at) {
            depth = at;
            node = entered;
            nextRow = 0;
            rows = entered.rowCount();
            path[at] = entered;
            nextChild[at] = rows;
        }
    }
}
