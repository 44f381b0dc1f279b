package dev.tributary.conformance;

import dev.tributary.spi.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** A right environment that is bent where a wrong one overrides a method: what an engine does wrongly with time. */
class BentEnvironment implements Environment {

    final Environment right;

    BentEnvironment(Environment right) {
        this.right = right;
    }

    @Override
    public long nanoTime() {
        return right.nanoTime();
    }

    @Override
    public Instant now() {
        return right.now();
    }

    @Override
    public RandomGenerator random() {
        return right.random();
    }

    @Override
    public Executor engine() {
        return right.engine();
    }

    @Override
    public Executor listeners() {
        return right.listeners();
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        return right.schedule(task, delayNanos);
    }

    @Override
    public boolean isEngineThread() {
        return right.isEngineThread();
    }

    @Override
    public boolean await(CompletableFuture<?> future, Duration timeout) throws InterruptedException {
        return right.await(future, timeout);
    }

    @Override
    public Hold hold() {
        return right.hold();
    }
}
