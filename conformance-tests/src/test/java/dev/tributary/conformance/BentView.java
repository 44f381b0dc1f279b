package dev.tributary.conformance;

import dev.tributary.Change;
import dev.tributary.Checkpoint;
import dev.tributary.Commit;
import dev.tributary.Index;
import dev.tributary.MaterializedView;
import dev.tributary.Query;
import dev.tributary.Registration;
import dev.tributary.SavedView;
import dev.tributary.Snapshot;
import dev.tributary.SortedView;
import dev.tributary.ViewListener;
import dev.tributary.ViewStatus;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A right view, bent where a wrong one overrides a method. */
class BentView<T> implements MaterializedView<T> {

    final BentSource source;
    final MaterializedView<T> right;

    BentView(BentSource source, MaterializedView<T> right) {
        this.source = source;
        this.right = right;
    }

    /** What stands between the engine and a listener. */
    ViewListener<T> bend(ViewListener<? super T> listener) {
        return new BentListener<>(listener);
    }

    @Override
    public Query query() {
        return right.query();
    }

    @Override
    public Snapshot<T> snapshot() {
        return right.snapshot();
    }

    @Override
    public ViewStatus status() {
        return right.status();
    }

    @Override
    public Registration listen(ViewListener<? super T> listener) {
        return right.listen(bend(listener));
    }

    @Override
    public Registration listen(ViewListener<? super T> listener, Executor executor) {
        return right.listen(bend(listener), executor);
    }

    @Override
    public Flow.Publisher<Commit<T>> commits() {
        return right.commits();
    }

    @Override
    public CompletableFuture<MaterializedView<T>> upToDate() {
        return right.upToDate();
    }

    @Override
    public MaterializedView<T> awaitUpToDate(Duration timeout) throws TimeoutException, InterruptedException {
        return right.awaitUpToDate(timeout);
    }

    @Override
    public CompletableFuture<MaterializedView<T>> refresh() {
        return right.refresh();
    }

    @Override
    public MaterializedView<T> where(Predicate<? super T> predicate) {
        return right.where(predicate);
    }

    @Override
    public <R> MaterializedView<R> map(Function<? super T, ? extends R> function) {
        return right.map(function);
    }

    @Override
    public <K> Index<K, T> indexBy(Function<? super T, ? extends K> key) {
        return right.indexBy(key);
    }

    @Override
    public SortedView<T> sortedBy(Comparator<? super T> order) {
        return right.sortedBy(order);
    }

    @Override
    public SavedView save() {
        return right.save();
    }

    @Override
    public void close() {
        right.close();
    }

    @Override
    public String toString() {
        return right.toString();
    }

    /** A listener behind a wrong engine. */
    static class BentListener<T> implements ViewListener<T> {

        final ViewListener<? super T> listener;

        BentListener(ViewListener<? super T> listener) {
            this.listener = listener;
        }

        /** Passes a commit of the same rows on. */
        @SuppressWarnings("unchecked")
        final void tell(Commit<T> commit) {
            ((ViewListener<T>) listener).onCommit(commit);
        }

        @Override
        public void onCommit(Commit<T> commit) {
            tell(commit);
        }

        @Override
        public void onStatus(ViewStatus status) {
            listener.onStatus(status);
        }

        @Override
        public void onEvent(Object event) {
            listener.onEvent(event);
        }

        @Override
        public void onEventsDropped(long count) {
            listener.onEventsDropped(count);
        }
    }

    /** A commit that tells one thing differently. */
    static class BentCommit<T> implements Commit<T> {

        final Commit<T> right;

        BentCommit(Commit<T> right) {
            this.right = right;
        }

        @Override
        public Origin origin() {
            return right.origin();
        }

        @Override
        public long version() {
            return right.version();
        }

        @Override
        public List<Change<T>> changes() {
            return right.changes();
        }

        @Override
        public Snapshot<T> snapshot() {
            return right.snapshot();
        }

        @Override
        public boolean isMerged() {
            return right.isMerged();
        }

        @Override
        public @Nullable Checkpoint checkpoint() {
            return right.checkpoint();
        }

        @Override
        public <M> Optional<M> metadata(Class<M> type) {
            return right.metadata(type);
        }
    }
}
