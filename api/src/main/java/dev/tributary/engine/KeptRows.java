package dev.tributary.engine;

import dev.tributary.Checkpoint;
import dev.tributary.Commit;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.spi.Draft;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a query that nobody reads as a view: kept because its protocol cannot tell a change without them. What is
 * told has no checkpoint, for without the rows nobody could go on from it.
 */
final class KeptRows implements Drafting {

    private final long maxBytes;
    private final Map<Row, Integer> copies = new HashMap<>();
    private ViewState state = ViewState.NOTHING;
    private @Nullable RowDraft draft;

    KeptRows(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public boolean keepsRows() {
        return true;
    }

    @Override
    public boolean hasContent() {
        return state.hasContent();
    }

    @Override
    public @Nullable Checkpoint checkpoint() {
        return state.checkpoint();
    }

    @Override
    public @Nullable RowSchema schema() {
        return state.schema();
    }

    @Override
    public boolean isVerified() {
        return state.verified();
    }

    @Override
    public void verified() {
        state = state.asVerified();
    }

    @Override
    public Draft draft() {
        RowDraft open = draft;
        if (open == null) {
            open = new RowDraft(state, copies, maxBytes);
            draft = open;
        }
        return open;
    }

    @Override
    public void dropDraft() {
        draft = null;
    }

    @Override
    public boolean isOutgrown() {
        return draft != null && draft.isOutgrown();
    }

    @Override
    public void forgetCheckpoint() {
        state = state.at(null);
    }

    @Override
    public @Nullable RowCommit close(@Nullable Object metadata) {
        RowDraft open = draft;
        draft = null;
        if (open == null) {
            return null;
        }
        if (!open.isTouched()) {
            ViewState moved = state.at(open.checkpoint());
            state = open.isVerified() ? moved.asVerified() : moved;
            return null;
        }
        RowCommit commit = open.commit(state.version() + 1, metadata);
        open.settleCopies(copies);
        state = commit.after();
        return isNews(commit) ? commit.withoutCheckpoint() : null;
    }

    /** A reset may have changed nothing in the end. */
    private static boolean isNews(RowCommit commit) {
        return commit.origin() == Commit.Origin.INITIAL
                || !commit.changes().isEmpty()
                || !commit.events().isEmpty();
    }
}
