package dev.tributary.spi;

import dev.tributary.Query;
import org.jspecify.annotations.Nullable;

/** One query that a session serves. Compared by identity. */
public interface Subscription {

    Query query();

    /** Where to go on from; null to begin at the beginning. */
    @Nullable
    Resume resume();

    /**
     * Whether rows are kept. If not, {@link Draft#get} knows none, and {@link Draft#patch} passes partial rows on.
     */
    boolean keepsRows();
}
