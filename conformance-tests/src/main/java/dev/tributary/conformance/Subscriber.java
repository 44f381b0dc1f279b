package dev.tributary.conformance;

import dev.tributary.Change;
import dev.tributary.Commit;
import dev.tributary.Row;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A subscriber of {@code changes()} that adds up what it hears. */
final class Subscriber implements Flow.Subscriber<Commit<Row>> {

    private final World world;
    private final long firstDemand;
    private boolean keepsRows;
    private final SortedMap<Integer, Integer> rows = new TreeMap<>();
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

    SortedMap<Integer, Integer> rows() {
        return rows;
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
        commit.changes().forEach(change -> {
            lastBefore = valueOf(change.before());
            if (change.kind() == Change.Kind.DELETE) {
                rows.keySet().removeAll(world.keysOf(Objects.requireNonNull(change.before(), "the key of a delete")));
            } else {
                // An update may be partial; of two columns the key and the one that changed are there.
                Row after = Objects.requireNonNull(change.after(), "the row of a change");
                Row before = change.before();
                if (before != null) {
                    rows.keySet().removeAll(world.keysOf(before));
                }
                rows.putAll(world.entriesOf(after));
            }
        });
    }

    /** The value of a row that was told whole; of one that is only a key there is none. */
    private @Nullable Integer valueOf(@Nullable Row row) {
        if (row == null) {
            return null;
        }
        for (int column = 0; column < row.schema().columns().size(); column++) {
            if (!row.has(column)) {
                return null;
            }
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
