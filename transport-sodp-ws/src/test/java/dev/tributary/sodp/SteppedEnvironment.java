package dev.tributary.sodp;

import dev.tributary.spi.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;

/** Real threads, and time that passes when the test says so. */
final class SteppedEnvironment implements Environment, AutoCloseable {

    private record Alarm(long due, Runnable task) {}

    private final ExecutorService engine = Executors.newSingleThreadExecutor(task -> new EngineThread(task));
    private final ExecutorService listeners = Executors.newCachedThreadPool();
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>(Comparator.comparingLong(Alarm::due));
    private long now;

    private static final class EngineThread extends Thread {
        EngineThread(Runnable task) {
            super(task, "stepped-engine");
        }
    }

    /**
     * Lets what is due run, in order; what it leads to on other threads goes on by itself. What the engine was about to do
     * is done before, so that a test which heard of it finds its timers set.
     */
    void advance(Duration time) throws Exception {
        engine.submit(() -> {}).get();
        long end = nanoTime() + time.toNanos();
        for (Optional<Runnable> next = next(end); next.isPresent(); next = next(end)) {
            engine.submit(next.get()).get();
        }
    }

    private synchronized Optional<Runnable> next(long end) {
        Alarm first = alarms.peek();
        if (first == null || first.due > end) {
            now = end;
            return Optional.empty();
        }
        now = Math.max(now, first.due);
        alarms.remove();
        return Optional.of(first.task);
    }

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanoTime());
    }

    @Override
    public RandomGenerator random() {
        return new Random(3);
    }

    @Override
    public Executor engine() {
        return engine;
    }

    @Override
    public Executor listeners() {
        return listeners;
    }

    @Override
    public synchronized Timer schedule(Runnable task, long delayNanos) {
        Alarm alarm = new Alarm(now + delayNanos, task);
        alarms.add(alarm);
        return () -> {
            synchronized (this) {
                // By identity: two alarms may be equal.
                alarms.removeIf(other -> other == alarm);
            }
        };
    }

    @Override
    public boolean isEngineThread() {
        return Thread.currentThread() instanceof EngineThread;
    }

    @Override
    public Hold hold() {
        return () -> {};
    }

    @Override
    public void close() {
        engine.shutdown();
        listeners.shutdown();
    }
}
