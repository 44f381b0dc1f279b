package dev.tributary.engine;

import dev.tributary.Commit;
import dev.tributary.Phase;
import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.ViewListener;
import dev.tributary.ViewStatus;
import java.time.Instant;
import java.util.concurrent.Executor;

/**
 * A view with two rows that always hold one number, as the engine keeps it: what an actor commits with {@link #commit} is
 * whole only if a reader finds that number in both.
 */
final class Sight {

    private static final long[] IDS = {1, 2};

    final ViewCore core;
    final ViewContent content;

    /** A view in a cell; its first commit holds 1. */
    Sight(StateCell cell) {
        core = new ViewCore(Query.of("rows"), cell, Instant.EPOCH);
        content = new ViewContent(core, Long.MAX_VALUE);
        commit(1);
    }

    Sight() {
        this(new StateCell());
    }

    /** The open commit of this number, ready to be shown. */
    RowCommit close(long number) {
        if (number == 1) {
            content.draft().replaceAll(RowTrieRows.SCHEMA);
        }
        for (long id : IDS) {
            content.draft().put(RowTrieRows.row(id, number));
        }
        RowCommit commit = content.close(null);
        if (commit == null) {
            throw new IllegalStateException("nothing was committed");
        }
        return commit;
    }

    void commit(long number) {
        core.publish(close(number));
    }

    void phase(Phase phase) {
        core.status(core.in(phase, Instant.EPOCH, null));
    }

    RowSnapshot<Row> snapshot() {
        return new RowSnapshot<>(core.state(), row -> row);
    }

    /** The number of this state; 0 for none, -1 when its rows are not of one commit. */
    static long number(ViewState state) {
        long number = 0;
        for (long id : IDS) {
            Row row = state.rows().get(RowTrieRows.row(id, 0));
            Long value = row == null ? null : row.getLong("value");
            if (value == null || (number != 0 && number != value)) {
                return state.hasContent() ? -1 : 0;
            }
            number = value;
        }
        return number == state.version() ? number : -1;
    }

    ListenerQueue<Row> listener(ViewListener<Row> listener, Executor executor) {
        return new ListenerQueue<>(core, row -> row, listener, executor, failure -> {
            throw new IllegalStateException(failure);
        });
    }

    /**
     * Keeps what it hears in plain fields: calls come one at a time, each seeing what the one before left. {@code number}
     * is what the commits compose to, -1 when one did not follow on those before.
     */
    static final class Ear implements ViewListener<Row> {

        long number;
        int commits;
        int afterwards;
        volatile boolean closed;

        @Override
        public void onCommit(Commit<Row> commit) {
            commits++;
            if (closed) {
                afterwards++;
            }
            long before = number;
            long after = 0;
            for (var change : commit.changes()) {
                Row row = change.after();
                Row old = change.before();
                Long value = row == null ? null : row.getLong("value");
                Long oldValue = old == null ? Long.valueOf(0) : old.getLong("value");
                if (value == null || oldValue == null || oldValue != before || (after != 0 && value != after)) {
                    number = -1;
                    return;
                }
                after = value;
            }
            number = commit.changes().size() == IDS.length ? after : -1;
        }

        @Override
        public void onStatus(ViewStatus status) {}
    }
}
