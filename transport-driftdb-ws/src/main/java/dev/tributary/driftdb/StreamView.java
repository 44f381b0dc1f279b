package dev.tributary.driftdb;

import dev.tributary.spi.Output;
import dev.tributary.spi.Subscription;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One query over the messages of its key. It outlives sessions: a view is the carry of its own query.
 */
interface StreamView {

    /** Above every number that a server counts to: asks for nothing, and is answered. */
    long NOTHING = 9_007_199_254_740_991L;

    /** More entries than this are not read again as a whole. */
    int SMALL = 200;

    /** It is served by this subscription from now on. */
    void attach(Subscription subscription);

    Subscription subscription();

    /** The number above which the next read must reach. */
    long above();

    /** Wants the whole stream at the next read. */
    void wantWhole();

    /**
     * Wants to be compared as a whole, when the whole can be read: from the end of a long stream alone nobody sees what
     * became of its beginning.
     */
    default void wantComparison() {}

    /** Whether what is retained above this number is a part of what it holds: before it, it may hold what is gone. */
    default boolean isPart(long above) {
        return false;
    }

    /** The read under way failed: perhaps it was too much. */
    default void readFailed() {}

    /** A read begins now: what arrives from here on may or may not be in it. */
    void mark();

    /**
     * The retained entries above a number, in their order, as they were at some moment since the last {@link #mark}.
     *
     * @return false when they cannot go together with what is held, and the whole stream must be read
     */
    boolean read(List<Entry> entries, long above, boolean opening, Output out);

    /**
     * A message arrived.
     *
     * @param own what it was, when it is ours; null when it is somebody else's, of which nobody is told
     */
    void message(Entry entry, @Nullable Action own, Output out);

    /** Whether messages came that no read has confirmed yet. */
    boolean isUnverified();

    /** Whether it should hold all that is retained, and holds less than this. */
    default boolean holdsFewerThan(long size) {
        return false;
    }

    /** Whether comparing it with what is retained makes sense. */
    default boolean isAudited() {
        return true;
    }
}
