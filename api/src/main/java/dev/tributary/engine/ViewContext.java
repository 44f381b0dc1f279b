package dev.tributary.engine;

import dev.tributary.spi.Environment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What views need of their source.
 *
 * @param executor where listeners and futures run by default
 * @param onListenerFailed hears what listeners throw
 */
record ViewContext(Environment environment, Executor executor, Consumer<Throwable> onListenerFailed) {

    /** A future that ends like this one, but on the shared executor, so that no continuation runs on the engine. */
    <T extends @Nullable Object> CompletableFuture<T> onExecutor(CompletableFuture<T> future) {
        CompletableFuture<T> shown = new CompletableFuture<>();
        future.whenComplete((value, failure) -> {
            Runnable completion = () -> {
                if (failure != null) {
                    shown.completeExceptionally(failure);
                } else {
                    shown.complete(value);
                }
            };
            try {
                executor.execute(completion);
            } catch (RejectedExecutionException e) {
                // The application's executor is gone; a pending future would be worse than this thread.
                environment.listeners().execute(completion);
            }
        });
        return shown;
    }
}
