package dev.tributary.engine;

import dev.tributary.Checkpoint;
import dev.tributary.RowSchema;
import org.jspecify.annotations.Nullable;

/**
 * The content of a view at one instant.
 *
 * @param version of the commit that made it; 0 before the first
 * @param verified whether the rows are known to be whole. Of one version it may become true, and never false again
 */
record ViewState(
        long version,
        @Nullable RowSchema schema,
        RowTrie rows,
        @Nullable Checkpoint checkpoint,
        boolean verified) {

    static final ViewState NOTHING = new ViewState(0, null, RowTrie.EMPTY, null, true);

    boolean hasContent() {
        return version > 0;
    }

    /** The same rows with another place to go on from. */
    ViewState at(@Nullable Checkpoint next) {
        return new ViewState(version, schema, rows, next, verified);
    }

    /** The same rows, now known to be whole. */
    ViewState asVerified() {
        return verified ? this : new ViewState(version, schema, rows, checkpoint, true);
    }
}
