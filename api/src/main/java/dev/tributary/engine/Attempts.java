package dev.tributary.engine;

import dev.tributary.Backoff;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** How often in a row something failed, and how long to wait before it is tried again. */
final class Attempts {

    /** No two attempts are at the same moment, whatever the jitter says. */
    private static final long LEAST_NANOS = 1_000_000;
    /** So many new sessions without a wait, none of them good for long, are let pass. */
    private static final int FREE = 3;

    private int failed;
    private int free;

    int failed() {
        return failed;
    }

    /** The connection was good for so long. */
    void wasGoodFor(Duration time, Backoff backoff) {
        if (time.compareTo(backoff.stable()) >= 0) {
            failed = 0;
            free = 0;
        }
    }

    /** Whether a new session may begin at once. A few in a row may; then they count as failures. */
    boolean mayGoOnAtOnce() {
        return free++ < FREE;
    }

    /** Counts a failure and says how long to wait: jittered, and never less than the server's word. */
    Duration next(Backoff backoff, Duration notBefore, RandomGenerator random) {
        failed++;
        long bound = backoff.bound(failed).toNanos();
        long drawn = Math.max(LEAST_NANOS, (long) (random.nextDouble() * bound));
        Duration wait = Duration.ofNanos(drawn);
        return wait.compareTo(notBefore) < 0 ? notBefore : wait;
    }
}
