package dev.tributary.electric;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which transactions and positions the visible rows contain, and those that the open commit will bring.
 */
final class AppliedLog {

    /** So many transactions are remembered, about; whoever waits for one does so soon after it. */
    static final int RECENT = 4_096;

    private final Set<Integer> txids = new LinkedHashSet<>();
    private @Nullable SnapshotEnd snapshot;
    private BigInteger lsn = BigInteger.ZERO;

    private final Set<Integer> openTxids = new LinkedHashSet<>();
    private final List<ElectricCommit.Operation> operations = new ArrayList<>();
    private int omitted;
    private @Nullable SnapshotEnd openSnapshot;
    private @Nullable BigInteger openLsn;
    private boolean replaced;

    /** The open commit replaces all rows by those of a new log. */
    void beginNew() {
        openTxids.clear();
        operations.clear();
        omitted = 0;
        openSnapshot = null;
        openLsn = null;
        replaced = true;
    }

    /** The changes of this chunk are in the open commit. */
    void add(Chunk chunk) {
        remember(chunk.txids(), openTxids);
        omitted += chunk.omitted();
        for (ElectricCommit.Operation operation : chunk.operations()) {
            if (operations.size() < Message.MAX_OPERATIONS) {
                operations.add(operation);
            } else {
                omitted++;
            }
            if (operation.lsn() != null) {
                openLsn = operation.lsn();
            }
        }
        if (chunk.snapshotEnd() != null) {
            openSnapshot = chunk.snapshotEnd();
        }
    }

    /**
     * The open commit is about to be visible.
     *
     * @param globalLsn up to where the database was read; null when that is not known
     * @return what is told beside its rows
     */
    ElectricCommit commit(@Nullable BigInteger globalLsn) {
        ElectricCommit told = new ElectricCommit(operations, omitted, globalLsn);
        if (replaced) {
            snapshot = null;
            lsn = BigInteger.ZERO;
        }
        if (openSnapshot != null) {
            snapshot = openSnapshot;
        }
        lsn = max(max(lsn, openLsn), globalLsn);
        remember(openTxids, txids);
        beginNew();
        replaced = false;
        return told;
    }

    private static BigInteger max(BigInteger known, @Nullable BigInteger other) {
        return other == null ? known : known.max(other);
    }

    private static void remember(Set<Integer> more, Set<Integer> known) {
        known.addAll(more);
        Iterator<Integer> oldest = known.iterator();
        for (int excess = known.size() - RECENT; excess > 0; excess--) {
            oldest.next();
            oldest.remove();
        }
    }

    /** Whether the visible rows contain a transaction, by its whole number or the low 32 bits of it. */
    boolean containsTransaction(long txid) {
        SnapshotEnd loaded = snapshot;
        return txids.contains((int) txid) || (loaded != null && loaded.contains(txid));
    }

    /** Whether the visible rows contain all changes up to a position. */
    boolean contains(BigInteger position) {
        return lsn.signum() > 0 && lsn.compareTo(position) >= 0;
    }
}
