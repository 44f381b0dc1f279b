package dev.tributary.engine;

import dev.tributary.Checkpoint;
import dev.tributary.RowSchema;
import dev.tributary.spi.Draft;
import org.jspecify.annotations.Nullable;

/** A query whose rows are not kept: what is committed is a place in the server's log. */
final class PassingRows implements Drafting {

    private final long maxBytes;
    private ViewState state;
    private @Nullable PassingDraft draft;

    PassingRows(@Nullable Checkpoint from, long maxBytes) {
        this.maxBytes = maxBytes;
        this.state = ViewState.NOTHING.at(from);
    }

    @Override
    public boolean keepsRows() {
        return false;
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
        PassingDraft open = draft;
        if (open == null) {
            open = new PassingDraft(state, !state.hasContent() && state.checkpoint() == null, maxBytes);
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
        PassingDraft open = draft;
        draft = null;
        if (open == null) {
            return null;
        }
        long version = open.isTouched() ? state.version() + 1 : state.version();
        state = open.after(version);
        return open.isTouched() ? open.commit(version, metadata) : null;
    }
}
