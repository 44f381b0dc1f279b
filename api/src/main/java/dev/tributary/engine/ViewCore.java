package dev.tributary.engine;

import dev.tributary.ClosedException;
import dev.tributary.Phase;
import dev.tributary.Query;
import dev.tributary.ViewStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What all handles on one set of rows share: its state, its status and who listens. Whoever maintains the rows calls
 * {@link #publish} and {@link #status}; readers read two volatile fields.
 *
 * <p>The lock is held only to change state and mailboxes together: registration is atomic with a commit. No code of the
 * application runs under it.
 */
final class ViewCore {

    private final Query query;
    private final StateCell cell;
    private final int slot;
    private final Object lock = new Object();
    private final List<ListenerQueue<?>> listeners = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private volatile ViewStatus status;
    /** The last state, once this has left its cell. */
    private volatile @Nullable ViewState last;

    ViewCore(Query query, StateCell cell, Instant now) {
        this.query = query;
        this.cell = cell;
        this.slot = cell.newSlot(this);
        this.status = new ViewStatus(Phase.LOADING, now, null, null, 0, 0, Double.NaN, true, null);
    }

    Query query() {
        return query;
    }

    ViewState state() {
        return ownState(cell.get(slot));
    }

    /** The state at an instant of the cell. */
    ViewState stateAt(StateCell.Held[] instant) {
        return ownState(instant[slot]);
    }

    private ViewState ownState(StateCell.Held held) {
        if (held.owner().equals(this)) {
            return held.state();
        }
        // The slot was given up, and the last state kept before that.
        ViewState kept = last;
        return kept == null ? ViewState.NOTHING : kept;
    }

    /** Nobody maintains the rows any more; they stay readable, but not in the cell. */
    void leaveCell() {
        synchronized (lock) {
            if (last == null) {
                last = state();
                cell.free(slot);
            }
        }
    }

    StateCell cell() {
        return cell;
    }

    int slot() {
        return slot;
    }

    ViewStatus status() {
        return status;
    }

    /** Starts from rows that are there already. */
    void restore(ViewState state) {
        cell.set(slot, state);
        ViewStatus old = status;
        status = new ViewStatus(
                old.phase(),
                old.since(),
                old.reason(),
                old.condition(),
                old.rows(),
                old.bytes(),
                old.fraction(),
                state.verified(),
                old.verifiedUpTo());
    }

    /** The rows that are there are known to be whole. They are the same ones, so nobody hears a commit. */
    void verified() {
        ViewState now = state();
        if (!now.verified()) {
            cell.set(slot, now.asVerified());
        }
    }

    /** Makes a commit visible and hands it to the listeners. */
    void publish(RowCommit commit) {
        synchronized (lock) {
            cell.set(slot, commit.after());
            offer(commit);
        }
        wakeListeners();
    }

    /** Hands a commit to the listeners whose state was made visible before, together with others. */
    void announce(RowCommit commit) {
        synchronized (lock) {
            offer(commit);
        }
        wakeListeners();
    }

    private void offer(RowCommit commit) {
        for (ListenerQueue<?> listener : listeners) {
            listener.commit(commit);
        }
    }

    void status(ViewStatus next) {
        List<CompletableFuture<Void>> done = List.of();
        synchronized (lock) {
            if (status.phase() == Phase.CLOSED || status.equals(next)) {
                return;
            }
            status = next;
            for (ListenerQueue<?> listener : listeners) {
                listener.status(next);
            }
            if (next.phase() == Phase.LIVE || next.phase() == Phase.FAILED || next.phase() == Phase.CLOSED) {
                done = List.copyOf(waiting);
                waiting.clear();
            }
        }
        wakeListeners();
        for (CompletableFuture<Void> future : done) {
            settle(future, next);
        }
    }

    private void settle(CompletableFuture<Void> future, ViewStatus now) {
        switch (now.phase()) {
            case LIVE -> future.complete(null);
            case FAILED -> future.completeExceptionally(failure(now));
            default -> future.completeExceptionally(new ClosedException(query + " was closed"));
        }
    }

    private static Throwable failure(ViewStatus now) {
        Throwable reason = now.reason();
        return reason == null ? new IllegalStateException("failed without a reason") : reason;
    }

    /** Completes, on whatever thread, when the rows are up to date; fails when they never will be. */
    CompletableFuture<Void> upToDate() {
        CompletableFuture<Void> future = new CompletableFuture<>();
        ViewStatus now;
        synchronized (lock) {
            now = status;
            if (now.phase() == Phase.LOADING || now.phase() == Phase.STALE) {
                waiting.add(future);
                return future;
            }
        }
        settle(future, now);
        return future;
    }

    /** Nobody waits for this future any more. */
    void stopWaiting(CompletableFuture<Void> future) {
        synchronized (lock) {
            waiting.remove(future);
        }
        future.cancel(false);
    }

    /** Adds a listener, which hears what is there on its executor. */
    void add(ListenerQueue<?> listener) {
        enter(listener);
        listener.hearLater();
    }

    /** Adds a listener, which hears what is there before this returns. */
    void addAndHear(ListenerQueue<?> listener) {
        enter(listener);
        listener.hearNow();
    }

    private void enter(ListenerQueue<?> listener) {
        synchronized (lock) {
            listener.claim();
            listener.start(state(), status);
            listeners.add(listener);
        }
    }

    void remove(ListenerQueue<?> listener) {
        listeners.remove(listener);
    }

    private void wakeListeners() {
        for (ListenerQueue<?> listener : listeners) {
            listener.wake();
        }
    }

    /** The status with another phase, keeping the rest that still holds. */
    ViewStatus in(Phase phase, Instant now, @Nullable Throwable reason) {
        ViewStatus old = status;
        boolean same = old.phase() == phase;
        boolean loading = phase == Phase.LOADING;
        return new ViewStatus(
                phase,
                same ? old.since() : now,
                reason,
                old.condition(),
                loading ? old.rows() : 0,
                loading ? old.bytes() : 0,
                loading ? old.fraction() : Double.NaN,
                old.verified(),
                old.verifiedUpTo());
    }
}
