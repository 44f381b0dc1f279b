package dev.tributary.spacetimedb;

import dev.tributary.Row;
import dev.tributary.spacetimedb.codec.RowSink;
import dev.tributary.spacetimedb.types.RowDecoder;
import dev.tributary.spi.Draft;
import dev.tributary.spi.Output;
import org.jspecify.annotations.Nullable;

/** The first rows of a query set while their message comes: they go into the draft of its view one by one. */
final class Load {

    /** It says how far it is each time so many bytes came, not with each of the server's small fragments. */
    private static final long PROGRESS_BYTES = 1L << 20;

    private final QuerySet set;
    private final boolean counted;
    private final RowTaker taken;
    private @Nullable Draft draft;
    private long nextProgress;

    /** @param counted whether one row may come several times */
    Load(QuerySet set, RowDecoder decoder, boolean counted, Output out) {
        this.set = set;
        this.counted = counted;
        this.taken = new RowTaker(decoder, this::add);
        Draft begun = out.draft(set.subscription());
        begun.replaceAll(decoder.layout().schema());
        this.draft = begun;
    }

    private void add(Row row) {
        Draft to = draft;
        if (to == null) {
            return;
        }
        if (counted) {
            to.add(row, 1);
        } else {
            to.put(row);
        }
    }

    QuerySet set() {
        return set;
    }

    /** Who takes its rows. */
    RowSink sink() {
        return taken;
    }

    /** So many came. */
    long rows() {
        return taken.rows();
    }

    /** How far it is when its message goes on. */
    void progress(Output out) {
        if (taken.bytes() >= nextProgress) {
            nextProgress = taken.bytes() + PROGRESS_BYTES;
            out.progress(set.subscription(), taken.rows(), taken.bytes(), Double.NaN);
        }
    }

    /** What still comes is nobody's. */
    void end() {
        draft = null;
    }
}
