package dev.tributary.engine;

import dev.tributary.NoticeListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells one listener the notices of a kind, in order, on its executor. So many wait at most; more are dropped, and the
 * listener hears how many at the place where they would have come.
 */
final class NoticeFeed<N> {

    static final int MAX_WAITING = 1_024;

    private static final int TURN = 64;

    private final Class<N> type;
    private final NoticeListener<? super N> listener;
    private final Executor executor;
    private final Consumer<Throwable> onFailure;

    private final Object lock = new Object();
    /** A notice, or {@link Gap} where some were dropped. */
    private final Deque<Object> items = new ArrayDeque<>();

    private int waiting;
    private boolean draining;
    private boolean closed;

    private record Gap(long count) {}

    NoticeFeed(Class<N> type, NoticeListener<? super N> listener, Executor executor, Consumer<Throwable> onFailure) {
        this.type = type;
        this.listener = listener;
        this.executor = executor;
        this.onFailure = onFailure;
    }

    /** Tells the notice if it is of this kind. Never waits. */
    void tell(Object notice) {
        if (!type.isInstance(notice)) {
            return;
        }
        synchronized (lock) {
            if (closed) {
                return;
            }
            if (waiting < MAX_WAITING) {
                waiting++;
                items.add(notice);
            } else {
                drop();
            }
            if (draining) {
                return;
            }
            draining = true;
        }
        schedule();
    }

    private void drop() {
        long count = 1;
        if (items.peekLast() instanceof Gap gap) {
            items.removeLast();
            count += gap.count();
        }
        items.add(new Gap(count));
    }

    private void schedule() {
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException e) {
            close();
            onFailure.accept(e);
        }
    }

    private void drain() {
        for (int turn = 0; turn < TURN; turn++) {
            Object item = next();
            if (item == null) {
                return;
            }
            hear(item);
        }
        schedule();
    }

    private @Nullable Object next() {
        synchronized (lock) {
            Object item = items.pollFirst();
            if (item == null) {
                draining = false;
            } else if (!(item instanceof Gap)) {
                waiting--;
            }
            return item;
        }
    }

    private void hear(Object item) {
        try {
            if (item instanceof Gap gap) {
                listener.onNoticesDropped(gap.count());
            } else {
                listener.onNotice(type.cast(item));
            }
        } catch (Throwable failure) {
            onFailure.accept(failure);
            if (failure instanceof VirtualMachineError error) {
                throw error;
            }
        }
    }

    void close() {
        synchronized (lock) {
            closed = true;
            items.clear();
        }
    }
}
