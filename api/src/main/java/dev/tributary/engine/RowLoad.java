package dev.tributary.engine;

import dev.tributary.Row;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of a new content while they come; in the end the {@link RowTrie} of them all, of several with the same key
 * the last.
 *
 * <p>A large load is first dealt out by the bits of the hash that the two upper levels of the trie look at, so that all
 * further work on a share stays in the processor's nearest cache. No array grows with the load: collectors treat large
 * ones apart, and at a cost that whoever commits next would pay. The hash is kept beside the row because to look at a
 * row again is to wait for memory.
 */
final class RowLoad {

    private static final int FIRST_CAPACITY = 16;
    private static final int CHUNK = 1 << 13;
    /** The bits of two levels. */
    private static final int SHARE_BITS = 2 * RowTrieNode.BITS;

    private static final int SHARES = 1 << SHARE_BITS;
    private static final int PLACES = 1 << RowTrieNode.BITS;

    /** All but the last are full. */
    private final List<Share> chunks = new ArrayList<>();

    private Share last = new Share(FIRST_CAPACITY);
    private int size;

    /** Rows in the order in which they came, and their hashes. */
    static final class Share {

        private Row[] rows;
        private int[] hashes;
        private int count;

        private Share(int capacity) {
            rows = new Row[capacity];
            hashes = new int[capacity];
        }

        int count() {
            return count;
        }

        Row row(int index) {
            return rows[index];
        }

        int hash(int index) {
            return hashes[index];
        }

        private void add(Row row, int hash) {
            rows[count] = row;
            hashes[count++] = hash;
        }
    }

    RowLoad() {
        chunks.add(last);
    }

    void add(Row row) {
        if (last.count == last.rows.length) {
            grow();
        }
        last.add(row, row.keyHash());
        size++;
    }

    private void grow() {
        Share full = last;
        last = new Share(Math.min(CHUNK, 2 * full.count));
        if (full.count < CHUNK) {
            for (int i = 0; i < full.count; i++) {
                last.add(full.rows[i], full.hashes[i]);
            }
            chunks.clear();
        }
        chunks.add(last);
    }

    /** How many rows came. */
    int size() {
        return size;
    }

    /** The trie of the rows so far. */
    RowTrie build() {
        if (size <= CHUNK) {
            return trie(new RowTrieBulk(size).build(last, 0));
        }
        Share[] shares = shares();
        RowTrieBulk bulk = new RowTrieBulk(mostIn(shares));
        RowTrieBulk.Branch root = new RowTrieBulk.Branch();
        for (int place = 0; place < PLACES; place++) {
            RowTrieBulk.Branch branch = new RowTrieBulk.Branch();
            for (int below = 0; below < PLACES; below++) {
                branch.add(below, bulk.build(shares[place << RowTrieNode.BITS | below], SHARE_BITS));
            }
            root.add(place, branch.subtree());
        }
        return trie(root.subtree());
    }

    private static RowTrie trie(RowTrieBulk.Subtree subtree) {
        return subtree.size() == 0 ? RowTrie.EMPTY : new RowTrie(subtree.asRoot(), subtree.size());
    }

    private Share[] shares() {
        int[] counts = new int[SHARES];
        for (Share chunk : chunks) {
            for (int i = 0; i < chunk.count; i++) {
                counts[shareOf(chunk.hashes[i])]++;
            }
        }
        Share[] shares = new Share[SHARES];
        for (int share = 0; share < SHARES; share++) {
            shares[share] = new Share(counts[share]);
        }
        for (Share chunk : chunks) {
            for (int i = 0; i < chunk.count; i++) {
                shares[shareOf(chunk.hashes[i])].add(chunk.rows[i], chunk.hashes[i]);
            }
        }
        return shares;
    }

    private static int shareOf(int hash) {
        return hash >>> (Integer.SIZE - SHARE_BITS);
    }

    private static int mostIn(Share[] shares) {
        int most = 0;
        for (Share share : shares) {
            most = Math.max(most, share.count);
        }
        return most;
    }
}
