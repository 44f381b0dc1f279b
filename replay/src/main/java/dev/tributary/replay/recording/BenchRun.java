package dev.tributary.replay.recording;

import dev.tributary.Query;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Resume;
import dev.tributary.spi.Subscription;
import org.jspecify.annotations.Nullable;

/** One query on a {@link ProtocolBench}, with the rows that it keeps over all connections. */
public final class BenchRun implements Subscription {

    private final Query query;
    private final DecoderRows rows = new DecoderRows();
    private @Nullable Resume resume;
    private @Nullable Ending ending;
    private boolean active;

    public BenchRun(Query query) {
        this.query = query;
    }

    @Override
    public Query query() {
        return query;
    }

    @Override
    public @Nullable Resume resume() {
        return resume;
    }

    @Override
    public boolean keepsRows() {
        return true;
    }

    public DecoderRows rows() {
        return rows;
    }

    /** Whether a session serves it. */
    public boolean isActive() {
        return active;
    }

    /** How the last session ended it; null for none. */
    public @Nullable Ending ending() {
        return ending;
    }

    void begun() {
        active = true;
    }

    void ended(Ending how, @Nullable Object carry) {
        active = false;
        ending = how;
        boolean nothing = carry == null && rows.committedCheckpoint() == null;
        resume = nothing ? null : new Resume(carry, rows.committedCheckpoint(), rows.committedSchema());
        rows.drop();
    }
}
