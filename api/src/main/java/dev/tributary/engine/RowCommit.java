package dev.tributary.engine;

import dev.tributary.Commit;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One commit in terms of rows, shared by all who hear it. Its changes are found when first asked for, where they are not
 * given: from the difference of the two states.
 */
final class RowCommit {

    private final Commit.Origin origin;
    private final ViewState before;
    private final ViewState after;
    private final boolean merged;
    private final @Nullable Object metadata;
    private final List<Object> events;
    private volatile @Nullable List<RowChange> changes;

    RowCommit(
            Commit.Origin origin,
            ViewState before,
            ViewState after,
            boolean merged,
            @Nullable List<RowChange> changes,
            @Nullable Object metadata,
            List<Object> events) {
        this.origin = origin;
        this.before = before;
        this.after = after;
        this.merged = merged;
        this.changes = changes;
        this.metadata = metadata;
        this.events = events;
    }

    /** The whole content of a state, as a listener hears it first. */
    static RowCommit initial(ViewState state) {
        return new RowCommit(Commit.Origin.INITIAL, ViewState.NOTHING, state, false, null, null, List.of());
    }

    /** All that lies between two states, per key. */
    static RowCommit merged(ViewState before, ViewState after) {
        return new RowCommit(Commit.Origin.LIVE, before, after, true, null, null, List.of());
    }

    /** The same commit for who cannot go on from it. */
    RowCommit withoutCheckpoint() {
        return new RowCommit(origin, before, after.at(null), merged, changes, metadata, events);
    }

    Commit.Origin origin() {
        return origin;
    }

    ViewState before() {
        return before;
    }

    ViewState after() {
        return after;
    }

    boolean isMerged() {
        return merged;
    }

    @Nullable
    Object metadata() {
        return metadata;
    }

    List<Object> events() {
        return events;
    }

    /** How many changes are held in memory by this commit alone. */
    int heldChanges() {
        List<RowChange> known = changes;
        return known == null ? 0 : known.size();
    }

    /** How many changes there are; a first content is not listed for that. */
    int changeCount() {
        boolean whole = changes == null && before.rows().isEmpty();
        return whole ? after.rows().size() : changes().size();
    }

    List<RowChange> changes() {
        List<RowChange> known = changes;
        if (known == null) {
            known = find();
            changes = known;
        }
        return known;
    }

    private List<RowChange> find() {
        List<RowChange> found = new ArrayList<>();
        if (!sameKeys(before.schema(), after.schema())) {
            // Keys of two shapes cannot be compared: all that was there goes, all that is there comes.
            before.rows().forEach(row -> found.add(new RowChange(row, null)));
            after.rows().forEach(row -> found.add(new RowChange(null, row)));
            return found;
        }
        RowTrie.diff(before.rows(), after.rows(), new RowTrie.DiffSink() {
            @Override
            public void inserted(Row row) {
                found.add(new RowChange(null, row));
            }

            @Override
            public void deleted(Row row) {
                found.add(new RowChange(row, null));
            }

            @Override
            public void updated(Row from, Row to) {
                found.add(new RowChange(from, to));
            }
        });
        return found;
    }

    private static boolean sameKeys(@Nullable RowSchema a, @Nullable RowSchema b) {
        return a == null
                || b == null
                || a.equals(b)
                || (a.declaresKey() && b.declaresKey() && a.keyShape().equals(b.keyShape()));
    }
}
