package dev.tributary.sodp;

import dev.tributary.spi.SizedDocument;
import java.util.AbstractList;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * An array of a document: an immutable list whose updates share all that they do not change. Setting, inserting and
 * removing at any place costs the logarithm of the length.
 */
@SuppressWarnings("ReferenceEquality") // identity is what is asked for
final class DocList extends AbstractList<@Nullable Object> implements RandomAccess, SizedDocument {

    static final DocList EMPTY = new DocList(ListNode.EMPTY);

    private static final int OVERHEAD = 48;

    private final ListNode root;

    private DocList(ListNode root) {
        this.root = root;
    }

    /**
     * A list of these.
     *
     * @param elements taken over
     * @param count how many of them are used
     */
    static DocList of(@Nullable Object[] elements, int count) {
        return count == 0 ? EMPTY : new DocList(ListNode.bulk(elements, 0, count));
    }

    @Override
    public long sizeInBytes() {
        return OVERHEAD + root.bytes();
    }

    private static DocList of(ListNode root) {
        return root.size() == 0 ? EMPTY : new DocList(root);
    }

    @Override
    public int size() {
        return root.size();
    }

    @Override
    public @Nullable Object get(int index) {
        java.util.Objects.checkIndex(index, root.size());
        return root.get(index);
    }

    /** This list with an element replaced; itself when that very element is there. */
    DocList with(int index, @Nullable Object element) {
        java.util.Objects.checkIndex(index, root.size());
        ListNode next = root.with(index, element);
        return next == root ? this : new DocList(next);
    }

    /** This list with an element put before the one at this place, or at the end. */
    DocList inserted(int index, @Nullable Object element) {
        java.util.Objects.checkIndex(index, root.size() + 1);
        return new DocList(root.inserted(index, element));
    }

    /** This list without an element. */
    DocList without(int index) {
        java.util.Objects.checkIndex(index, root.size());
        return of(root.without(index));
    }

    /** This list with an element more at the end. */
    DocList appended(@Nullable Object element) {
        return inserted(size(), element);
    }

    /** This list with so many nils behind it; itself for none. */
    DocList padded(int nils) {
        if (nils > size()) {
            // It grows to more than twice its length: made anew it costs less.
            return of(toArray(new Object[size() + nils]), size() + nils);
        }
        DocList padded = this;
        for (int i = 0; i < nils; i++) {
            padded = padded.appended(null);
        }
        return padded;
    }

    @Override
    public Iterator<@Nullable Object> iterator() {
        return new LeafIterator(root);
    }

    private static final class LeafIterator implements Iterator<@Nullable Object> {

        private final Deque<ListNode> waiting = new ArrayDeque<>();
        private @Nullable Object[] leaf = new Object[0];
        private int next;

        LeafIterator(ListNode root) {
            waiting.push(root);
            settle();
        }

        private void settle() {
            while (next >= leaf.length && !waiting.isEmpty()) {
                ListNode node = waiting.pop();
                ListNode left = node.left();
                ListNode right = node.right();
                if (left != null && right != null) {
                    waiting.push(right);
                    waiting.push(left);
                } else {
                    leaf = node.elements();
                    next = 0;
                }
            }
        }

        @Override
        public boolean hasNext() {
            return next < leaf.length;
        }

        @Override
        public @Nullable Object next() {
            if (next >= leaf.length) {
                throw new NoSuchElementException();
            }
            Object element = leaf[next++];
            settle();
            return element;
        }
    }

    /** Elements that are the same object are not looked into. */
    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof List<?> that) || size() != that.size()) {
            return false;
        }
        Iterator<?> theirs = that.iterator();
        for (Object mine : this) {
            Object other1 = theirs.next();
            if (mine != other1 && (mine == null || !mine.equals(other1))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
