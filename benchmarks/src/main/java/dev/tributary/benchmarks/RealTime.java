package dev.tributary.benchmarks;

import dev.tributary.spi.Environment;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** The surroundings of wires that nobody else uses: the real clock and one thread. */
record RealTime(ScheduledThreadPoolExecutor timers) implements Environment {

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public RandomGenerator random() {
        return RandomGenerator.getDefault();
    }

    @Override
    public Executor engine() {
        return timers;
    }

    @Override
    public Executor listeners() {
        return timers;
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        ScheduledFuture<?> scheduled = timers.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    @Override
    public boolean isEngineThread() {
        return false;
    }

    @Override
    public Hold hold() {
        return () -> {};
    }
}
