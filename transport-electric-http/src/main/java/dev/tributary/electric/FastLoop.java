package dev.tributary.electric;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Notices requests that lead nowhere: several at the same offset within a short time, while catching up. A cache or a
 * proxy that gives the same answer again and again would otherwise be asked at full speed.
 */
final class FastLoop {

    static final int THRESHOLD = 5;
    static final int MOST_DETECTIONS = 5;
    private static final long WINDOW = Duration.ofMillis(500).toNanos();
    private static final int FIRST_PAUSE_MILLIS = 100;
    private static final int LONGEST_PAUSE_MILLIS = 5_000;

    /** What to do before the next request. */
    enum Verdict {
        /** Ask. */
        PROCEED,
        /** Begin anew, then ask. */
        RESET,
        /** Wait for some of {@link #pause}, then ask. */
        PAUSE,
        /** Give up. */
        FAIL
    }

    private record Seen(long nanos, String offset) {}

    private final Deque<Seen> window = new ArrayDeque<>();
    private int detections;
    /** When something was asked for last while not up to date. */
    private long asked;

    /** A request at this offset is about to be made while not up to date. */
    Verdict request(long nanos, String offset) {
        asked = nanos;
        window.removeIf(seen -> nanos - seen.nanos >= WINDOW);
        window.addLast(new Seen(nanos, offset));
        long same = window.stream().filter(seen -> seen.offset.equals(offset)).count();
        if (same < THRESHOLD) {
            return Verdict.PROCEED;
        }
        window.clear();
        detections++;
        if (detections >= MOST_DETECTIONS) {
            return Verdict.FAIL;
        }
        return detections == 1 ? Verdict.RESET : Verdict.PAUSE;
    }

    /** The longest time to wait now. */
    Duration pause() {
        return Duration.ofMillis(Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << detections));
    }

    /**
     * A request is about to be made while up to date. That is well once it stays so: a log that is gone again at once, each
     * time that it was loaded, is asked for with pauses, and not given up.
     */
    void upToDate(long nanos) {
        if (nanos - asked >= WINDOW) {
            forget();
        } else {
            detections = Math.min(detections, MOST_DETECTIONS - 2);
        }
    }

    /** All is well. */
    void forget() {
        window.clear();
        detections = 0;
    }
}
