package dev.tributary.conformance;

import dev.tributary.Capability;
import dev.tributary.Checkpoint;
import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Query;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.RowMapper;
import dev.tributary.Snapshot;
import dev.tributary.SourceSnapshot;
import dev.tributary.SourceStatus;
import dev.tributary.SyncSource;
import dev.tributary.ViewOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * A right engine as an application sees it, bent where a wrong one overrides a method: what an engine does wrongly shows
 * here or nowhere. The views are bent too.
 */
class BentSource implements SyncSource {

    final SyncSource right;
    final List<BentView<?>> views = new ArrayList<>();

    BentSource(SyncSource right) {
        this.right = right;
    }

    /** The handle that an application gets for a right one. */
    <T> BentView<T> bend(MaterializedView<T> view) {
        return new BentView<>(this, view);
    }

    final <T> BentView<T> bent(MaterializedView<T> view) {
        BentView<T> made = bend(view);
        views.add(made);
        return made;
    }

    @Override
    public String address() {
        return right.address();
    }

    @Override
    public Set<Capability> capabilities() {
        return right.capabilities();
    }

    @Override
    public MaterializedView<Row> materialize(String query) {
        return bent(right.materialize(query));
    }

    @Override
    public MaterializedView<Row> materialize(Query query) {
        return bent(right.materialize(query));
    }

    @Override
    public <T> MaterializedView<T> materialize(String query, Class<T> type) {
        return bent(right.materialize(query, type));
    }

    @Override
    public <T> MaterializedView<T> materialize(Query query, Class<T> type) {
        return bent(right.materialize(query, type));
    }

    @Override
    public <T> MaterializedView<T> materialize(String query, RowMapper<T> mapper) {
        return bent(right.materialize(query, mapper));
    }

    @Override
    public <T> MaterializedView<T> materialize(String query, Class<T> type, Consumer<? super ViewOptions> options) {
        return bent(right.materialize(query, type, options));
    }

    @Override
    public <T> MaterializedView<T> materialize(
            String query, RowMapper<T> mapper, Consumer<? super ViewOptions> options) {
        return bent(right.materialize(query, mapper, options));
    }

    @Override
    public <T> MaterializedView<T> materialize(
            Query query, RowMapper<T> mapper, Consumer<? super ViewOptions> options) {
        return bent(right.materialize(query, mapper, options));
    }

    @Override
    public Flow.Publisher<Commit<Row>> changes(String query) {
        return right.changes(query);
    }

    @Override
    public Flow.Publisher<Commit<Row>> changes(Query query) {
        return right.changes(query);
    }

    @Override
    public Flow.Publisher<Commit<Row>> changes(Query query, Checkpoint from) {
        return right.changes(query, from);
    }

    @Override
    public SourceStatus status() {
        return right.status();
    }

    @Override
    public Registration onStatus(Consumer<? super SourceStatus> listener) {
        return right.onStatus(listener);
    }

    @Override
    public SourceSnapshot snapshot() {
        SourceSnapshot instant = right.snapshot();
        return new SourceSnapshot() {
            @Override
            public <T> Snapshot<T> of(MaterializedView<T> view) {
                return instant.of(view instanceof BentView<T> bent ? bent.right : view);
            }
        };
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        return right.unwrap(type);
    }

    @Override
    public void retryNow() {
        right.retryNow();
    }

    @Override
    public Registration pause(String reason) {
        return right.pause(reason);
    }

    @Override
    public void close() {
        right.close();
    }

    @Override
    public String toString() {
        return right.toString();
    }
}
