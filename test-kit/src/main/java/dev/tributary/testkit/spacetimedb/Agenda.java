package dev.tributary.testkit.spacetimedb;

import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;

/** What is to be done later, by the clock of the model. */
final class Agenda {

    private final LongSupplier millis;
    private final Runnable onEarlier;
    private final PriorityQueue<Item> items = new PriorityQueue<>();
    private long number;

    /** @param onEarlier told when something is due before all that was known */
    Agenda(LongSupplier millis, Runnable onEarlier) {
        this.millis = millis;
        this.onEarlier = onEarlier;
    }

    long now() {
        return millis.getAsLong();
    }

    /** The way to forget it is what is given back. */
    Runnable after(long time, Runnable action) {
        OptionalLong before = next();
        long due = now() + time;
        Item item = new Item(due, number++, action);
        items.add(item);
        if (before.isEmpty() || due < before.getAsLong()) {
            onEarlier.run();
        }
        return () -> items.remove(item);
    }

    OptionalLong next() {
        Item first = items.peek();
        return first == null ? OptionalLong.empty() : OptionalLong.of(first.due);
    }

    void tick() {
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
