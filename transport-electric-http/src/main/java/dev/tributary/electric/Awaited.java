package dev.tributary.electric;

import java.math.BigInteger;

/** What somebody waits to see in a view. */
sealed interface Awaited {

    boolean isIn(AppliedLog log);

    /** A transaction of the server, by its number. */
    record Transaction(long txid) implements Awaited {

        @Override
        public boolean isIn(AppliedLog log) {
            return log.containsTransaction(txid);
        }
    }

    /** All changes up to a position. */
    record Position(BigInteger lsn) implements Awaited {

        @Override
        public boolean isIn(AppliedLog log) {
            return log.contains(lsn);
        }
    }
}
