package dev.tributary.sodp;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands beside the value of a key in each commit, as {@link dev.tributary.Commit#metadata} has it.
 *
 * @param key the state key
 * @param version the server's; 0 for a key that was never written. It may fall, after a restart or a deletion
 * @param initialized false when the key was never written, or deleted
 * @param source where the value came from
 * @param replayed whether it was missed while there was no connection, and told afterwards, as a {@link MissedStep}
 * @param stepsSkipped whether there may have been steps between the last commit and this one that nobody will tell
 * @param params as the server gave them back; null for none
 */
public record WatchMeta(
        String key,
        long version,
        boolean initialized,
        Source source,
        boolean replayed,
        boolean stepsSkipped,
        @Nullable Map<String, @Nullable Object> params) {

    /** Where a value came from. */
    public enum Source {
        /** It was here already, for another view of the same key. */
        CACHE,
        /** The server told the whole value. */
        INIT,
        /** The server told what changed. */
        DELTA
    }
}
