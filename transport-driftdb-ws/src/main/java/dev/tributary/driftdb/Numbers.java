package dev.tributary.driftdb;

import java.util.Arrays;
import java.util.function.LongPredicate;

/** A set of numbers, unsigned and in order. Made for numbers that nearly always come in order. */
final class Numbers {

    private long[] sorted = new long[8];
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    long at(int index) {
        return sorted[index];
    }

    boolean contains(long number) {
        return find(number) >= 0;
    }

    void add(long number) {
        int place = size > 0 && Long.compareUnsigned(sorted[size - 1], number) < 0 ? -size - 1 : find(number);
        if (place >= 0) {
            return;
        }
        int at = -place - 1;
        if (size == sorted.length) {
            sorted = Arrays.copyOf(sorted, size * 2);
        }
        System.arraycopy(sorted, at, sorted, at + 1, size - at);
        sorted[at] = number;
        size++;
    }

    void remove(long number) {
        int at = find(number);
        if (at >= 0) {
            System.arraycopy(sorted, at + 1, sorted, at, size - at - 1);
            size--;
        }
    }

    void removeIf(LongPredicate leaves) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (!leaves.test(sorted[i])) {
                sorted[kept++] = sorted[i];
            }
        }
        size = kept;
    }

    void clear() {
        size = 0;
    }

    long[] toArray() {
        return Arrays.copyOf(sorted, size);
    }

    private int find(long number) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Long.compareUnsigned(sorted[middle], number);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }
}
