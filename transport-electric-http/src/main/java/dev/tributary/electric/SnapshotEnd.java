package dev.tributary.electric;

import java.util.Set;

/**
 * Which transactions a snapshot contains: those below {@code xmin}, and those below {@code xmax} that were not running.
 *
 * @param xmin 64-bit number of the oldest transaction that was running
 * @param xmax 64-bit number of the first that had not begun
 * @param running 64-bit numbers of those running between
 */
record SnapshotEnd(long xmin, long xmax, Set<Long> running) {

    private static final long BITS_32 = 0xffff_ffffL;

    SnapshotEnd {
        running = Set.copyOf(running);
    }

    /** Whether the snapshot contains a transaction, given by its whole number or by the low 32 bits of it. */
    boolean contains(long txid) {
        long whole = widen(txid);
        return whole < xmin || (whole < xmax && !running.contains(whole));
    }

    /** Numbers wrap at 32 bits: the right one is the nearest to this snapshot. */
    long widen(long txid) {
        return txid > BITS_32 ? txid : xmax + (int) (txid - xmax);
    }
}
