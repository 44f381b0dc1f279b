package dev.tributary.conformance;

import dev.tributary.Change;
import dev.tributary.Commit;
import dev.tributary.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A subscriber of {@code changes()} that adds up what it hears. */
final class Subscriber implements Flow.Subscriber<Commit<Row>> {

    private final World world;
    private final long firstDemand;
    private boolean keepsRows;
    /** By key. */
    private final Map<List<@Nullable Object>, Row> rows = new HashMap<>();

    private final List<Change<Row>> changes = new ArrayList<>();
    private Flow.@Nullable Subscription subscription;
    private @Nullable Throwable failure;
    private @Nullable Integer lastBefore;

    Subscriber(World world, long firstDemand) {
        this.world = world;
        this.firstDemand = firstDemand;
    }

    void request(long more) {
        if (subscription != null) {
            subscription.request(more);
        }
    }

    void cancel() {
        if (subscription != null) {
            subscription.cancel();
        }
    }

    /** Whether the engine keeps the rows for it. */
    boolean keepsRows() {
        return keepsRows;
    }

    /** The value before that the last change told; null when it told none. */
    @Nullable
    Integer lastBefore() {
        return lastBefore;
    }

    /** All changes that it heard, in order. */
    List<Change<Row>> changes() {
        return Collections.unmodifiableList(changes);
    }

    /** What it made of the changes: keys and values. */
    SortedMap<Integer, Integer> rows() {
        SortedMap<Integer, Integer> entries = new TreeMap<>();
        rows.values().forEach(row -> entries.putAll(world.entriesOf(row)));
        return entries;
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(firstDemand);
    }

    @Override
    public void onNext(Commit<Row> commit) {
        if (commit.origin() == Commit.Origin.RESET && !keepsRows) {
            rows.clear();
        }
        // Where the engine keeps the rows, a reset tells the differences alone.
        keepsRows |= !commit.snapshot().isEmpty();
        changes.addAll(commit.changes());
        commit.changes().forEach(change -> {
            lastBefore = valueOf(change.before());
            Row before = rows.remove(change.key());
            Row after = change.after();
            if (after != null) {
                rows.put(change.key(), before == null || after.isComplete() ? after : before.merge(after));
            }
        });
    }

    /** The value of a row that was told whole; of one that is only a key there is none. */
    private @Nullable Integer valueOf(@Nullable Row row) {
        if (row == null || !row.isComplete()) {
            return null;
        }
        return world.entriesOf(row).values().stream().findFirst().orElse(null);
    }

    @Override
    public void onError(Throwable reason) {
        failure = reason;
    }

    @Override
    public void onComplete() {
        // Changes have no end; a failure of the test says so.
        failure = new IllegalStateException("completed");
    }
}
