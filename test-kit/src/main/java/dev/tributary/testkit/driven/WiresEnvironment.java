package dev.tributary.testkit.driven;

import dev.tributary.spi.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/** The environment as wires see it: what they hold of it is entered into the ledger. */
record WiresEnvironment(Environment real, WireLedger ledger) implements Environment {

    @Override
    public long nanoTime() {
        return real.nanoTime();
    }

    @Override
    public Instant now() {
        return real.now();
    }

    @Override
    public RandomGenerator random() {
        return real.random();
    }

    @Override
    public Executor engine() {
        return real.engine();
    }

    @Override
    public Executor listeners() {
        return real.listeners();
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        return real.schedule(task, delayNanos);
    }

    @Override
    public boolean isEngineThread() {
        return real.isEngineThread();
    }

    @Override
    public boolean await(CompletableFuture<?> future, Duration timeout) throws InterruptedException {
        return real.await(future, timeout);
    }

    @Override
    public Hold hold() {
        Hold hold = real.hold();
        AtomicBoolean closed = new AtomicBoolean();
        ledger.holdTaken();
        return () -> {
            if (closed.compareAndSet(false, true)) {
                hold.close();
                ledger.holdClosed();
            }
        };
    }
}
