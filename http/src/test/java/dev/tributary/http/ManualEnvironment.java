package dev.tributary.http;

import dev.tributary.spi.Environment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** Time that passes when the test says so: all timers at once. */
final class ManualEnvironment implements Environment {

    private final List<Runnable> timers = new ArrayList<>();

    /** How many timers wait. */
    int timers() {
        return timers.size();
    }

    /** Runs all timers that wait. */
    void passTime() {
        List<Runnable> due = new ArrayList<>(timers);
        timers.clear();
        due.forEach(Runnable::run);
    }

    @Override
    public long nanoTime() {
        return 0;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH;
    }

    @Override
    public RandomGenerator random() {
        return new Random(0);
    }

    @Override
    public Executor engine() {
        return Runnable::run;
    }

    @Override
    public Executor listeners() {
        return Runnable::run;
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        timers.add(task);
        return () -> timers.remove(task);
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
