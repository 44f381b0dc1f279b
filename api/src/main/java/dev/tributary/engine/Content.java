package dev.tributary.engine;

import dev.tributary.Checkpoint;
import dev.tributary.RowSchema;
import dev.tributary.ViewStatus;
import dev.tributary.spi.Draft;
import org.jspecify.annotations.Nullable;

/** Where the commits of a query go: into the rows of a view, or past a subscriber. Used on the source's queue only. */
interface Content {

    boolean keepsRows();

    /** Whether anything was ever committed or restored. */
    boolean hasContent();

    @Nullable
    Checkpoint checkpoint();

    @Nullable
    RowSchema schema();

    /** The open draft; a new one when there is none. */
    Draft draft();

    void dropDraft();

    /** Whether the open draft holds more than it may. */
    boolean isOutgrown();

    /** The next commit starts anew: its checkpoint is worth nothing. */
    void forgetCheckpoint();

    /**
     * Closes the draft.
     *
     * @return null when it changed no row; then only the checkpoint moved
     */
    @Nullable
    RowCommit close(@Nullable Object metadata);

    /** Tells the commit to whoever listens; its state was made visible before. */
    void announce(RowCommit commit);

    ViewStatus status();

    void status(ViewStatus status);

    /** Whether the wire should wait, because whoever reads is slow. */
    boolean isFull();
}
