package dev.tributary.websocket;

import dev.tributary.spi.Environment;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a ping after so much silence. At most one is unanswered: whoever says nothing at all is no better known after
 * the second, and the engine watches the silence. One timer, set anew only when it goes off: a sign of life costs
 * nothing.
 */
final class SilencePing {

    private final Environment environment;
    private final long afterNanos;
    private final Runnable ping;
    private volatile long lastHeard;
    private volatile boolean asked;
    private boolean stopped;
    private Environment.@Nullable Timer timer;

    SilencePing(Environment environment, Duration after, Runnable ping) {
        this.environment = environment;
        this.afterNanos = Math.max(1, after.toNanos());
        this.ping = ping;
    }

    void start() {
        lastHeard = environment.nanoTime();
        schedule(afterNanos);
    }

    void heard() {
        lastHeard = environment.nanoTime();
        asked = false;
    }

    private synchronized void schedule(long nanos) {
        if (!stopped) {
            timer = environment.schedule(this::look, nanos);
        }
    }

    private void look() {
        long silent = environment.nanoTime() - lastHeard;
        if (silent < afterNanos) {
            schedule(afterNanos - silent);
            return;
        }
        if (!asked) {
            asked = true;
            ping.run();
        }
        schedule(afterNanos);
    }

    synchronized void stop() {
        stopped = true;
        if (timer != null) {
            timer.cancel();
        }
    }
}
