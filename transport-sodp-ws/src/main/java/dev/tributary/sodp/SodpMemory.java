package dev.tributary.sodp;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the sessions of one source remember together. Touched only in inputs of its protocols. */
final class SodpMemory {

    private static final int MOST_CAUTION = 5;

    private final Counters counters = new Counters();
    /** How often in a row a connection was lost while keys were asked for. */
    private int caution;

    /** When the token ends that a connection was last renewed for. */
    private @Nullable Instant renewedAt;

    @Nullable
    Instant renewedAt() {
        return renewedAt;
    }

    void renewed(@Nullable Instant expiry) {
        renewedAt = expiry;
    }

    Counters counters() {
        return counters;
    }

    int caution() {
        return caution;
    }

    /** A server may have cut because of what was asked: less of it next time. */
    void lostWhileAsking() {
        caution = Math.min(MOST_CAUTION, caution + 1);
    }

    void allLive() {
        caution = 0;
    }
}
