/**
 * What an application uses: open a {@link dev.tributary.SyncSource}, materialize a query, read the
 * {@link dev.tributary.MaterializedView}.
 */
@NullMarked
package dev.tributary;

import org.jspecify.annotations.NullMarked;
