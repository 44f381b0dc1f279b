package dev.tributary.websocket;

import dev.tributary.spi.Environment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** Time that passes when the test says so. */
final class ManualEnvironment implements Environment {

    private record Alarm(long due, Runnable task) {}

    final AtomicInteger holds = new AtomicInteger();
    private final List<Alarm> alarms = new ArrayList<>();
    private long now;

    void advance(Duration time) {
        long end;
        synchronized (this) {
            end = now + time.toNanos();
        }
        while (true) {
            Alarm next = null;
            synchronized (this) {
                for (Alarm alarm : alarms) {
                    if (alarm.due <= end && (next == null || alarm.due < next.due)) {
                        next = alarm;
                    }
                }
                now = next == null ? end : Math.max(now, next.due);
                if (next == null) {
                    return;
                }
                alarms.remove(next);
            }
            next.task.run();
        }
    }

    synchronized int alarms() {
        return alarms.size();
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
        return false;
    }

    @Override
    public Hold hold() {
        holds.incrementAndGet();
        return holds::decrementAndGet;
    }
}
