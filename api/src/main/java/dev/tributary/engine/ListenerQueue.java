package dev.tributary.engine;

import dev.tributary.Commit;
import dev.tributary.Phase;
import dev.tributary.Registration;
import dev.tributary.RowMapper;
import dev.tributary.ViewListener;
import dev.tributary.ViewStatus;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The mailbox of one listener. It is drained on the listener's executor, one item at a time, in order. Commits that wait
 * too long are merged into one: what remains is two immutable states, whatever happened between them.
 *
 * <p>With a demand, commits wait until they are asked for; see {@link CommitPublisher}.
 */
final class ListenerQueue<T> implements Registration {

    /** So many commits may wait before they are merged. */
    static final int MAX_COMMITS = 64;
    /** So many changes in waiting commits, likewise. */
    static final int MAX_CHANGES = 16_384;
    /** So many events may wait; more are dropped and counted. */
    static final int MAX_EVENTS = 4_096;

    private static final int TURN = 256;

    private final ViewCore core;
    private final RowMapper<T> mapper;
    private final ViewListener<? super T> listener;
    private final Executor executor;
    private final Consumer<Throwable> onFailure;
    private final AtomicInteger waking = new AtomicInteger();

    private final Object lock = new Object();
    /** {@link RowCommit}, {@link ViewStatus} or {@link Event}, in order. */
    private final Deque<Object> items = new ArrayDeque<>();

    private int commits;
    private int changes;
    private int events;
    private long dropped;
    private long demand = Long.MAX_VALUE;
    private boolean onDemand;
    /** The version of what was queued last; 0 before any content. */
    private long version;

    private volatile boolean closed;

    private record Event(Object value) {}

    ListenerQueue(
            ViewCore core,
            RowMapper<T> mapper,
            ViewListener<? super T> listener,
            Executor executor,
            Consumer<Throwable> onFailure) {
        this.core = core;
        this.mapper = mapper;
        this.listener = listener;
        this.executor = executor;
        this.onFailure = onFailure;
    }

    /** Makes commits wait until they are asked for. */
    ListenerQueue<T> onDemand() {
        demand = 0;
        onDemand = true;
        return this;
    }

    /** What is there at the registration is heard first: the content, then the status that it has. */
    void start(ViewState state, ViewStatus status) {
        synchronized (lock) {
            if (state.hasContent()) {
                version = state.version();
                add(RowCommit.initial(state));
            }
            if (onDemand) {
                // A subscriber hears that it is subscribed before it can ask for anything.
                items.addFirst(status);
            } else {
                items.addLast(status);
            }
        }
    }

    void commit(RowCommit commit) {
        synchronized (lock) {
            if (commit.after().version() <= version) {
                // It registered between the commit becoming visible and being told: it has it already.
                return;
            }
            for (Object event : commit.events()) {
                event(event);
            }
            boolean first = version == 0;
            version = commit.after().version();
            add(first ? RowCommit.initial(commit.after()) : commit);
            if (commits > MAX_COMMITS || (commits > 1 && changes > MAX_CHANGES)) {
                merge();
            }
        }
    }

    private void add(RowCommit commit) {
        items.add(commit);
        commits++;
        changes += commit.heldChanges();
    }

    private void event(Object event) {
        if (events >= MAX_EVENTS) {
            dropped++;
            return;
        }
        events++;
        items.add(new Event(event));
    }

    /** All waiting commits become one, at the place of the first; of the statuses the last remains. */
    private void merge() {
        RowCommit first = null;
        RowCommit last = null;
        ViewStatus status = null;
        Deque<Object> rest = new ArrayDeque<>();
        for (Object item : items) {
            if (item instanceof RowCommit commit) {
                first = first == null ? commit : first;
                last = commit;
            } else if (item instanceof ViewStatus newer) {
                status = newer;
            } else {
                rest.add(item);
            }
        }
        items.clear();
        if (first != null && last != null) {
            items.add(
                    first.origin() == Commit.Origin.INITIAL
                            ? RowCommit.initial(last.after())
                            : RowCommit.merged(first.before(), last.after()));
        }
        items.addAll(rest);
        if (status != null) {
            items.add(status);
        }
        commits = 1;
        changes = 0;
    }

    void status(ViewStatus status) {
        synchronized (lock) {
            if (items.peekLast() instanceof ViewStatus) {
                items.removeLast();
            }
            items.add(status);
        }
    }

    /** Lets so many commits more through. */
    void request(long more) {
        synchronized (lock) {
            demand = demand + more < 0 ? Long.MAX_VALUE : demand + more;
        }
        wake();
    }

    /** Keeps others from draining until {@link #hearNow} or {@link #hearLater}. */
    void claim() {
        waking.incrementAndGet();
    }

    /** Drains what is there on this thread: a derived view has its content before anybody can read it. */
    void hearNow() {
        drain();
    }

    void hearLater() {
        schedule();
    }

    /** Sees to it that the mailbox is drained; never runs two drains at a time. */
    void wake() {
        if (closed || waking.getAndIncrement() != 0) {
            return;
        }
        schedule();
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
        int seen = waking.get();
        for (int turn = 0; turn < TURN; turn++) {
            Object item = closed ? null : next();
            if (item == null) {
                if (waking.addAndGet(-seen) == 0) {
                    return;
                }
                seen = waking.get();
                continue;
            }
            hear(item);
        }
        schedule();
    }

    private @Nullable Object next() {
        synchronized (lock) {
            Object item = items.peekFirst();
            if (item instanceof RowCommit commit) {
                if (demand == 0) {
                    // A status must not wait for demand: it may be the end.
                    return lastStatusIfFinal();
                }
                commits--;
                changes -= commit.heldChanges();
                if (demand != Long.MAX_VALUE) {
                    demand--;
                }
            } else if (item instanceof Event) {
                events--;
            }
            return items.pollFirst();
        }
    }

    private @Nullable Object lastStatusIfFinal() {
        if (items.peekLast() instanceof ViewStatus last && last.phase() == Phase.FAILED) {
            items.clear();
            return last;
        }
        return null;
    }

    private void hear(Object item) {
        try {
            reportDropped();
            if (item instanceof RowCommit commit) {
                // A merge or a reset may have changed nothing in the end.
                if (commit.origin() == Commit.Origin.INITIAL
                        || !commit.changes().isEmpty()) {
                    listener.onCommit(narrow(new MappedCommit<>(commit, mapper)));
                } else {
                    giveBack();
                }
            } else if (item instanceof ViewStatus status) {
                listener.onStatus(status);
            } else if (item instanceof Event event) {
                listener.onEvent(event.value());
            }
        } catch (Throwable failure) {
            onFailure.accept(failure);
            if (failure instanceof VirtualMachineError error) {
                throw error;
            }
        }
    }

    /** A commit that was not delivered takes no demand. */
    private void giveBack() {
        synchronized (lock) {
            if (demand != Long.MAX_VALUE) {
                demand++;
            }
        }
    }

    /** A commit of T serves as a commit of whatever T is a kind of: commits only give rows, they take none. */
    @SuppressWarnings("unchecked")
    private static <S> Commit<S> narrow(Commit<? extends S> commit) {
        return (Commit<S>) commit;
    }

    private void reportDropped() {
        long count;
        synchronized (lock) {
            count = dropped;
            dropped = 0;
        }
        if (count > 0) {
            listener.onEventsDropped(count);
        }
    }

    /** Drops what waits and lets only this last status through. */
    void finish(ViewStatus last) {
        core.remove(this);
        synchronized (lock) {
            items.clear();
            items.add(last);
        }
        wake();
    }

    boolean isOnDemand() {
        return onDemand;
    }

    @Override
    public void close() {
        closed = true;
        core.remove(this);
        synchronized (lock) {
            items.clear();
        }
    }
}
