package dev.tributary.sodp;

import java.util.OptionalInt;

/**
 * Lets no more than so many frames go in any second. A little more than a second is counted, since what leaves evenly may
 * arrive bunched.
 */
final class Pacer {

    private static final long WINDOW_NANOS = 1_100_000_000L;

    /** When the last ones left; empty for no limit. */
    private final long[] left;

    private int next;
    private long count;
    private long blockedUntil = Long.MIN_VALUE;

    Pacer(OptionalInt perSecond) {
        this.left = new long[perSecond.orElse(0)];
    }

    /** How long the next frame has to wait; 0 when it may leave. */
    long waitNanos(long now) {
        long blocked = blockedUntil == Long.MIN_VALUE ? 0 : Math.max(0, blockedUntil - now);
        if (left.length == 0 || count < left.length) {
            return blocked;
        }
        return Math.max(blocked, left[next] + WINDOW_NANOS - now);
    }

    void sent(long now) {
        if (left.length > 0) {
            left[next] = now;
            next = (next + 1) % left.length;
            count++;
        }
    }

    /** The server counts otherwise: nothing leaves for the length of the window. */
    void refused(long now) {
        blockedUntil = now + WINDOW_NANOS;
    }
}
