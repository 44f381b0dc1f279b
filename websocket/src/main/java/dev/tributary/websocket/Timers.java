package dev.tributary.websocket;

import dev.tributary.spi.Environment;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** The deadlines of one wire. Safe for any thread. */
final class Timers {

    /** What is waited for. */
    enum Watch {
        CONNECT,
        HEAD,
        WRITE_FAILURE,
        GRACE
    }

    private final Environment environment;
    private final Map<Watch, Environment.Timer> running = new EnumMap<>(Watch.class);
    private boolean closed;

    Timers(Environment environment) {
        this.environment = environment;
    }

    /** A time of zero is no limit. */
    synchronized void start(Watch watch, Duration limit, Runnable late) {
        if (!closed && !limit.isZero() && !limit.isNegative() && !running.containsKey(watch)) {
            running.put(watch, environment.schedule(late, limit.toNanos()));
        }
    }

    synchronized void cancel(Watch watch) {
        Environment.Timer timer = running.remove(watch);
        if (timer != null) {
            timer.cancel();
        }
    }

    synchronized void cancelAll() {
        running.values().forEach(Environment.Timer::cancel);
        running.clear();
    }

    /** Starts no more. */
    synchronized void close() {
        closed = true;
        cancelAll();
    }
}
