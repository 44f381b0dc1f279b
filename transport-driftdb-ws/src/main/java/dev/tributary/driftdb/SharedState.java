package dev.tributary.driftdb;

import dev.tributary.MaterializedView;
import dev.tributary.OutcomeUnknownException;
import dev.tributary.Query;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.ViewListener;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One value that all clients of a room share; it works together with the state listener of the official JavaScript client.
 * What was set here is shown at once; what is confirmed is the value of the newest message in the order of the server, whoever
 * sent it. Safe for any thread.
 *
 * @param <T> the value; immutable. Null stands for no value
 */
public final class SharedState<T> implements AutoCloseable {

    /** So often an update is made again of what others wrote meanwhile. */
    private static final int MOST_REPEATS = 100;

    /** More writes than this are folded. */
    private static final int MOST_RETAINED = 16;

    private static final Duration DEADLINE = Duration.ofMinutes(1);

    /** A value of ours that is not confirmed. */
    private record Own<T>(long count, T value) {}

    /** A value and the number of its message. */
    private record Numbered<T>(long number, @Nullable T value) {}

    private final DriftDb db;
    private final MaterializedView<Row> view;
    private final String key;
    private final ValueCodec<T> codec;
    private final String sender = ClientId.random();
    private final List<Consumer<? super @Nullable T>> listeners = new CopyOnWriteArrayList<>();

    private final Object lock = new Object();
    private final Deque<Own<T>> pending = new ArrayDeque<>();
    private Numbered<T> confirmed = new Numbered<>(0, null);
    private CompletableFuture<?> updates = CompletableFuture.completedFuture(null);
    private CompletableFuture<?> sets = CompletableFuture.completedFuture(null);
    private @Nullable T told;
    private long count;

    private SharedState(DriftDb db, MaterializedView<Row> view, String key, ValueCodec<T> codec) {
        this.db = db;
        this.view = view;
        this.key = key;
        this.codec = codec;
    }

    /** Shares the value of a key. */
    public static <T> SharedState<T> open(SyncSource source, String key, ValueCodec<T> codec) {
        SharedState<T> state =
                new SharedState<>(source.unwrap(DriftDb.class), source.materialize(Query.of(key)), key, codec);
        ViewListener<Row> onCommit = commit -> state.committed();
        state.view.listen(onCommit);
        return state;
    }

    /** What to show: the newest value that was set here and is not confirmed, else the confirmed one. */
    public Optional<T> get() {
        return Optional.ofNullable(shown());
    }

    /** The value of the newest message in the order of the server. */
    public Optional<T> confirmed() {
        synchronized (lock) {
            return Optional.ofNullable(confirmed.value());
        }
    }

    private @Nullable T shown() {
        synchronized (lock) {
            Own<T> newest = pending.peekLast();
            return newest == null ? confirmed.value() : newest.value();
        }
    }

    /** Sets the value. Of values that follow within 20 ms the first and the last are sent. */
    public CompletableFuture<Void> set(T value) {
        Own<T> own = own(value);
        tell();
        CompletableFuture<Void> done = db.replaceThinned(
                        key, Envelopes.state(codec.encode(value), sender, own.count()), DEADLINE)
                .whenComplete((pushed, failure) -> settled(own, pushed))
                .thenAccept(pushed -> {});
        synchronized (lock) {
            sets = CompletableFuture.allOf(sets, done).handle((all, failure) -> null);
        }
        return done;
    }

    /**
     * Sets the value to what the function makes of the one that is shown, and again of a foreign one that came in between, so
     * that no foreign write is lost, whoever writes at the same time; but {@link #set}, here and by others, replaces whatever
     * is there. An update is done when what the server retains shows it in its place: that is read each time.
     *
     * @param change quick and without effects: it may be called more than once
     * @return the value that was confirmed; {@link OutcomeUnknownException} when the server did not show in which order
     *     writes came
     */
    public CompletableFuture<T> update(UnaryOperator<@Nullable T> change) {
        CompletableFuture<T> result = new CompletableFuture<>();
        CompletableFuture<Void> before;
        synchronized (lock) {
            // One after another: the repetition of one would undo the next. And behind what was set before it, which
            // may
            // still wait to be sent.
            before = CompletableFuture.allOf(updates, sets);
            updates = result;
        }
        before.handle((done, failure) -> this)
                .thenCompose(self -> self.begin(change))
                .whenComplete((value, failure) -> {
                    if (failure == null) {
                        result.complete(value);
                    } else {
                        result.completeExceptionally(
                                failure instanceof CompletionException ? failure.getCause() : failure);
                    }
                });
        return result;
    }

    private CompletableFuture<T> begin(UnaryOperator<@Nullable T> change) {
        Numbered<T> base;
        synchronized (lock) {
            base = confirmed;
        }
        return attempt(change, base, MOST_REPEATS);
    }

    private CompletableFuture<T> attempt(UnaryOperator<@Nullable T> change, Numbered<T> base, int repeats) {
        T value = Objects.requireNonNull(change.apply(base.value()), "an update makes a value");
        Own<T> own = own(value);
        tell();
        // It is appended, not put in place of the others: what it did not know of must not be gone when it comes.
        return db.append(key, Envelopes.update(codec.encode(value), sender, own.count(), base.number()), DEADLINE)
                .whenComplete((pushed, failure) -> settled(own, pushed))
                .thenCompose(pushed -> db.retained(key, DEADLINE)
                        .handle((entries, failure) -> entries != null
                                ? judged(change, own, pushed, entries, repeats)
                                : CompletableFuture.<T>failedFuture(
                                        unknown("what is retained could not be read", failure)))
                        .thenCompose(judged -> judged));
    }

    private CompletableFuture<T> judged(
            UnaryOperator<@Nullable T> change, Own<T> own, Pushed pushed, List<Entry> entries, int repeats) {
        Succession succession = Succession.of(entries);
        if (wasSetSince(own)) {
            return CompletableFuture.completedFuture(own.value());
        }
        if (succession.includes(sender, own.count())) {
            foldIfLong(entries, succession);
            return CompletableFuture.completedFuture(own.value());
        }
        boolean stands = entries.stream().anyMatch(entry -> isOf(entry, own));
        if (!stands && succession.beginsAnew()) {
            // Somebody set another value after it; or the server lost it.
            long number = pushed.number().orElse(0);
            return number != 0 && Long.compareUnsigned(number, succession.number()) < 0
                    ? CompletableFuture.completedFuture(own.value())
                    : CompletableFuture.failedFuture(
                            unknown("the update is not among what is retained, and its echo was lost", null));
        }
        if (repeats == 0) {
            return CompletableFuture.failedFuture(unknown("others write all the time", null));
        }
        T last = succession.isEmpty() ? null : decoded(succession.value(), null);
        return attempt(change, new Numbered<>(succession.number(), last), repeats - 1);
    }

    private static OutcomeUnknownException unknown(String why, @Nullable Throwable cause) {
        return new OutcomeUnknownException(why + "; the update may not have been made", cause);
    }

    private boolean isOf(Entry entry, Own<T> own) {
        return entry.value() instanceof Map<?, ?> envelope
                && sender.equals(envelope.get("i"))
                && envelope.get("n") instanceof Number count
                && count.longValue() == own.count();
    }

    /** What counts, and all before it, becomes one entry. Nobody waits for it; who comes next does it if it fails. */
    private void foldIfLong(List<Entry> entries, Succession succession) {
        if (entries.size() > MOST_RETAINED) {
            db.push(Push.compact(key, succession.folded(), succession.number()), DEADLINE);
        }
    }

    /** A value that was set here later stands in any case. */
    private boolean wasSetSince(Own<T> own) {
        synchronized (lock) {
            return own.count() < count;
        }
    }

    private Own<T> own(T value) {
        synchronized (lock) {
            Own<T> own = new Own<>(++count, value);
            pending.add(own);
            return own;
        }
    }

    /** Whatever became of it: it is confirmed, or it will not be. The view tells of it too, but perhaps later. */
    private void settled(Own<T> own, @Nullable Pushed pushed) {
        synchronized (lock) {
            pending.remove(own);
            if (pushed != null && pushed.number().isPresent()) {
                long number = pushed.number().getAsLong();
                if (Long.compareUnsigned(number, confirmed.number()) > 0) {
                    confirmed = new Numbered<>(number, own.value());
                }
            }
        }
        tell();
    }

    /** What the view holds now, which may be newer than the commit that is told. */
    private void committed() {
        Row row = view.snapshot().get(key);
        synchronized (lock) {
            if (row == null) {
                confirmed = new Numbered<>(0, null);
            } else {
                Object value = row.get(StreamRows.VALUE);
                confirmed = new Numbered<>(DriftTypes.number(row, "seq"), stateOf(value, confirmed.value()));
                if (value instanceof Map<?, ?> envelope
                        && sender.equals(envelope.get("i"))
                        && envelope.get("n") instanceof Number echoed) {
                    pending.removeIf(own -> own.count() <= echoed.longValue());
                }
            }
        }
        tell();
    }

    /** What is no state, or cannot be read, changes nothing. */
    private @Nullable T stateOf(@Nullable Object value, @Nullable T otherwise) {
        return value instanceof Map<?, ?> envelope && envelope.containsKey("v")
                ? decoded(envelope.get("v"), otherwise)
                : otherwise;
    }

    private @Nullable T decoded(@Nullable Object value, @Nullable T otherwise) {
        try {
            return codec.decode(value);
        } catch (RuntimeException e) {
            return otherwise;
        }
    }

    /** Hears what to show, whenever it changes: at once on the thread of {@link #set}, else on that of the view. */
    public Registration listen(Consumer<? super @Nullable T> listener) {
        listeners.add(listener);
        listener.accept(shown());
        return () -> listeners.remove(listener);
    }

    private void tell() {
        T now;
        synchronized (lock) {
            now = shown();
            if (Objects.equals(now, told)) {
                return;
            }
            told = now;
        }
        listeners.forEach(listener -> listener.accept(now));
    }

    /** The view under it, for its status. */
    public MaterializedView<Row> view() {
        return view;
    }

    /** Hears nothing more. */
    @Override
    public void close() {
        view.close();
    }
}
