package dev.tributary;

import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A consistent copy of the rows of one query. Reading never locks and never waits. Safe for any thread.
 *
 * @param <T> what rows are read as: {@link Row}, a record, or what a {@link RowMapper} makes
 */
public interface MaterializedView<T> extends AutoCloseable {

    /** What is synced. */
    Query query();

    /** The content now; costs nothing. Before the first commit it is empty, and the status says loading. */
    Snapshot<T> snapshot();

    /**
     * The row of this key now, or null when there is none.
     *
     * @throws IllegalArgumentException when the values do not fit the key; the message shows its shape
     */
    default @Nullable T get(@Nullable Object... key) {
        return snapshot().get(key);
    }

    /** Where this view stands now. */
    ViewStatus status();

    /**
     * Hears this view from now on, on the executor that the source shares.
     *
     * @return closes the listener
     */
    Registration listen(ViewListener<? super T> listener);

    /** Hears this view from now on, on this executor. */
    Registration listen(ViewListener<? super T> listener, Executor executor);

    /** Hears only the status, now and at each change. */
    default Registration onStatus(Consumer<? super ViewStatus> listener) {
        return listen(new ViewListener<T>() {
            @Override
            public void onCommit(Commit<T> commit) {}

            @Override
            public void onStatus(ViewStatus status) {
                listener.accept(status);
            }
        });
    }

    /**
     * The commits as a publisher: each subscriber gets the whole content first. A slow one gets merged commits, so that
     * nothing grows.
     */
    Flow.Publisher<Commit<T>> commits();

    /**
     * Completes when this view is up to date; fails when the view fails or is closed. Completes on the executor that the
     * source shares.
     */
    CompletableFuture<MaterializedView<T>> upToDate();

    /**
     * Waits until this view is up to date.
     *
     * @return this view
     * @throws SyncException when the view fails or is closed, at once
     * @throws TimeoutException when the time is over; the message says where the view stands
     * @throws InterruptedException when the thread is interrupted
     * @throws IllegalStateException when called on a thread of the engine, which would wait for itself
     */
    MaterializedView<T> awaitUpToDate(Duration timeout) throws TimeoutException, InterruptedException;

    /**
     * Asks the server again; completes when its answer is visible here. Calls at the same time share one. The content stays
     * readable and live meanwhile; it may be behind other views of the source until then.
     */
    CompletableFuture<MaterializedView<T>> refresh();

    /** The rows for which this holds, maintained at a cost in proportion to each change. Closing it leaves this view. */
    MaterializedView<T> where(Predicate<? super T> predicate);

    /** The same rows, read as something else. Closing it leaves this view. */
    <R> MaterializedView<R> map(Function<? super T, ? extends R> function);

    /** The rows by a value of theirs, maintained at a cost in proportion to each change. */
    <K> Index<K, T> indexBy(Function<? super T, ? extends K> key);

    /** The rows in an order, maintained at a cost in proportion to each change. */
    SortedView<T> sortedBy(Comparator<? super T> order);

    /**
     * Rows, schema and checkpoint as one value; {@link ViewOptions#saved} goes on from there.
     *
     * @throws IllegalStateException before the first commit
     */
    SavedView save();

    /**
     * Ends this handle: its listeners hear nothing more. The last one of a query ends its sync; the rows stay readable, and
     * stand still then. Never waits, throws nothing, may be called again.
     */
    @Override
    void close();
}
