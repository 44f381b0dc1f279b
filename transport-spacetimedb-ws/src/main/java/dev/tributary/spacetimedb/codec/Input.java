package dev.tributary.spacetimedb.codec;

import java.util.Arrays;

/**
 * A piece of a message, and the few bytes of the pieces before that were not enough for what is being read. Mutable and
 * open to its readers, because rows are read straight from the piece.
 */
final class Input {

    private static final int FIRST = 256;
    /** A larger buffer is dropped after its value, so that one huge row is not paid for ever after. */
    private static final int MOST_KEPT = 1 << 20;

    byte[] bytes = new byte[0];
    int at;
    int end;

    /** Where what {@link #gather} promised begins, until the next call. */
    byte[] got = bytes;

    int gotAt;

    private byte[] held = new byte[FIRST];
    private int heldCount;
    /** Offset in the message of the byte 0 of {@link #bytes}; may be below zero. */
    private long origin;

    void reset() {
        piece(new byte[0], 0, 0);
        heldCount = 0;
        origin = 0;
    }

    /** The next piece, once the one before was read to its end. */
    void piece(byte[] next, int from, int to) {
        origin = origin + at - from;
        bytes = next;
        at = from;
        end = to;
    }

    int available() {
        return end - at;
    }

    /** Whether the next value begins in this piece. */
    boolean isFresh() {
        return heldCount == 0;
    }

    /** How many bytes of the message were read. */
    long offset() {
        return origin + at;
    }

    /**
     * Makes that many bytes available in one array, {@link #got} from {@link #gotAt} on, and goes behind them.
     *
     * @return false when there are not enough: what is there is kept, and the same must be asked again with the next
     *     piece
     */
    boolean gather(int count) {
        if (heldCount == 0 && end - at >= count) {
            got = bytes;
            gotAt = at;
            at += count;
            return true;
        }
        int more = Math.min(count - heldCount, end - at);
        reserve(heldCount + more, count);
        System.arraycopy(bytes, at, held, heldCount, more);
        heldCount += more;
        at += more;
        if (heldCount < count) {
            return false;
        }
        got = held;
        gotAt = 0;
        heldCount = 0;
        return true;
    }

    /** Grows with what was received and not with what was promised. */
    private void reserve(int needed, int promised) {
        if (held.length > MOST_KEPT && promised <= MOST_KEPT) {
            held = Arrays.copyOf(held, MOST_KEPT);
        }
        if (needed > held.length) {
            long doubled = Math.max(needed, held.length * 2L);
            held = Arrays.copyOf(held, (int) Math.min(Math.max(promised, FIRST), doubled));
        }
    }

    /** The little-endian number of so many bytes that was gathered, without a sign. */
    long number(int count) {
        return number(got, gotAt, count);
    }

    static long number(byte[] from, int offset, int count) {
        long value = 0;
        for (int i = count - 1; i >= 0; i--) {
            value = value << 8 | from[offset + i] & 0xFF;
        }
        return value;
    }
}
