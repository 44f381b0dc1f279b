package dev.tributary.testkit.model;

import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;

/** What a model is to do later, by its clock: in the order of its time, and then of its making. */
public final class Agenda {

    private final LongSupplier millis;
    private final Runnable onEarlier;
    private final PriorityQueue<Item> items = new PriorityQueue<>();
    private long number;

    /** @param onEarlier told when something is due before all that was known */
    public Agenda(LongSupplier millis, Runnable onEarlier) {
        this.millis = millis;
        this.onEarlier = onEarlier;
    }

    /** The clock's time. */
    public long now() {
        return millis.getAsLong();
    }

    /**
     * Does this at a time, or at the next tick where that has passed.
     *
     * @return the way to forget it
     */
    public Runnable at(long due, Runnable action) {
        OptionalLong before = next();
        Item item = new Item(due, number++, action);
        items.add(item);
        if (before.isEmpty() || due < before.getAsLong()) {
            onEarlier.run();
        }
        return () -> items.remove(item);
    }

    /** When the next is due. */
    public OptionalLong next() {
        Item first = items.peek();
        return first == null ? OptionalLong.empty() : OptionalLong.of(first.due);
    }

    /** Does all that is due, also what that adds. */
    public void tick() {
        for (Item first = items.peek(); first != null && first.due <= now(); first = items.peek()) {
            items.remove();
            first.action.run();
        }
    }

    private record Item(long due, long number, Runnable action) implements Comparable<Item> {

        @Override
        public int compareTo(Item other) {
            int byDue = Long.compare(due, other.due);
            return byDue != 0 ? byDue : Long.compare(number, other.number);
        }
    }
}
