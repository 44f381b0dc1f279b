package dev.tributary.electric;

import dev.tributary.RowSchema;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the sync of one shape stands. It goes from session to session of a process; a checkpoint is what is left of it
 * after a restart.
 */
final class ShapeState {

    /** How the position is, up to which it was received; the open draft holds what is not committed of it. */
    ShapePosition position;
    /** The columns of the log; null until the server said them. */
    @Nullable
    LogSchema schema;
    /** The columns of rows that were there before; null when there were none. */
    @Nullable
    RowSchema held;
    /** Nothing of the log is in the draft yet: what comes first replaces all that was there. */
    boolean fresh;
    /** The last word was that nothing is missing, so the next request waits for changes. */
    boolean live;
    /** The engine was told so, and nothing has come between. */
    boolean current;
    /** The draft holds what is not committed. */
    boolean dirty;
    /** The offset of the last commit; null before one. */
    @Nullable
    String committed;
    /** The next request must not be answered by a cache. */
    boolean bust;
    /** The log whose rows are visible; null before a commit. */
    @Nullable
    String shown;
    /** That log is read again from its beginning: of a cache it could be what it was before it was shown. */
    boolean rereads;
    /** Columns that the server sends without having described them. */
    final Set<String> undescribed = new LinkedHashSet<>();

    final AppliedLog applied = new AppliedLog();
    final FastLoop fastLoop = new FastLoop();
    final StaleAnswers staleAnswers = new StaleAnswers();
    /** The dead handle whose answers are taken for want of better ones. */
    @Nullable
    String tolerated;
    /** Refusals in a row that the application was asked about. */
    int refusals;
    /** The last of them, as long as the application was not asked. */
    @Nullable
    Throwable refusal;
    /** Incomplete answers in a row. */
    int incomplete;
    /** How often the shape was loaded anew because of them, without a complete streamed answer between. */
    int resyncs;
    /** For the progress of a load. */
    long loadedRows;

    long loadedBytes;

    private ShapeState(ShapePosition position, boolean fresh) {
        this.position = position;
        this.fresh = fresh;
    }

    /** The beginning of a log. */
    static ShapeState beginning(ShapeQuery query) {
        return new ShapeState(ShapePosition.start(null, query.start()), true);
    }

    /**
     * The place of a commit.
     *
     * @param held the columns of its rows; null when no rows are kept
     */
    static ShapeState at(ShapePosition position, @Nullable RowSchema held) {
        ShapeState state = new ShapeState(position, false);
        state.held = held;
        state.committed = position.offset();
        state.shown = position.handle();
        return state;
    }

    /**
     * The log is gone, or of no use: begins that which follows it, past the caches, which may have the beginning of one
     * that is older still.
     *
     * @param handle of the new one if the server named it
     */
    void restart(ShapeQuery query, @Nullable String handle) {
        position = ShapePosition.start(handle, query.start());
        if (schema != null) {
            held = schema.rowSchema();
        }
        schema = null;
        fresh = true;
        live = false;
        bust = true;
        rereads = false;
        committed = null;
        loadedRows = 0;
        loadedBytes = 0;
    }

    /** An answer of this log is taken. */
    void accepted(@Nullable String handle) {
        bust = false;
        rereads |= fresh && handle != null && handle.equals(shown);
    }

    /** All that was received is visible. */
    void committed() {
        dirty = false;
        committed = position.offset();
        shown = position.handle();
        rereads = false;
    }

    /** A new session: its first request does not wait for changes. */
    void catchUp() {
        live = false;
        current = false;
    }
}
