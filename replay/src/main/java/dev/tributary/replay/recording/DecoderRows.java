package dev.tributary.replay.recording;

import dev.tributary.Checkpoint;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.spi.Draft;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The plainest store that keeps what a draft promises: a map, copied for each open commit. */
public final class DecoderRows implements Draft {

    private record Key(Row row) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key that && row.sameKey(that.row);
        }

        @Override
        public int hashCode() {
            return row.keyHash();
        }
    }

    private Map<Key, Row> rows = new LinkedHashMap<>();
    private @Nullable RowSchema schema;
    private @Nullable Checkpoint checkpoint;

    private @Nullable Map<Key, Row> draft;
    private @Nullable RowSchema draftSchema;
    private @Nullable Checkpoint draftCheckpoint;
    private int commits;
    private final List<Object> draftEvents = new ArrayList<>();
    private Watcher watcher = new Watcher() {};

    /** Hears what a commit brings. */
    public interface Watcher {

        /** A row that was not there before. */
        default void put(Row row) {}

        /** Something that passed by. */
        default void passed(Object event) {}
    }

    /** Hears what commits bring from now on. */
    public void watch(Watcher other) {
        watcher = other;
    }

    /** The rows of the last commit. */
    public Collection<Row> rows() {
        return rows.values();
    }

    /** The schema of the last commit; null before the first. */
    public @Nullable RowSchema committedSchema() {
        return schema;
    }

    public @Nullable Checkpoint committedCheckpoint() {
        return checkpoint;
    }

    public int commits() {
        return commits;
    }

    /** A store of its own with what was committed to this one. */
    public DecoderRows copy() {
        DecoderRows copy = new DecoderRows();
        copy.rows = new LinkedHashMap<>(rows);
        copy.schema = schema;
        copy.checkpoint = checkpoint;
        return copy;
    }

    public void commit() {
        Map<Key, Row> before = rows;
        rows = open();
        rows.forEach((key, row) -> {
            if (!row.equals(before.get(key))) {
                watcher.put(row);
            }
        });
        draftEvents.forEach(watcher::passed);
        schema = schema();
        checkpoint = draftCheckpoint == null ? checkpoint : draftCheckpoint;
        commits++;
        drop();
    }

    public void drop() {
        draft = null;
        draftEvents.clear();
        draftSchema = null;
        draftCheckpoint = null;
    }

    private Map<Key, Row> open() {
        if (draft == null) {
            draft = new LinkedHashMap<>(rows);
        }
        return draft;
    }

    @Override
    public void replaceAll(RowSchema other) {
        draft = new LinkedHashMap<>();
        draftSchema = other;
    }

    @Override
    public @Nullable RowSchema schema() {
        return draftSchema == null ? schema : draftSchema;
    }

    @Override
    public @Nullable Row get(Row keyed) {
        return open().get(new Key(keyed));
    }

    @Override
    public void put(Row row) {
        Key key = new Key(row);
        // The key of a map entry stays when its value is replaced.
        open().remove(key);
        open().put(key, row);
    }

    @Override
    public boolean patch(Row partial, @Nullable Row before) {
        Row held = get(partial);
        if (held == null) {
            return false;
        }
        put(held.merge(partial));
        return true;
    }

    @Override
    public @Nullable Row remove(Row keyed) {
        return open().remove(new Key(keyed));
    }

    @Override
    public int add(Row row, int copies) {
        throw new UnsupportedOperationException("counted rows");
    }

    @Override
    public void event(Object event) {
        draftEvents.add(event);
    }

    @Override
    public void checkpoint(@Nullable Checkpoint next) {
        draftCheckpoint = next;
    }

    @Override
    public void verified(boolean whole) {}

    @Override
    public int size() {
        return open().size();
    }
}
