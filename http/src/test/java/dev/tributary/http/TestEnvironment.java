package dev.tributary.http;

import dev.tributary.spi.Environment;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Real time on one thread. */
final class TestEnvironment implements Environment, AutoCloseable {

    private final ScheduledExecutorService engine = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "test-engine");
        thread.setDaemon(true);
        return thread;
    });

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
        return engine;
    }

    @Override
    public Executor listeners() {
        return engine;
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        ScheduledFuture<?> future = engine.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public boolean isEngineThread() {
        return Thread.currentThread().getName().equals("test-engine");
    }

    @Override
    public Hold hold() {
        return () -> {};
    }

    @Override
    public void close() {
        engine.shutdownNow();
    }
}
