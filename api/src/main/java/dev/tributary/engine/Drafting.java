package dev.tributary.engine;

import dev.tributary.Checkpoint;
import dev.tributary.RowSchema;
import dev.tributary.spi.Draft;
import org.jspecify.annotations.Nullable;

/** What is committed of a query, and the draft over it. Used on the source's queue only. */
interface Drafting {

    boolean keepsRows();

    /** Whether anything was ever committed or restored. */
    boolean hasContent();

    @Nullable
    Checkpoint checkpoint();

    @Nullable
    RowSchema schema();

    /** Whether what is committed is known to be whole. */
    boolean isVerified();

    /** What is committed is known to be whole. */
    void verified();

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
}
