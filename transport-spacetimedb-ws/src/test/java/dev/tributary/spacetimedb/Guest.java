package dev.tributary.spacetimedb;

import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.ViewListener;
import dev.tributary.ViewStatus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Waits of tests with a server of its own clock: for commits, statuses and answers, never for time. */
final class Guest {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    private Guest() {}

    static SpacetimeDb db(SyncSource source) {
        return source.unwrap(SpacetimeDb.class);
    }

    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("a future failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException | InterruptedException e) {
            throw new AssertionError("a future does not end", e);
        }
    }

    static MaterializedView<Row> live(MaterializedView<Row> view) {
        await(view, "live", () -> view.status().phase() == Phase.LIVE);
        return view;
    }

    /** Looks at every commit and status of a view until something is so. */
    static void await(MaterializedView<Row> view, String what, BooleanSupplier condition) {
        CompletableFuture<Void> so = new CompletableFuture<>();
        try (Registration registration = view.listen(new ViewListener<>() {
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
        })) {
            if (!condition.getAsBoolean()) {
                so.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            assert registration != null;
        } catch (TimeoutException e) {
            throw new AssertionError(
                    what + ": it did not come to that; the view is " + view.status() + " with "
                            + view.snapshot().size() + " rows",
                    e);
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
