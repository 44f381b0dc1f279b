package dev.tributary;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether two documents hold the same values. Unlike their {@code equals} it compares byte arrays by content, and it does
 * not recurse. What two versions share is not looked at.
 */
final class SameDocument {

    private final Deque<Object> toCompare = new ArrayDeque<>();

    private SameDocument() {}

    static boolean is(@Nullable Object a, @Nullable Object b) {
        SameDocument pairs = new SameDocument();
        if (!pairs.mayBeSame(a, b)) {
            return false;
        }
        while (!pairs.toCompare.isEmpty()) {
            if (!pairs.areSame(pairs.toCompare.pop(), pairs.toCompare.pop())) {
                return false;
            }
        }
        return true;
    }

    /** False if they differ; containers are left for later. */
    // What is shared is the same object.
    @SuppressWarnings("ReferenceEquality")
    private boolean mayBeSame(@Nullable Object a, @Nullable Object b) {
        if (a == b) {
            return true;
        }
        if (a == null || b == null) {
            return false;
        }
        if ((a instanceof List && b instanceof List) || (a instanceof Map && b instanceof Map)) {
            toCompare.push(a);
            toCompare.push(b);
            return true;
        }
        return a instanceof byte[] left && b instanceof byte[] right ? Arrays.equals(left, right) : a.equals(b);
    }

    private boolean areSame(Object a, Object b) {
        if (a instanceof List<?> left && b instanceof List<?> right) {
            return left.size() == right.size() && elementsMayBeSame(left, right);
        }
        return a instanceof Map<?, ?> left
                && b instanceof Map<?, ?> right
                && left.size() == right.size()
                && entriesMayBeSame(left, right);
    }

    private boolean elementsMayBeSame(List<?> left, List<?> right) {
        Iterator<?> others = right.iterator();
        for (Object element : left) {
            if (!mayBeSame(element, others.next())) {
                return false;
            }
        }
        return true;
    }

    private boolean entriesMayBeSame(Map<?, ?> left, Map<?, ?> right) {
        for (Map.Entry<?, ?> entry : left.entrySet()) {
            Object other = right.get(entry.getKey());
            if ((other == null && !right.containsKey(entry.getKey())) || !mayBeSame(entry.getValue(), other)) {
                return false;
            }
        }
        return true;
    }
}
