package dev.tributary.sodp;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A node of a list: a leaf with some elements, or two nodes one behind the other, whose heights differ by one at most. */
@SuppressWarnings("ReferenceEquality") // identity is what is asked for
final class ListNode {

    static final ListNode EMPTY = new ListNode(new Object[0]);

    private static final int MOST_IN_LEAF = 32;
    private static final int REFERENCE = 8;

    private final int size;
    private final int height;
    private final long bytes;
    private final @Nullable Object[] elements;
    private final @Nullable ListNode left;
    private final @Nullable ListNode right;

    private ListNode(@Nullable Object[] elements) {
        this.size = elements.length;
        this.height = 0;
        long sum = 0;
        for (Object element : elements) {
            sum += REFERENCE + Sizes.of(element);
        }
        this.bytes = sum;
        this.elements = elements;
        this.left = null;
        this.right = null;
    }

    private ListNode(ListNode left, ListNode right) {
        this.size = left.size + right.size;
        this.height = Math.max(left.height, right.height) + 1;
        this.bytes = left.bytes + right.bytes;
        this.elements = EMPTY.elements;
        this.left = left;
        this.right = right;
    }

    static ListNode bulk(@Nullable Object[] elements, int from, int to) {
        int count = to - from;
        if (count <= MOST_IN_LEAF) {
            return new ListNode(from == 0 && to == elements.length ? elements : Arrays.copyOfRange(elements, from, to));
        }
        int middle = from + count / 2;
        return new ListNode(bulk(elements, from, middle), bulk(elements, middle, to));
    }

    int size() {
        return size;
    }

    /** About how many bytes its elements need. */
    long bytes() {
        return bytes;
    }

    /** Null for a leaf. */
    @Nullable
    ListNode left() {
        return left;
    }

    /** Null for a leaf. */
    @Nullable
    ListNode right() {
        return right;
    }

    /** Of a leaf; never changed. */
    @Nullable
    Object[] elements() {
        return elements;
    }

    private static ListNode some(@Nullable ListNode node) {
        return Objects.requireNonNull(node);
    }

    @Nullable
    Object get(int index) {
        ListNode node = this;
        int at = index;
        while (node.left != null) {
            if (at < node.left.size) {
                node = node.left;
            } else {
                at -= node.left.size;
                node = some(node.right);
            }
        }
        return node.elements[at];
    }

    ListNode with(int index, @Nullable Object element) {
        if (left == null) {
            if (elements[index] == element) {
                return this;
            }
            @Nullable Object[] next = elements.clone();
            next[index] = element;
            return new ListNode(next);
        }
        if (index < left.size) {
            ListNode next = left.with(index, element);
            return next == left ? this : new ListNode(next, some(right));
        }
        ListNode next = some(right).with(index - left.size, element);
        return next == right ? this : new ListNode(left, next);
    }

    ListNode inserted(int index, @Nullable Object element) {
        if (left != null) {
            return index <= left.size
                    ? balanced(left.inserted(index, element), some(right))
                    : balanced(left, some(right).inserted(index - left.size, element));
        }
        @Nullable Object[] next = new Object[size + 1];
        System.arraycopy(elements, 0, next, 0, index);
        next[index] = element;
        System.arraycopy(elements, index, next, index + 1, size - index);
        if (next.length <= MOST_IN_LEAF) {
            return new ListNode(next);
        }
        // At the end of a list the left half stays full: lists mostly grow there.
        int middle = index == size ? MOST_IN_LEAF : next.length / 2;
        return new ListNode(
                new ListNode(Arrays.copyOf(next, middle)), new ListNode(Arrays.copyOfRange(next, middle, next.length)));
    }

    ListNode without(int index) {
        if (left == null) {
            @Nullable Object[] next = new Object[size - 1];
            System.arraycopy(elements, 0, next, 0, index);
            System.arraycopy(elements, index + 1, next, index, size - index - 1);
            return new ListNode(next);
        }
        return index < left.size
                ? joined(left.without(index), some(right))
                : joined(left, some(right).without(index - left.size));
    }

    /** Leaves that have become small are put together. */
    private static ListNode joined(ListNode left, ListNode right) {
        if (left.size == 0) {
            return right;
        }
        if (right.size == 0) {
            return left;
        }
        if (left.height == 0 && right.height == 0 && left.size + right.size <= MOST_IN_LEAF / 2) {
            @Nullable Object[] all = Arrays.copyOf(left.elements, left.size + right.size);
            System.arraycopy(right.elements, 0, all, left.size, right.size);
            return new ListNode(all);
        }
        return balanced(left, right);
    }

    /** Two nodes whose heights differ by two at most. */
    private static ListNode balanced(ListNode left, ListNode right) {
        if (left.height > right.height + 1) {
            ListNode outer = some(left.left);
            ListNode inner = some(left.right);
            return outer.height >= inner.height
                    ? new ListNode(outer, new ListNode(inner, right))
                    : new ListNode(new ListNode(outer, some(inner.left)), new ListNode(some(inner.right), right));
        }
        if (right.height > left.height + 1) {
            ListNode inner = some(right.left);
            ListNode outer = some(right.right);
            return outer.height >= inner.height
                    ? new ListNode(new ListNode(left, inner), outer)
                    : new ListNode(new ListNode(left, some(inner.left)), new ListNode(some(inner.right), outer));
        }
        return new ListNode(left, right);
    }
}
