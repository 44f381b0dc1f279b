package dev.tributary.testkit.sodp;

/** A limit of so many in one second. A second starts with the first one after the previous second ran out. */
final class RateWindow {

    private static final long SECOND = 1_000;

    private final int limit;
    private long start;
    private int used;

    /** @param start when the first second starts */
    RateWindow(int limit, long start) {
        this.limit = limit;
        this.start = start;
    }

    /** Takes one; false when there is none left. */
    boolean take(long now) {
        if (limit == 0) {
            return true;
        }
        if (now - start >= SECOND) {
            start = now;
            used = 0;
        }
        if (used >= limit) {
            return false;
        }
        used++;
        return true;
    }
}
