package dev.tributary.testkit.electric;

/**
 * A committed transaction.
 *
 * @param number 1 for the first transaction of the model, then rising by one
 * @param lsn commit LSN as an unsigned 64-bit number
 * @param xid 64-bit transaction id; messages carry its lower 32 bits
 * @param operations number of row operations
 */
public record Commit(long number, long lsn, long xid, int operations) {

    /** The LSN as messages spell it. */
    public String lsnText() {
        return Long.toUnsignedString(lsn);
    }

    /** The 32-bit transaction id as messages spell it. */
    public long txid() {
        return xid & 0xFFFF_FFFFL;
    }
}
