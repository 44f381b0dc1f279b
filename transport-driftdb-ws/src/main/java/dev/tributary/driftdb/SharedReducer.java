package dev.tributary.driftdb;

import dev.tributary.Change;
import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Query;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.ViewListener;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A state that all clients of a room make out of the same actions; it works together with the reducer of the official
 * JavaScript client. What was dispatched here is shown at once, on top of what is confirmed. When the stream of actions grows
 * too long it is folded into a snapshot, out of what the server retains. Safe for any thread.
 *
 * @param <S> the state; immutable
 * @param <A> an action
 */
public final class SharedReducer<S, A> implements AutoCloseable {

    /** More entries than this are folded, as the official client does. */
    public static final int THRESHOLD = 30;

    private static final Duration DEADLINE = Duration.ofMinutes(1);

    private record Own<A>(long count, A action) {}

    private final DriftDb db;
    private final MaterializedView<Row> view;
    private final String key;
    private final Fold.Rules<S, A> rules;
    private final int threshold;
    private final String sender = ClientId.random();
    private final List<Consumer<? super S>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<? super Entry>> unusable = new CopyOnWriteArrayList<>();
    private final Registration sizes;

    private final Object lock = new Object();
    private final Deque<Own<A>> pending = new ArrayDeque<>();
    private Fold<S, A> confirmed;
    private @Nullable Place applied;
    private S shown;
    private long count;
    private boolean folding;
    /** The stream was too long while it was being folded: that fold may not have been enough. */
    private boolean foldsAgain;

    /** The place of an entry in the order of the server. */
    private record Place(long history, long number) implements Comparable<Place> {

        static Place of(Row row) {
            return new Place(DriftTypes.number(row, "history"), DriftTypes.number(row, "seq"));
        }

        @Override
        public int compareTo(Place other) {
            int order = Long.compareUnsigned(history, other.history);
            return order != 0 ? order : Long.compareUnsigned(number, other.number);
        }
    }

    private SharedReducer(DriftDb db, MaterializedView<Row> view, String key, Fold.Rules<S, A> rules, int threshold) {
        this.db = db;
        this.view = view;
        this.key = key;
        this.rules = rules;
        this.threshold = threshold;
        this.confirmed = new Fold<>(rules, this::tellUnusable);
        this.shown = rules.initial();
        this.sizes = db.onSize(size -> {
            if (size.key().equals(key) && Long.compareUnsigned(size.size(), threshold) > 0) {
                foldIfIdle();
            }
        });
    }

    /** Shares the state of a key; it is folded when more than {@link #THRESHOLD} entries are retained. */
    public static <S, A> SharedReducer<S, A> open(
            SyncSource source,
            String key,
            S initial,
            BiFunction<? super S, ? super A, ? extends S> reducer,
            ValueCodec<S> states,
            ValueCodec<A> actions) {
        return open(source, key, initial, reducer, states, actions, THRESHOLD);
    }

    /**
     * Shares the state of a key.
     *
     * @param reducer without effects, and the same in each client: it is called again and again
     * @param threshold the stream is folded when more entries than this are retained; keep it below 100
     */
    public static <S, A> SharedReducer<S, A> open(
            SyncSource source,
            String key,
            S initial,
            BiFunction<? super S, ? super A, ? extends S> reducer,
            ValueCodec<S> states,
            ValueCodec<A> actions,
            int threshold) {
        SharedReducer<S, A> shared = new SharedReducer<>(
                source.unwrap(DriftDb.class),
                source.materialize(Query.of(key).with("as", "log")),
                key,
                new Fold.Rules<>(initial, reducer, states, actions),
                threshold);
        ViewListener<Row> onCommit = shared::committed;
        shared.view.listen(onCommit);
        return shared;
    }

    /** What to show: what is confirmed, and the actions of this client that are not confirmed on top of it. */
    public S get() {
        synchronized (lock) {
            return shown;
        }
    }

    /** What the server has confirmed. */
    public S confirmed() {
        synchronized (lock) {
            return confirmed.state();
        }
    }

    /** How many actions of this client are not confirmed yet. */
    public int pending() {
        synchronized (lock) {
            return pending.size();
        }
    }

    /** Dispatches an action. It is sent again when its outcome is unknown, and applied once. */
    public CompletableFuture<Void> dispatch(A action) {
        Own<A> own;
        synchronized (lock) {
            own = new Own<>(++count, action);
            pending.add(own);
            shown = rules.reducer().apply(shown, action);
        }
        tell();
        Push push = Push.append(key, Envelopes.action(rules.actions().encode(action), sender, own.count()))
                .atLeastOnce();
        return db.push(push, DEADLINE)
                .whenComplete((pushed, failure) -> {
                    if (failure != null) {
                        drop(own);
                    } else if (pushed.number().isEmpty()) {
                        // It was applied, but its echo was lost: it is in the stream, or in a snapshot that does not
                        // say so.
                        view.refresh().whenComplete((fresh, failed) -> drop(own));
                    }
                })
                .thenAccept(pushed -> {});
    }

    private void drop(Own<A> own) {
        synchronized (lock) {
            if (!pending.remove(own)) {
                return;
            }
            show();
        }
        tell();
    }

    private void committed(Commit<Row> commit) {
        synchronized (lock) {
            if (!goOn(commit)) {
                startOver(commit);
            }
            pending.removeIf(own -> confirmed.includes(sender, own.count()));
            show();
        }
        tell();
    }

    /** Only new entries at the end: they are applied. */
    private boolean goOn(Commit<Row> commit) {
        if (commit.origin() != Commit.Origin.LIVE || commit.isMerged()) {
            return false;
        }
        List<Row> rows = new ArrayList<>();
        for (Change<Row> change : commit.changes()) {
            Row row = change.after();
            if (change.kind() != Change.Kind.INSERT || row == null || !isBehind(Place.of(row))) {
                return false;
            }
            rows.add(row);
        }
        apply(rows);
        return true;
    }

    private boolean isBehind(Place place) {
        Place last = applied;
        return last == null || place.compareTo(last) > 0;
    }

    private void startOver(Commit<Row> commit) {
        confirmed = new Fold<>(rules, this::tellUnusable);
        applied = null;
        apply(new ArrayList<>(commit.snapshot().toList()));
    }

    private void apply(List<Row> rows) {
        rows.sort(Comparator.comparing(Place::of));
        for (Row row : rows) {
            applied = Place.of(row);
            confirmed.apply(new Entry(applied.number(), row.get(StreamRows.VALUE)));
        }
    }

    private void show() {
        S state = confirmed.state();
        for (Own<A> own : pending) {
            state = rules.reducer().apply(state, own.action());
        }
        shown = state;
    }

    // ---- folding ----

    /** Folds the stream now, if it is longer than the threshold. */
    public CompletableFuture<Boolean> fold() {
        return db.fold(
                key,
                threshold,
                entries -> {
                    // Out of what the server retains, never out of the live feed, from which messages may be missing.
                    Fold<S, A> truth = new Fold<>(rules, this::tellUnusable);
                    entries.forEach(truth::apply);
                    return truth.snapshot();
                },
                DEADLINE);
    }

    private void foldIfIdle() {
        synchronized (lock) {
            if (folding) {
                foldsAgain = true;
                return;
            }
            folding = true;
            foldsAgain = false;
        }
        fold().whenComplete((folded, failure) -> {
            boolean again;
            synchronized (lock) {
                folding = false;
                again = foldsAgain && failure == null;
            }
            if (again) {
                foldIfIdle();
            }
        });
    }

    // ---- listeners ----

    /** Hears what to show, whenever it may have changed. */
    public Registration listen(Consumer<? super S> listener) {
        listeners.add(listener);
        listener.accept(get());
        return () -> listeners.remove(listener);
    }

    /** Hears of entries that are neither actions nor snapshots, or cannot be read. They change nothing. */
    public Registration onUnusable(Consumer<? super Entry> listener) {
        unusable.add(listener);
        return () -> unusable.remove(listener);
    }

    private void tell() {
        S now = get();
        listeners.forEach(listener -> listener.accept(now));
    }

    private void tellUnusable(Entry entry) {
        unusable.forEach(listener -> listener.accept(entry));
    }

    /** The view under it, for its status. */
    public MaterializedView<Row> view() {
        return view;
    }

    /** Hears nothing more. */
    @Override
    public void close() {
        sizes.close();
        view.close();
    }
}
