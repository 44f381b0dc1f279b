package dev.tributary.engine;

import dev.tributary.Change;
import dev.tributary.Checkpoint;
import dev.tributary.Commit;
import dev.tributary.LimitExceededException;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.spi.Draft;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The open commit of a query whose rows are not kept: changes pass as they come. */
final class PassingDraft implements Draft {

    private final long maxBytes;
    private final boolean first;
    private @Nullable RowSchema schema;
    private @Nullable Checkpoint checkpoint;
    private boolean replacing;
    private boolean verified;
    private List<RowChange> changes = new ArrayList<>();
    private final List<Object> events = new ArrayList<>();
    private long bytes;

    PassingDraft(ViewState base, boolean first, long maxBytes) {
        this.schema = base.schema();
        this.checkpoint = base.checkpoint();
        this.verified = base.verified();
        this.first = first;
        this.maxBytes = maxBytes;
    }

    @Override
    public void replaceAll(RowSchema newSchema) {
        schema = newSchema;
        checkpoint = null;
        replacing = true;
        verified = true;
        changes = new ArrayList<>();
        events.clear();
        bytes = 0;
    }

    @Override
    public @Nullable RowSchema schema() {
        return schema;
    }

    @Override
    public @Nullable Row get(Row keyed) {
        return null;
    }

    @Override
    public void put(Row row) {
        pass(new RowChange(null, row));
    }

    @Override
    public boolean patch(Row partial, @Nullable Row before) {
        pass(new RowChange(Change.Kind.UPDATE, before, partial));
        return true;
    }

    @Override
    public Row remove(Row keyed) {
        pass(new RowChange(keyed, null));
        return keyed;
    }

    @Override
    public int add(Row row, int copies) {
        pass(copies > 0 ? new RowChange(null, row) : new RowChange(row, null));
        return copies;
    }

    private void pass(RowChange change) {
        charge(change.keyed().sizeInBytes());
        changes.add(change);
    }

    private void charge(long more) {
        bytes += more;
        if (bytes > maxBytes) {
            throw new LimitExceededException("an open transaction holds more than " + maxBytes
                    + " bytes; raise the option '" + EngineOptions.MAX_TRANSACTION.name() + "'");
        }
    }

    @Override
    public void event(Object event) {
        charge(RowDraft.sizeOf(event));
        events.add(event);
    }

    @Override
    public void checkpoint(@Nullable Checkpoint next) {
        checkpoint = next;
    }

    @Override
    public void verified(boolean whole) {
        verified = whole;
    }

    @Override
    public int size() {
        return 0;
    }

    boolean isOutgrown() {
        return bytes > maxBytes;
    }

    boolean isTouched() {
        return replacing || !changes.isEmpty() || !events.isEmpty();
    }

    /** What is known after it, without rows. */
    ViewState after(long version) {
        return new ViewState(version, schema, RowTrie.EMPTY, checkpoint, verified);
    }

    RowCommit commit(long version, @Nullable Object metadata) {
        Commit.Origin origin = first ? Commit.Origin.INITIAL : replacing ? Commit.Origin.RESET : Commit.Origin.LIVE;
        return new RowCommit(
                origin, ViewState.NOTHING, after(version), false, List.copyOf(changes), metadata, List.copyOf(events));
    }
}
