package dev.tributary.sodp;

import java.util.ArrayList;
import java.util.List;

/** Deltas that came before the whole value which decides about them. */
final class EarlyDeltas {

    /** What a delta needs beside its bytes, roughly. */
    private static final int OVERHEAD = 120;

    private final List<Delta> deltas = new ArrayList<>();
    private long bytes;
    private boolean overflown;

    /** Bytes that these would need. */
    static long sizeOf(Delta delta) {
        return (long) delta.size() + OVERHEAD;
    }

    void add(Delta delta) {
        deltas.add(delta);
        bytes += sizeOf(delta);
    }

    List<Delta> deltas() {
        return deltas;
    }

    long bytes() {
        return bytes;
    }

    /** Some were dropped: what comes out of these is not the newest. */
    boolean isOverflown() {
        return overflown;
    }

    /** Drops them because there is no room, and says how many bytes that frees. */
    long overflow() {
        long freed = clear();
        overflown = true;
        return freed;
    }

    /** Forgets them, and says how many bytes that frees. */
    long clear() {
        long freed = bytes;
        deltas.clear();
        bytes = 0;
        overflown = false;
        return freed;
    }
}
