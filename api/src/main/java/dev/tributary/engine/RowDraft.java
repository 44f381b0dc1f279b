package dev.tributary.engine;

import dev.tributary.Checkpoint;
import dev.tributary.Commit;
import dev.tributary.LimitExceededException;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.spi.Draft;
import dev.tributary.spi.SizedDocument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The open commit of a query whose rows are kept. It edits a transient trie off the committed one; a new content is
 * gathered in a list first, so that a bulk load builds its trie at once.
 */
final class RowDraft implements Draft {

    /** More changes than this are not remembered one by one: they are found from the difference of the tries. */
    private static final int MAX_REMEMBERED = 16_384;

    private static final int SMALL_EVENT = 128;

    private final ViewState base;
    private final Map<Row, Integer> baseCopies;
    private final long maxBytes;

    private @Nullable RowSchema schema;
    private @Nullable Checkpoint checkpoint;
    private boolean replacing;
    /** The rows of a new content, as long as they only come; then null, and {@link #rows} is used. */
    private @Nullable RowLoad loading;

    private RowTrie.@Nullable Transient rows;
    /** What was done to which key, in order; null once there was too much. */
    private @Nullable List<RowChange> done = new ArrayList<>();

    private final Map<Row, Integer> copies = new HashMap<>();
    private final List<Object> events = new ArrayList<>();
    private long bytes;
    private boolean touched;
    private boolean verified;
    /** Whether rows of a new content were put and not counted: each of them is there once. */
    private boolean uncounted;

    RowDraft(ViewState base, Map<Row, Integer> baseCopies, long maxBytes) {
        this.base = base;
        this.baseCopies = baseCopies;
        this.maxBytes = maxBytes;
        this.schema = base.schema();
        this.checkpoint = base.checkpoint();
        this.verified = base.verified();
    }

    @Override
    public void replaceAll(RowSchema newSchema) {
        schema = newSchema;
        checkpoint = null;
        replacing = true;
        verified = true;
        touched = true;
        loading = new RowLoad();
        rows = null;
        done = null;
        copies.clear();
        events.clear();
        bytes = 0;
        uncounted = false;
    }

    @Override
    public @Nullable RowSchema schema() {
        return schema;
    }

    @Override
    public @Nullable Row get(Row keyed) {
        return editing().get(keyed);
    }

    @Override
    public void put(Row row) {
        uncounted = true;
        enter(row);
    }

    private void enter(Row row) {
        charge(row);
        if (loading != null) {
            loading.add(row);
            return;
        }
        remember(editing().put(row), row);
    }

    @Override
    public boolean patch(Row partial, @Nullable Row before) {
        Row held = editing().get(partial);
        if (held == null) {
            return false;
        }
        Row merged = held.merge(partial);
        charge(merged);
        editing().put(merged);
        remember(held, merged);
        return true;
    }

    @Override
    public @Nullable Row remove(Row keyed) {
        Row removed = editing().remove(keyed);
        if (removed != null) {
            touched = true;
            remember(removed, null);
        }
        return removed;
    }

    @Override
    public int add(Row row, int more) {
        int before = copiesOf(row);
        int now = before + more;
        copies.put(row, now);
        touched = true;
        if (before <= 0 && now > 0) {
            enter(row);
        } else if (before > 0 && now <= 0) {
            // Another row of this key may have come before this one left.
            if (row.equals(editing().get(row))) {
                remove(row);
            }
        }
        return now;
    }

    private int copiesOf(Row row) {
        Integer changed = copies.get(row);
        if (changed != null) {
            return changed;
        }
        if (replacing) {
            return uncounted && row.equals(editing().get(row)) ? 1 : 0;
        }
        return baseCopies.getOrDefault(row, row.equals(base.rows().get(row)) ? 1 : 0);
    }

    @Override
    public void event(Object event) {
        charge(sizeOf(event));
        events.add(event);
    }

    /** An event is an object of the transport; one that says nothing of its size is taken for a small one. */
    static long sizeOf(Object event) {
        return event instanceof SizedDocument sized ? sized.sizeInBytes() : SMALL_EVENT;
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
        return editing().size();
    }

    /** The rows as they can be edited; what was loaded so far is built at the first need. */
    private RowTrie.Transient editing() {
        RowTrie.Transient edits = rows;
        if (edits == null) {
            edits = (loading == null ? base.rows() : loading.build()).edit();
            loading = null;
            rows = edits;
        }
        return edits;
    }

    private void charge(Row row) {
        charge(row.sizeInBytes());
    }

    private void charge(long more) {
        touched = true;
        bytes += more;
        if (bytes > maxBytes) {
            throw new LimitExceededException("an open transaction holds more than " + maxBytes
                    + " bytes; raise the option '" + EngineOptions.MAX_TRANSACTION.name() + "'");
        }
    }

    private void remember(@Nullable Row before, @Nullable Row after) {
        if (done == null) {
            return;
        }
        if (done.size() >= MAX_REMEMBERED) {
            done = null;
            return;
        }
        done.add(new RowChange(before, after));
    }

    boolean isOutgrown() {
        return bytes > maxBytes;
    }

    boolean isTouched() {
        return touched;
    }

    boolean isVerified() {
        return verified;
    }

    @Nullable
    Checkpoint checkpoint() {
        return checkpoint;
    }

    /** The commit that this draft is. The draft is used up. */
    RowCommit commit(long version, @Nullable Object metadata) {
        RowTrie after = loading != null ? loading.build() : touched ? editing().freeze() : base.rows();
        ViewState next = new ViewState(version, schema, after, checkpoint, verified);
        Commit.Origin origin =
                !base.hasContent() ? Commit.Origin.INITIAL : replacing ? Commit.Origin.RESET : Commit.Origin.LIVE;
        List<RowChange> changes = done == null || !base.hasContent() ? null : netChanges(done);
        return new RowCommit(origin, base, next, false, changes, metadata, List.copyOf(events));
    }

    /** Carries the counts of copies over into those of the committed rows. */
    void settleCopies(Map<Row, Integer> committed) {
        if (replacing) {
            committed.clear();
        }
        copies.forEach((row, count) -> {
            if (count > 1) {
                committed.put(row, count);
            } else {
                committed.remove(row);
            }
        });
    }

    /** One change for each key, at the place of its first; none where nothing changed in the end. */
    private static List<RowChange> netChanges(List<RowChange> done) {
        if (done.size() == 1) {
            RowChange only = done.get(0);
            return Objects.equals(only.before(), only.after()) ? List.of() : List.of(only);
        }
        Map<KeyOf, Integer> placeOfKey = new HashMap<>();
        List<RowChange> net = new ArrayList<>(done.size());
        for (RowChange change : done) {
            Integer place = placeOfKey.putIfAbsent(new KeyOf(change.keyed()), net.size());
            if (place == null) {
                net.add(change);
            } else {
                net.set(place, new RowChange(net.get(place).before(), change.after()));
            }
        }
        net.removeIf(change -> Objects.equals(change.before(), change.after()));
        return List.copyOf(net);
    }

    /** A row compared by its key alone. */
    private static final class KeyOf {

        private final Row row;

        KeyOf(Row row) {
            this.row = row;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof KeyOf that && row.sameKey(that.row);
        }

        @Override
        public int hashCode() {
            return row.keyHash();
        }
    }
}
