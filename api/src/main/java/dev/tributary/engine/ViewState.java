package dev.tributary.engine;

import dev.tributary.Checkpoint;
import dev.tributary.RowSchema;
import org.jspecify.annotations.Nullable;

/**
 * The content of a view at one instant.
 *
 * @param version of the commit that made it; 0 before the first
 */
record ViewState(
        long version,
        @Nullable RowSchema schema,
        RowTrie rows,
        @Nullable Checkpoint checkpoint) {

    static final ViewState NOTHING = new ViewState(0, null, RowTrie.EMPTY, null);

    boolean hasContent() {
        return version > 0;
    }
}
