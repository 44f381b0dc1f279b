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
        return db.replaceThinned(key, envelope(own), DEADLINE)
                .whenComplete((pushed, failure) -> settled(own, pushed))
                .thenAccept(pushed -> {});
    }

    /**
     * Sets the value to what the function makes of the one that is shown, and again of a foreign one that came in between, so
     * that no foreign write is lost.
     *
     * @param change quick and without effects: it may be called more than once
     * @return the value that was confirmed; {@link OutcomeUnknownException} when the server did not show in which order
     *     writes came, so that a foreign one may be lost
     */
    public CompletableFuture<T> update(UnaryOperator<@Nullable T> change) {
        CompletableFuture<T> next;
        synchronized (lock) {
            // One after another: the repetition of one would undo the next.
            next = updates.handle((done, failure) -> this).thenCompose(self -> self.begin(change));
            updates = next;
        }
        return next;
    }

    private CompletableFuture<T> begin(UnaryOperator<@Nullable T> change) {
        long base;
        T value;
        synchronized (lock) {
            base = confirmed.number();
            value = Objects.requireNonNull(change.apply(shown()), "an update makes a value");
        }
        return update(change, value, base, MOST_REPEATS);
    }

    private CompletableFuture<T> update(UnaryOperator<@Nullable T> change, T value, long base, int repeats) {
        Own<T> own = own(value);
        tell();
        return db.replace(key, envelope(own), DEADLINE)
                .whenComplete((pushed, failure) -> settled(own, pushed))
                .thenCompose(pushed -> {
                    if (pushed.number().isEmpty()) {
                        return CompletableFuture.failedFuture(new OutcomeUnknownException(
                                "the echo of the update was lost; another write may have been overwritten"));
                    }
                    Entry before = pushed.before().orElse(null);
                    if (before == null || !isForeign(before, base) || wasSetSince(own)) {
                        return CompletableFuture.completedFuture(value);
                    }
                    if (repeats == 0) {
                        return CompletableFuture.failedFuture(new OutcomeUnknownException(
                                "others write all the time; another write may have been overwritten"));
                    }
                    T again = Objects.requireNonNull(
                            change.apply(decoded(before.value(), null)), "an update makes a value");
                    return update(change, again, pushed.number().getAsLong(), repeats - 1);
                });
    }

    private boolean isForeign(Entry before, long base) {
        return Long.compareUnsigned(before.number(), base) > 0
                && before.value() instanceof Map<?, ?> envelope
                && envelope.containsKey("v")
                && !sender.equals(envelope.get("i"));
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

    private Map<String, @Nullable Object> envelope(Own<T> own) {
        return Envelopes.state(codec.encode(own.value()), sender, own.count());
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
                confirmed = new Numbered<>(DriftTypes.number(row, "seq"), decoded(value, confirmed.value()));
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
    private @Nullable T decoded(@Nullable Object value, @Nullable T otherwise) {
        if (!(value instanceof Map<?, ?> envelope) || !envelope.containsKey("v")) {
            return otherwise;
        }
        try {
            return codec.decode(envelope.get("v"));
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
