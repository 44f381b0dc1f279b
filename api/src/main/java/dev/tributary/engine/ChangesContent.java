package dev.tributary.engine;

import dev.tributary.Checkpoint;
import dev.tributary.ClosedException;
import dev.tributary.Commit;
import dev.tributary.LaggedException;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.ViewStatus;
import dev.tributary.spi.Draft;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber of {@code changes()}: a bounded queue of commits, demand. When the queue is full, either the
 * wire waits or the subscriber has lagged.
 */
final class ChangesContent implements Content, Flow.Subscription {

    /** What the subscription needs of its query. */
    interface Upkeep {

        /** Whether the wire can be made to wait. */
        boolean canWait();

        /** There is room again. */
        void drained();

        /** Nobody reads any more. */
        void cancelled();

        void failed(Throwable reason);
    }

    private final Flow.Subscriber<? super Commit<Row>> subscriber;
    private final Executor executor;
    private final int capacity;
    private final Upkeep upkeep;

    private final Object lock = new Object();
    private final Deque<RowCommit> waiting = new ArrayDeque<>();
    private long demand;
    private boolean draining;
    private boolean subscribed;
    private boolean done;
    private @Nullable Throwable failure;
    private @Nullable Checkpoint delivered;

    private final Drafting rows;
    private ViewStatus status;

    ChangesContent(
            Flow.Subscriber<? super Commit<Row>> subscriber,
            Executor executor,
            Drafting rows,
            int capacity,
            Instant now,
            Upkeep upkeep) {
        this.subscriber = subscriber;
        this.executor = executor;
        this.rows = rows;
        this.capacity = capacity;
        this.delivered = rows.checkpoint();
        this.upkeep = upkeep;
        this.status = new ViewStatus(Phase.LOADING, now, null, null, 0, 0, Double.NaN, true, null);
    }

    @Override
    public boolean keepsRows() {
        return rows.keepsRows();
    }

    @Override
    public boolean hasContent() {
        return rows.hasContent();
    }

    @Override
    public @Nullable Checkpoint checkpoint() {
        return rows.checkpoint();
    }

    @Override
    public @Nullable RowSchema schema() {
        return rows.schema();
    }

    @Override
    public boolean isVerified() {
        return rows.isVerified();
    }

    @Override
    public void verified() {
        rows.verified();
    }

    @Override
    public Draft draft() {
        return rows.draft();
    }

    @Override
    public void dropDraft() {
        rows.dropDraft();
    }

    @Override
    public boolean isOutgrown() {
        return rows.isOutgrown();
    }

    @Override
    public void forgetCheckpoint() {
        rows.forgetCheckpoint();
    }

    @Override
    public @Nullable RowCommit close(@Nullable Object metadata) {
        return rows.close(metadata);
    }

    @Override
    public void announce(RowCommit commit) {
        synchronized (lock) {
            if (done) {
                return;
            }
            if (waiting.size() >= capacity && !upkeep.canWait()) {
                waiting.clear();
                failure = new LaggedException("a subscriber fell " + capacity + " commits behind", delivered);
            } else {
                waiting.add(commit);
            }
        }
        drainLater();
    }

    /** Its demand is its own: others must not wait for it. */
    @Override
    public boolean mayShareSession() {
        return false;
    }

    @Override
    public boolean isFull() {
        synchronized (lock) {
            return waiting.size() >= Math.max(1, capacity / 2) && upkeep.canWait();
        }
    }

    @Override
    public ViewStatus status() {
        return status;
    }

    @Override
    public void status(ViewStatus next) {
        status = next;
        if (next.phase() == Phase.FAILED) {
            Throwable reason = next.reason();
            end(reason == null ? new IllegalStateException("failed") : reason);
        } else if (next.phase() == Phase.CLOSED) {
            end(new ClosedException("the source was closed"));
        }
    }

    private void end(Throwable reason) {
        synchronized (lock) {
            failure = failure == null ? reason : failure;
        }
        drainLater();
    }

    /** The subscription begins: the subscriber hears of it first. */
    void begin() {
        drainLater();
    }

    @Override
    public void request(long n) {
        synchronized (lock) {
            if (n <= 0) {
                failure = new IllegalArgumentException("demand must be above 0 (Flow.Subscription.request)");
            } else {
                demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
            }
        }
        drainLater();
    }

    @Override
    public void cancel() {
        synchronized (lock) {
            if (done) {
                return;
            }
            done = true;
            waiting.clear();
        }
        upkeep.cancelled();
    }

    private void drainLater() {
        synchronized (lock) {
            if (draining) {
                return;
            }
            draining = true;
        }
        try {
            executor.execute(this::drain);
        } catch (RejectedExecutionException e) {
            synchronized (lock) {
                done = true;
                waiting.clear();
            }
            upkeep.failed(e);
            upkeep.cancelled();
        }
    }

    private void drain() {
        try {
            if (!subscribed) {
                subscribed = true;
                subscriber.onSubscribe(this);
            }
            while (true) {
                RowCommit next;
                Throwable last;
                synchronized (lock) {
                    last = failure;
                    next = done || last != null || demand == 0 ? null : waiting.pollFirst();
                    if (next == null && (last == null || done)) {
                        draining = false;
                        return;
                    }
                    if (next != null && demand != Long.MAX_VALUE) {
                        demand--;
                    }
                    if (next == null) {
                        done = true;
                        draining = false;
                    }
                }
                if (next == null) {
                    upkeep.cancelled();
                    subscriber.onError(last);
                    return;
                }
                synchronized (lock) {
                    // While it reads this one it may fall behind: it goes on after it.
                    delivered = next.after().checkpoint();
                }
                subscriber.onNext(new MappedCommit<>(next, row -> row));
                upkeep.drained();
            }
        } catch (RuntimeException e) {
            upkeep.failed(e);
            synchronized (lock) {
                draining = false;
            }
            cancel();
        }
    }
}
