package dev.tributary.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * Time, randomness and threads. In production one is shared by the process; simulations bring their own, with virtual
 * time, a seed and one thread.
 */
public interface Environment {

    /** Nanoseconds, for differences only. */
    long nanoTime();

    Instant now();

    /** Safe for any thread in production. */
    RandomGenerator random();

    /** Where the engine's queues run. Tasks are short and never block. */
    Executor engine();

    /** Where listeners and futures of the application run by default. Has room for tasks that block. */
    Executor listeners();

    /** Runs the task on {@link #engine} after so many nanoseconds. */
    Timer schedule(Runnable task, long delayNanos);

    /** Whether the calling thread is one of {@link #engine}. */
    boolean isEngineThread();

    /**
     * Waits for a future, as {@link dev.tributary.MaterializedView#awaitUpToDate} does. A simulation moves its own time
     * on meanwhile.
     *
     * @return whether the future is done
     */
    default boolean await(CompletableFuture<?> future, Duration timeout) throws InterruptedException {
        try {
            future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException | CancellationException e) {
            return true;
        }
        return true;
    }

    /** A source uses this environment from now on; the hold is closed when the source is. */
    Hold hold();

    /** A task that was scheduled. */
    interface Timer {

        void cancel();
    }

    /** A use of the environment. When the last is closed, its threads end. */
    interface Hold extends AutoCloseable {

        @Override
        void close();
    }
}
