package dev.tributary.testkit.simulation;

import dev.tributary.spi.Environment;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Timers by time and, at one time, in the order in which they were set. */
final class TimerHeap {

    private final PriorityQueue<Entry> heap =
            new PriorityQueue<>(Comparator.comparingLong(Entry::due).thenComparingLong(Entry::number));

    Environment.Timer add(Runnable task, long due, long number, SimulatedEnvironment.Lane lane) {
        Entry entry = new Entry(task, due, number, lane);
        heap.add(entry);
        return () -> heap.remove(entry);
    }

    boolean isEmpty() {
        return heap.isEmpty();
    }

    int size(SimulatedEnvironment.Lane lane) {
        return (int) heap.stream().filter(entry -> entry.lane() == lane).count();
    }

    /** The time of the first one; the end of time when there is none. */
    long firstDue() {
        Entry first = heap.peek();
        return first == null ? Long.MAX_VALUE : first.due();
    }

    Entry remove() {
        return heap.remove();
    }

    /** A timer. Two are never equal: the number is unique. */
    record Entry(Runnable task, long due, long number, SimulatedEnvironment.Lane lane) {}
}
