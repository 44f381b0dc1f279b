package dev.tributary.testkit.electric;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A position in a shape log: unsigned LSN and operation. The snapshot part has LSN 0.
 *
 * @param lsn unsigned LSN
 * @param op operation, {@link #INFINITE} for the end
 */
record LogOffset(long lsn, long op) implements Comparable<LogOffset> {

    static final long INFINITE = Long.MAX_VALUE;
    static final LogOffset BEFORE_ALL = new LogOffset(0, -1);
    static final LogOffset SNAPSHOT_END = new LogOffset(0, INFINITE);

    private static final Pattern FORM = Pattern.compile("([0-9]+)_([0-9]+|inf)");
    private static final BigInteger MAX_LSN = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final BigInteger MAX_OP = BigInteger.valueOf(INFINITE - 1);

    /** Reads an offset other than {@code now}; null when it has no valid form. */
    static @Nullable LogOffset parse(String text) {
        if (text.equals("-1")) {
            return BEFORE_ALL;
        }
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        long lsn = new BigInteger(matcher.group(1)).min(MAX_LSN).longValue();
        String op = matcher.group(2);
        return new LogOffset(
                lsn,
                op.equals("inf") ? INFINITE : new BigInteger(op).min(MAX_OP).longValue());
    }

    static LogOffset chunk(int index) {
        return new LogOffset(0, index);
    }

    /** Whether this is the virtual offset of a snapshot chunk (or before the first). */
    boolean inSnapshot() {
        return lsn == 0 && op != INFINITE;
    }

    @Override
    public int compareTo(LogOffset other) {
        int byLsn = Long.compareUnsigned(lsn, other.lsn);
        return byLsn != 0 ? byLsn : Long.compare(op, other.op);
    }

    @Override
    public String toString() {
        if (equals(BEFORE_ALL)) {
            return "-1";
        }
        return Long.toUnsignedString(lsn) + "_" + (op == INFINITE ? "inf" : Long.toString(op));
    }
}
