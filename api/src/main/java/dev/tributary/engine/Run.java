package dev.tributary.engine;

import dev.tributary.Query;
import dev.tributary.spi.Resume;
import dev.tributary.spi.Subscription;
import org.jspecify.annotations.Nullable;

/** One query in one session, as the protocol names it. */
final class Run implements Subscription {

    private final LiveQuery live;
    private final @Nullable Resume resume;
    private boolean ended;

    Run(LiveQuery live) {
        this.live = live;
        this.resume = live.resume();
    }

    LiveQuery live() {
        return live;
    }

    boolean isEnded() {
        return ended;
    }

    void markEnded() {
        ended = true;
    }

    @Override
    public Query query() {
        return live.query();
    }

    @Override
    public @Nullable Resume resume() {
        return resume;
    }

    @Override
    public boolean keepsRows() {
        return live.content().keepsRows();
    }

    @Override
    public String toString() {
        return live.query().toString();
    }
}
