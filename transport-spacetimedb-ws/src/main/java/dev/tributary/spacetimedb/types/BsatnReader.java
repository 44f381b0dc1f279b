package dev.tributary.spacetimedb.types;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;

/**
 * A place in bytes that are BSATN, with an end that nothing reads beyond. Every length is checked against what is left
 * before anything is allocated. For one thread.
 */
public final class BsatnReader {

    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] NOTHING = {};

    private byte[] bytes = NOTHING;
    private int start;
    private int at;
    private int end;

    /** A reader of nothing. */
    public BsatnReader() {}

    /** A reader of all these bytes. */
    public BsatnReader(byte[] bytes) {
        reset(bytes, 0, bytes.length);
    }

    /** Begins with these bytes. */
    public void reset(byte[] from, int offset, int length) {
        java.util.Objects.checkFromIndexSize(offset, length, from.length);
        this.bytes = from;
        this.start = offset;
        this.at = offset;
        this.end = offset + length;
    }

    /** What it reads from. */
    public byte[] bytes() {
        return bytes;
    }

    /** The index in {@link #bytes} of what is read next. */
    public int at() {
        return at;
    }

    /** How many bytes are left. */
    public int left() {
        return end - at;
    }

    /** Refuses that something is left. */
    public void checkEnd() {
        if (at != end) {
            throw new IllegalArgumentException((end - at) + " bytes are left over" + place());
        }
    }

    /** Where it is, for messages. */
    String place() {
        return " at byte " + (at - start) + " of " + (end - start);
    }

    /** Goes on by that many bytes and gives where they begin. */
    public int take(int count) {
        if (count < 0 || count > end - at) {
            throw new IllegalArgumentException(
                    (count & 0xffffffffL) + " bytes expected, " + (end - at) + " left" + place());
        }
        int from = at;
        at += count;
        return from;
    }

    /** One byte, unsigned. */
    public int u8() {
        return bytes[take(1)] & 0xff;
    }

    /** Two bytes, signed. */
    public short i16() {
        return (short) SHORTS.get(bytes, take(Short.BYTES));
    }

    /** Four bytes, signed. */
    public int i32() {
        return (int) INTS.get(bytes, take(Integer.BYTES));
    }

    /** Eight bytes, signed. */
    public long i64() {
        return (long) LONGS.get(bytes, take(Long.BYTES));
    }

    /** That many bytes as one number. */
    public BigInteger big(int size, boolean signed) {
        int from = take(size);
        byte[] bigEndian = new byte[size];
        for (int i = 0; i < size; i++) {
            bigEndian[i] = bytes[from + size - 1 - i];
        }
        return signed ? new BigInteger(bigEndian) : new BigInteger(1, bigEndian);
    }

    /** A count or a length: what is counted takes at least so many bytes each. */
    int count(int leastBytesOfEach) {
        long count = i32() & 0xffffffffL;
        if (count * leastBytesOfEach > end - at) {
            throw new IllegalArgumentException(count + " elements of at least " + leastBytesOfEach + " bytes expected, "
                    + (end - at) + " bytes left" + place());
        }
        if (count > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(count + " elements are too many" + place());
        }
        return (int) count;
    }
}
