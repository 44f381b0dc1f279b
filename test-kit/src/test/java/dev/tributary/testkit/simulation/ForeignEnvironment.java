package dev.tributary.testkit.simulation;

import dev.tributary.spi.Environment;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** An environment that is no simulation. */
final class ForeignEnvironment implements Environment {

    private final SimulatedEnvironment inner = new SimulatedEnvironment(0);

    @Override
    public long nanoTime() {
        return inner.nanoTime();
    }

    @Override
    public Instant now() {
        return inner.now();
    }

    @Override
    public RandomGenerator random() {
        return inner.random();
    }

    @Override
    public Executor engine() {
        return inner.engine();
    }

    @Override
    public Executor listeners() {
        return inner.listeners();
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        return inner.schedule(task, delayNanos);
    }

    @Override
    public boolean isEngineThread() {
        return inner.isEngineThread();
    }

    @Override
    public Hold hold() {
        return inner.hold();
    }
}
