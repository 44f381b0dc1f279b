package dev.tributary.engine;

import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.ViewListener;
import dev.tributary.spi.Draft;
import java.time.Instant;
import java.util.concurrent.Executor;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** The rows of one view as the engine keeps them, without a source: filled by one commit, changed by others. */
@NullMarked
public final class FirstLoad {

    private final ViewCore core = new ViewCore(Query.of("items"), new StateCell(), Instant.EPOCH);
    private final ViewContent content = new ViewContent(core, Long.MAX_VALUE);

    /** Nothing yet; the draft says what rows there will be. */
    public FirstLoad() {}

    /** A load of rows of this schema. */
    public FirstLoad(RowSchema schema) {
        content.draft().replaceAll(schema);
    }

    /** The open commit. */
    public Draft draft() {
        return content.draft();
    }

    /** Puts a row into the open commit. */
    public void put(Row row) {
        content.draft().put(row);
    }

    /** Changes a row in the open commit by a partial one. */
    public void patch(Row partial) {
        content.draft().patch(partial);
    }

    /** Makes the open commit visible and tells it to the listeners. */
    public FirstLoad commit() {
        RowCommit commit = content.close(null);
        if (commit != null) {
            core.publish(commit);
        }
        return this;
    }

    /** Hears all commits. */
    public void listen(ViewListener<Row> listener, Executor executor) {
        core.add(new ListenerQueue<>(core, row -> row, listener, executor, failure -> {
            throw new IllegalStateException(failure);
        }));
    }

    /** What {@link View#snapshot} gives. */
    RowSnapshot<Row> snapshot() {
        return new RowSnapshot<>(core.state(), row -> row);
    }

    /** The row with the same key. */
    public @Nullable Row get(Row keyed) {
        return core.state().rows().get(keyed);
    }

    /** How many rows are visible. */
    public int size() {
        return core.state().rows().size();
    }
}
