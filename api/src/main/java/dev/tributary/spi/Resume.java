package dev.tributary.spi;

import dev.tributary.Checkpoint;
import dev.tributary.RowSchema;
import org.jspecify.annotations.Nullable;

/**
 * Where a query goes on from. At least one of carry and checkpoint is there.
 *
 * @param carry what an earlier session of this process gave at its end; the draft that was open then is open again
 * @param checkpoint of the last commit; rows and schema of that commit are held
 * @param schema of the rows held; null when there are none
 */
public record Resume(
        @Nullable Object carry,
        @Nullable Checkpoint checkpoint,
        @Nullable RowSchema schema) {}
