package dev.tributary.engine;

import dev.tributary.ViewStatus;

/** Where the commits of a query go: into the rows of a view, or past a subscriber. Used on the source's queue only. */
interface Content extends Drafting {

    /** Tells the commit to whoever listens; its state was made visible before. */
    void announce(RowCommit commit);

    ViewStatus status();

    void status(ViewStatus status);

    /** Whether its query may be served by one session with others. */
    boolean mayShareSession();

    /** Whether the wire should wait, because whoever reads is slow. */
    boolean isFull();
}
