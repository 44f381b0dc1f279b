package dev.tributary.engine;

import dev.tributary.ClosedException;
import dev.tributary.Commit;
import dev.tributary.Index;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Query;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.RowMapper;
import dev.tributary.SavedView;
import dev.tributary.Snapshot;
import dev.tributary.SortedView;
import dev.tributary.SyncException;
import dev.tributary.ViewListener;
import dev.tributary.ViewStatus;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One handle on the rows of a {@link ViewCore}, read by a mapper. */
final class View<T> implements MaterializedView<T> {

    /** What a view does through the source that maintains its rows. */
    interface Upkeep {

        /** This handle is no longer used. */
        void released();

        /** Completes when the server was asked again and its answer is visible. */
        CompletableFuture<Void> refresh();

        /** Names the transport, for saved views. */
        String scheme();
    }

    private final ViewCore core;
    private final RowMapper<T> mapper;
    private final ViewContext context;
    private final Upkeep upkeep;
    private final List<ListenerQueue<?>> queues = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<?>> pending = new CopyOnWriteArrayList<>();
    private final List<Runnable> derived = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable ViewStatus> closed = new AtomicReference<>();

    View(ViewCore core, RowMapper<T> mapper, ViewContext context, Upkeep upkeep) {
        this.core = core;
        this.mapper = mapper;
        this.context = context;
        this.upkeep = upkeep;
    }

    ViewCore core() {
        return core;
    }

    RowMapper<T> mapper() {
        return mapper;
    }

    ViewContext context() {
        return context;
    }

    @Override
    public Query query() {
        return core.query();
    }

    @Override
    public Snapshot<T> snapshot() {
        return new RowSnapshot<>(core.state(), mapper);
    }

    @Override
    public ViewStatus status() {
        ViewStatus last = closed.get();
        return last != null ? last : core.status();
    }

    @Override
    public Registration listen(ViewListener<? super T> listener) {
        return listen(listener, context.executor());
    }

    @Override
    public Registration listen(ViewListener<? super T> listener, Executor executor) {
        Objects.requireNonNull(listener, "listener");
        ListenerQueue<T> queue = new ListenerQueue<>(core, mapper, listener, executor, context.onListenerFailed());
        register(queue);
        return () -> {
            queues.remove(queue);
            queue.close();
        };
    }

    ListenerQueue<T> newQueue(ViewListener<T> listener) {
        return new ListenerQueue<>(core, mapper, listener, context.executor(), context.onListenerFailed());
    }

    void register(ListenerQueue<?> queue) {
        queues.add(queue);
        core.add(queue);
        if (isClosed()) {
            queue.finish(status());
        }
    }

    /**
     * Hears the rows for a derived view, at first on this thread.
     *
     * @param onClose runs when this view is closed: the derived one hears nothing more
     */
    Registration derive(ViewListener<Row> listener, Runnable onClose) {
        ListenerQueue<Row> queue =
                new ListenerQueue<>(core, row -> row, listener, context.executor(), context.onListenerFailed());
        queues.add(queue);
        derived.add(onClose);
        core.addAndHear(queue);
        return () -> {
            queues.remove(queue);
            derived.remove(onClose);
            queue.close();
        };
    }

    @Override
    public Flow.Publisher<Commit<T>> commits() {
        return new CommitPublisher<>(this);
    }

    @Override
    public CompletableFuture<MaterializedView<T>> upToDate() {
        return shown(core.upToDate());
    }

    @Override
    public CompletableFuture<MaterializedView<T>> refresh() {
        return shown(upkeep.refresh());
    }

    /** The future as the application sees it: on the shared executor, and never left behind by {@link #close}. */
    private CompletableFuture<MaterializedView<T>> shown(CompletableFuture<Void> future) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        pending.add(ended);
        future.whenComplete((nothing, failure) -> {
            pending.remove(ended);
            if (failure != null) {
                ended.completeExceptionally(failure);
            } else {
                ended.complete(null);
            }
        });
        if (isClosed()) {
            ended.completeExceptionally(closedException());
        }
        return context.onExecutor(ended.thenApply(nothing -> this));
    }

    private ClosedException closedException() {
        return new ClosedException("the view of " + query() + " was closed");
    }

    @Override
    public MaterializedView<T> awaitUpToDate(Duration timeout) throws TimeoutException, InterruptedException {
        if (context.environment().isEngineThread()) {
            throw new IllegalStateException("awaitUpToDate on a thread of the engine would wait for itself");
        }
        CompletableFuture<Void> waiting = core.upToDate();
        CompletableFuture<MaterializedView<T>> future = shown(waiting);
        if (!context.environment().await(future, timeout)) {
            core.stopWaiting(waiting);
            throw new TimeoutException(query() + " is not up to date after " + timeout.toMillis() + " ms: " + status());
        }
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof SyncException known ? known : new SyncException(query() + " failed", e);
        }
    }

    @Override
    public MaterializedView<T> where(Predicate<? super T> predicate) {
        return FilteredRows.of(this, predicate);
    }

    @Override
    public <R> MaterializedView<R> map(Function<? super T, ? extends R> function) {
        RowMapper<T> inner = mapper;
        return new View<>(core, row -> function.apply(inner.map(row)), context, new Borrowed(upkeep));
    }

    @Override
    public <K> Index<K, T> indexBy(Function<? super T, ? extends K> key) {
        return RowIndex.of(this, key);
    }

    @Override
    public SortedView<T> sortedBy(Comparator<? super T> order) {
        return RowOrder.of(this, order);
    }

    @Override
    public SavedView save() {
        ViewState state = core.state();
        if (!state.hasContent()) {
            throw new IllegalStateException(query() + " has no content to save: " + status());
        }
        return new SavedRows(upkeep.scheme(), query(), state);
    }

    boolean isClosed() {
        return closed.get() != null;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(
                null, core.in(Phase.CLOSED, context.environment().now(), null))) {
            return;
        }
        for (ListenerQueue<?> queue : queues) {
            if (queue.isOnDemand()) {
                queue.finish(status());
            } else {
                queue.close();
            }
        }
        queues.clear();
        derived.forEach(Runnable::run);
        derived.clear();
        for (CompletableFuture<?> future : pending) {
            future.completeExceptionally(closedException());
        }
        upkeep.released();
    }

    @Override
    public String toString() {
        return "view of " + query() + ", " + core.state().rows().size() + " rows, " + status();
    }

    /** The upkeep of a handle that owns nothing: closing it leaves the view it was made of. */
    record Borrowed(Upkeep owner) implements Upkeep {

        @Override
        public void released() {}

        @Override
        public CompletableFuture<Void> refresh() {
            return owner.refresh();
        }

        @Override
        public String scheme() {
            return owner.scheme();
        }
    }
}
