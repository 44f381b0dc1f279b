package dev.tributary.testkit.simulation;

import dev.tributary.spi.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** Another environment, but for what an extending class overrides: to watch it, or to bend it in one place. */
public class ForwardingEnvironment implements Environment {

    private final Environment to;

    public ForwardingEnvironment(Environment to) {
        this.to = to;
    }

    @Override
    public long nanoTime() {
        return to.nanoTime();
    }

    @Override
    public Instant now() {
        return to.now();
    }

    @Override
    public RandomGenerator random() {
        return to.random();
    }

    @Override
    public Executor engine() {
        return to.engine();
    }

    @Override
    public Executor listeners() {
        return to.listeners();
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        return to.schedule(task, delayNanos);
    }

    @Override
    public boolean isEngineThread() {
        return to.isEngineThread();
    }

    @Override
    public boolean await(CompletableFuture<?> future, Duration timeout) throws InterruptedException {
        return to.await(future, timeout);
    }

    @Override
    public Hold hold() {
        return to.hold();
    }
}
