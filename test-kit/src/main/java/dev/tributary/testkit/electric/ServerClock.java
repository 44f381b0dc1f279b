package dev.tributary.testkit.electric;

import java.util.concurrent.atomic.AtomicLong;

/** The time of a server: that of the machine, or one that only moves when told to. */
final class ServerClock {

    private final boolean manual;
    private final AtomicLong manualMillis;
    private final long startMillis = System.currentTimeMillis();
    private final long startNanos = System.nanoTime();

    private ServerClock(boolean manual, long millis) {
        this.manual = manual;
        this.manualMillis = new AtomicLong(millis);
    }

    static ServerClock real() {
        return new ServerClock(false, 0);
    }

    static ServerClock manual(long startMillis) {
        return new ServerClock(true, startMillis);
    }

    boolean isManual() {
        return manual;
    }

    long millis() {
        return manual ? manualMillis.get() : startMillis + (System.nanoTime() - startNanos) / 1_000_000;
    }

    void set(long millis) {
        manualMillis.set(millis);
    }
}
