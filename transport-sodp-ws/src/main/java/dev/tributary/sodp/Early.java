package dev.tributary.sodp;

import dev.tributary.ProtocolException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps what came before the whole value that decides about it: with its copy where the key is known, else under the number
 * of its stream. All together are bounded in bytes; beyond that a copy forgets what it kept, and is read anew.
 */
final class Early {

    private static final int MOST_UNBOUND_STREAMS = 1024;

    private final Counters counters;
    private final long mostBytes;
    /** Deltas of streams that no whole value has bound yet. */
    private final Map<Long, EarlyDeltas> parked = new HashMap<>();

    private long bytes;

    Early(Counters counters, long mostBytes) {
        this.counters = counters;
        this.mostBytes = mostBytes;
    }

    /** Keeps a delta of a stream that is not known yet. */
    void park(Delta delta) {
        EarlyDeltas early = parked.computeIfAbsent(delta.frame().stream(), stream -> new EarlyDeltas());
        if (parked.size() > MOST_UNBOUND_STREAMS) {
            throw new ProtocolException("deltas came on more than " + MOST_UNBOUND_STREAMS
                    + " streams that no STATE_INIT had told of, the last of them "
                    + delta.frame().stream());
        }
        keep(early, delta);
    }

    /** Keeps a delta of a key whose whole value is on its way. */
    void keep(Replica replica, Delta delta) {
        keep(replica.early(), delta);
    }

    private void keep(EarlyDeltas early, Delta delta) {
        if (early.isOverflown() || bytes + EarlyDeltas.sizeOf(delta) > mostBytes) {
            bytes -= early.overflow();
            counters.droppedFrames++;
        } else {
            early.add(delta);
            bytes += EarlyDeltas.sizeOf(delta);
        }
    }

    /** Forgets what was kept for a key. */
    void forget(Replica replica) {
        bytes -= replica.early().clear();
    }

    /** Forgets what was kept of a stream. */
    void forget(long stream) {
        EarlyDeltas early = parked.remove(stream);
        if (early != null) {
            bytes -= early.clear();
        }
    }

    /** Hands over what was kept for a key and of its stream, in the order of arrival. */
    Kept take(Replica replica, long stream) {
        List<Delta> deltas = new ArrayList<>(replica.early().deltas());
        boolean overflown = replica.early().isOverflown();
        EarlyDeltas onStream = parked.remove(stream);
        if (onStream != null) {
            deltas.addAll(onStream.deltas());
            overflown |= onStream.isOverflown();
            deltas.sort(Comparator.comparingLong(Delta::order));
            bytes -= onStream.clear();
        }
        forget(replica);
        return new Kept(deltas, overflown);
    }

    /**
     * What was kept.
     *
     * @param overflown some were dropped: what comes out of these is not the newest
     */
    record Kept(List<Delta> deltas, boolean overflown) {}
}
