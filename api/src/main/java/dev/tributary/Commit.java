package dev.tributary;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Changes that become visible together, in server order. Immutable.
 *
 * @param <T> what rows are read as
 */
public interface Commit<T> {

    /** Where a commit comes from. */
    enum Origin {
        /** The first that a listener hears: the whole content, as inserts. */
        INITIAL,
        /** The server changed its rows. */
        LIVE,
        /** The server's log was gone and the view was synced anew: these are the differences. */
        RESET
    }

    Origin origin();

    /** The engine's own number of the commit; it never goes back. */
    long version();

    /** The net changes, one for each key. */
    List<Change<T>> changes();

    /** The content after this commit. Empty for {@link SyncSource#changes} where it keeps no rows. */
    Snapshot<T> snapshot();

    /** Whether several commits were merged per key, because the listener was slow. */
    boolean isMerged();

    /** From here the query goes on after this commit; null where the transport cannot. */
    @Nullable
    Checkpoint checkpoint();

    /** What the transport tells beside the rows, for example log positions. Empty for merged commits. */
    <M> Optional<M> metadata(Class<M> type);
}
