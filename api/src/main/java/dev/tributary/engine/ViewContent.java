package dev.tributary.engine;

import dev.tributary.Checkpoint;
import dev.tributary.Commit;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.ViewStatus;
import dev.tributary.spi.Draft;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of a view, maintained from the drafts of its query. */
final class ViewContent implements Content {

    private static final int LARGE_LOAD = 100_000;

    private final ViewCore core;
    private final long maxBytes;
    /** Rows that are there more than once, for protocols that count copies. */
    private final Map<Row, Integer> copies = new HashMap<>();

    private @Nullable RowDraft draft;

    ViewContent(ViewCore core, long maxBytes) {
        this.core = core;
        this.maxBytes = maxBytes;
    }

    ViewCore core() {
        return core;
    }

    @Override
    public boolean keepsRows() {
        return true;
    }

    @Override
    public boolean hasContent() {
        return core.state().hasContent();
    }

    @Override
    public @Nullable Checkpoint checkpoint() {
        return core.state().checkpoint();
    }

    @Override
    public @Nullable RowSchema schema() {
        return core.state().schema();
    }

    @Override
    public boolean isVerified() {
        return core.state().verified();
    }

    @Override
    public void verified() {
        core.verified();
    }

    @Override
    public Draft draft() {
        RowDraft open = draft;
        if (open == null) {
            open = new RowDraft(core.state(), copies, maxBytes);
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
        core.cell().set(core.slot(), core.state().at(null));
    }

    @Override
    public @Nullable RowCommit close(@Nullable Object metadata) {
        RowDraft open = draft;
        draft = null;
        if (open == null) {
            return null;
        }
        ViewState state = core.state();
        if (!open.isTouched()) {
            ViewState moved = state.at(open.checkpoint());
            core.cell().set(core.slot(), open.isVerified() ? moved.asVerified() : moved);
            return null;
        }
        RowCommit commit = open.commit(state.version() + 1, metadata);
        open.settleCopies(copies);
        if (commit.origin() != Commit.Origin.LIVE && commit.after().rows().size() >= LARGE_LOAD) {
            rehearse(commit.after());
        }
        return commit;
    }

    /** A large load leaves nothing of a commit's code in the processor's caches: the next one would wait for it. */
    private void rehearse(ViewState loaded) {
        RowDraft unused = new RowDraft(loaded, copies, maxBytes);
        Row row = loaded.rows().iterator().next();
        unused.patch(row);
        unused.commit(loaded.version() + 1, null).changes();
    }

    @Override
    public void announce(RowCommit commit) {
        core.announce(commit);
    }

    @Override
    public ViewStatus status() {
        return core.status();
    }

    @Override
    public void status(ViewStatus status) {
        core.status(status);
    }

    @Override
    public boolean mayShareSession() {
        return true;
    }

    @Override
    public boolean isFull() {
        return false;
    }
}
