package dev.tributary.testkit.socket;

import java.util.concurrent.atomic.AtomicLong;

/** The time of a server: that of the machine, or one that only moves when told to. */
public final class ServerClock {

    private final boolean manual;
    private final AtomicLong manualMillis;
    private final long startMillis = System.currentTimeMillis();
    private final long startNanos = System.nanoTime();

    private ServerClock(boolean manual, long millis) {
        this.manual = manual;
        this.manualMillis = new AtomicLong(millis);
    }

    /** The machine's. */
    public static ServerClock real() {
        return new ServerClock(false, 0);
    }

    /** One that stands still but for {@link #set}. */
    public static ServerClock manual(long startMillis) {
        return new ServerClock(true, startMillis);
    }

    /** Whether it moves only when told to. */
    public boolean isManual() {
        return manual;
    }

    /** The time in milliseconds since 1970. */
    public long millis() {
        return manual ? manualMillis.get() : startMillis + (System.nanoTime() - startNanos) / 1_000_000;
    }

    /** Moves a manual clock; wake the server afterwards. */
    public void set(long millis) {
        manualMillis.set(millis);
    }
}
