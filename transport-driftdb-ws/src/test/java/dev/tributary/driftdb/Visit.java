package dev.tributary.driftdb;

import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.ViewListener;
import dev.tributary.ViewStatus;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** Sources in one room of a running server, on real wires and the real clock. Waits are for events, never for time. */
final class Visit implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final ValueCodec<Long> LONGS = ValueCodec.plain(Long.class);

    final URI root;
    final String room;
    private final List<SyncSource> sources = new ArrayList<>();

    private Visit(URI root, String room) {
        this.root = root;
        this.room = room;
    }

    /** In a new room. */
    static Visit to(URI root) {
        try (SyncSource lobby = DriftDb.source(root).open()) {
            Room room = get(lobby.unwrap(DriftDb.class).createRoom(PATIENCE));
            return new Visit(root, room.id());
        }
    }

    /** In a room that may not exist. */
    static Visit to(URI root, String room) {
        return new Visit(root, room);
    }

    SyncSource open() {
        return open(options -> options);
    }

    SyncSource open(Encoding encoding) {
        return open(options -> options.encoding(encoding));
    }

    SyncSource open(UnaryOperator<DriftDbSourceBuilder> options) {
        return openAt(root, options);
    }

    SyncSource openAt(URI other, UnaryOperator<DriftDbSourceBuilder> options) {
        SyncSource source = options.apply(DriftDb.source(URI.create(other + "/room/" + room)))
                .open();
        sources.add(source);
        return source;
    }

    static DriftDb db(SyncSource source) {
        return source.unwrap(DriftDb.class);
    }

    /** What the room retains, as {@code number:value}. */
    List<String> truth(String key) {
        try (SyncSource source =
                DriftDb.source(URI.create(root + "/room/" + room)).open()) {
            return get(db(source).http().read(key, 0, PATIENCE)).stream()
                    .map(entry -> entry.numberText() + ":" + entry.value())
                    .toList();
        }
    }

    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE.multipliedBy(4).toSeconds(), TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new AssertionError("a future failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException | InterruptedException e) {
            throw new AssertionError("a future does not end", e);
        }
    }

    static Throwable failure(CompletableFuture<?> future) {
        try {
            future.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            return e.getCause();
        }
        throw new AssertionError("it did not fail");
    }

    /** Waits for commits and statuses of a view until something is so. */
    static void await(MaterializedView<Row> view, String what, BooleanSupplier condition) {
        CompletableFuture<Void> so = new CompletableFuture<>();
        Registration registration = view.listen(new ViewListener<>() {
            @Override
            public void onCommit(Commit<Row> commit) {
                look();
            }

            @Override
            public void onStatus(ViewStatus status) {
                look();
            }

            private void look() {
                if (condition.getAsBoolean()) {
                    so.complete(null);
                }
            }
        });
        try {
            if (!condition.getAsBoolean()) {
                so.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (TimeoutException e) {
            throw new AssertionError(what + ": it did not come to that; the view is " + view.status() + " with "
                    + view.snapshot().size() + " rows");
        } catch (java.util.concurrent.ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            registration.close();
        }
    }

    /** Waits until a shared state shows a value. */
    static <T> void await(SharedState<T> state, T value) {
        CompletableFuture<Void> so = new CompletableFuture<>();
        Registration registration = state.listen(now -> {
            if (value.equals(now)) {
                so.complete(null);
            }
        });
        try {
            so.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException | TimeoutException | InterruptedException e) {
            throw new AssertionError(
                    "it shows " + state.get() + ", " + state.confirmed() + " is confirmed, instead of " + value, e);
        } finally {
            registration.close();
        }
    }

    static MaterializedView<Row> live(MaterializedView<Row> view) {
        await(view, "live", () -> view.status().phase() == dev.tributary.Phase.LIVE);
        return view;
    }

    static boolean isVerified(MaterializedView<Row> view) {
        return view.status().phase() == dev.tributary.Phase.LIVE
                && view.status().verified()
                && view.snapshot().isVerified();
    }

    @Override
    public void close() {
        sources.forEach(SyncSource::close);
    }
}
