package dev.tributary.testkit.sodp;

import java.util.OptionalLong;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** What is to be done later, in the order of its time and then of its making. */
final class Timers {

    private record Timer(long due, long number, @Nullable SodpSession session, Runnable action)
            implements Comparable<Timer> {

        @Override
        public int compareTo(Timer other) {
            int byDue = Long.compare(due, other.due);
            return byDue != 0 ? byDue : Long.compare(number, other.number);
        }
    }

    private final PriorityQueue<Timer> queue = new PriorityQueue<>();
    private long numbers;

    void add(long due, @Nullable SodpSession session, Runnable action) {
        queue.add(new Timer(due, numbers++, session, action));
    }

    OptionalLong nextDue() {
        Timer next = queue.peek();
        return next == null ? OptionalLong.empty() : OptionalLong.of(next.due());
    }

    /** Runs all that is due, also what that adds. */
    void runDue(long now) {
        for (Timer next = queue.peek(); next != null && next.due() <= now; next = queue.peek()) {
            queue.remove();
            next.action().run();
        }
    }

    void forget(SodpSession session) {
        queue.removeIf(timer -> session.equals(timer.session()));
    }
}
