package dev.tributary.engine;

import dev.tributary.Commit;
import dev.tributary.Phase;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.RowMapper;
import dev.tributary.SyncException;
import dev.tributary.ViewListener;
import dev.tributary.ViewStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Maintains the rows of a view for which a predicate holds, from its commits. The predicate runs on the shared executor;
 * one that throws fails the derived view, never the one it is made of.
 */
final class FilteredRows<T> implements ViewListener<Row> {

    private final View<T> source;
    private final Predicate<? super T> predicate;
    private final RowMapper<T> mapper;
    private final ViewCore core;
    private @Nullable ViewStatus sourceStatus;
    private boolean failed;

    private FilteredRows(View<T> source, Predicate<? super T> predicate) {
        this.source = source;
        this.predicate = predicate;
        this.mapper = source.mapper();
        this.core = new ViewCore(
                source.query(), new StateCell(), source.context().environment().now());
    }

    static <T> View<T> of(View<T> source, Predicate<? super T> predicate) {
        FilteredRows<T> rows = new FilteredRows<>(source, predicate);
        Registration registration = source.derive(rows, rows::sourceClosed);
        return new View<>(rows.core, rows.mapper, source.context(), new View.Upkeep() {
            @Override
            public void released() {
                registration.close();
            }

            @Override
            public CompletableFuture<Void> refresh() {
                return source.refresh().thenCompose(done -> rows.core.upToDate());
            }

            @Override
            public String scheme() {
                throw new SyncException("a derived view is not saved: save the view it is made of");
            }
        });
    }

    @Override
    public void onCommit(Commit<Row> commit) {
        if (failed) {
            return;
        }
        try {
            apply(commit);
        } catch (RuntimeException e) {
            failed = true;
            core.status(core.in(
                    Phase.FAILED,
                    source.context().environment().now(),
                    new SyncException("the predicate on " + source.query() + " failed: " + e.getMessage(), e)));
        }
    }

    private void apply(Commit<Row> commit) {
        ViewState before = core.state();
        RowTrie.Transient rows = (commit.origin() == Commit.Origin.INITIAL ? RowTrie.EMPTY : before.rows()).edit();
        List<RowChange> changes = new ArrayList<>();
        commit.changes().forEach(change -> {
            Row after = change.after();
            boolean holds = after != null && predicate.test(mapper.map(after));
            Row keyed = after != null ? after : change.before();
            Row old = holds && after != null ? rows.put(after) : keyed == null ? null : rows.remove(keyed);
            Row now = holds ? after : null;
            if (old != null || now != null) {
                changes.add(new RowChange(old, now));
            }
        });
        ViewState after = new ViewState(
                commit.version(),
                commit.snapshot().schema().orElse(null),
                rows.freeze(),
                null,
                commit.snapshot().isVerified());
        core.publish(new RowCommit(
                commit.origin(), before, after, commit.isMerged(), List.copyOf(changes), null, List.of()));
        follow();
    }

    @Override
    public void onStatus(ViewStatus status) {
        sourceStatus = status;
        follow();
    }

    /** The status of the source holds here too, once its rows are here. */
    private void follow() {
        ViewStatus status = sourceStatus;
        if (status == null
                || failed
                || (status.phase() == Phase.LIVE && !core.state().hasContent())) {
            return;
        }
        // Verification comes without a commit: only the rows of the very version that was verified are.
        ViewState verified = source.core().state();
        if (verified.verified() && verified.version() == core.state().version()) {
            core.verified();
        }
        core.status(status);
    }

    private void sourceClosed() {
        core.status(core.in(Phase.CLOSED, source.context().environment().now(), null));
    }
}
