package dev.tributary.spacetimedb.types;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Growing bytes, little-endian. For one thread. */
public final class BsatnWriter {

    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int FIRST_CAPACITY = 128;
    /** A larger buffer is not kept for the next value. */
    private static final int MOST_KEPT = 1 << 20;

    private byte[] bytes = new byte[FIRST_CAPACITY];
    private int length;

    /** Forgets what was written. */
    public void clear() {
        length = 0;
        if (bytes.length > MOST_KEPT) {
            bytes = new byte[FIRST_CAPACITY];
        }
    }

    /** What was written, from 0 to {@link #length}; valid until the next write. */
    public byte[] buffer() {
        return bytes;
    }

    /** How many bytes were written. */
    public int length() {
        return length;
    }

    /** A copy of what was written. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private int reserve(int more) {
        if (bytes.length - length < more) {
            int needed = Math.addExact(length, more);
            int doubled = bytes.length > Integer.MAX_VALUE / 2 ? Integer.MAX_VALUE - 8 : bytes.length * 2;
            bytes = Arrays.copyOf(bytes, Math.max(needed, doubled));
        }
        int from = length;
        length += more;
        return from;
    }

    /** One byte. */
    public void u8(int value) {
        // First the place: it may come with another array.
        int from = reserve(1);
        bytes[from] = (byte) value;
    }

    /** Two bytes. */
    public void i16(int value) {
        int from = reserve(Short.BYTES);
        SHORTS.set(bytes, from, (short) value);
    }

    /** Four bytes. */
    public void i32(int value) {
        int from = reserve(Integer.BYTES);
        INTS.set(bytes, from, value);
    }

    /** Eight bytes. */
    public void i64(long value) {
        int from = reserve(Long.BYTES);
        LONGS.set(bytes, from, value);
    }

    /** A number that fits into that many bytes, in two's complement. */
    public void big(BigInteger value, int size) {
        byte[] bigEndian = value.toByteArray();
        int from = reserve(size);
        byte sign = (byte) (value.signum() < 0 ? 0xff : 0);
        for (int i = 0; i < size; i++) {
            int source = bigEndian.length - 1 - i;
            bytes[from + i] = source >= 0 ? bigEndian[source] : sign;
        }
    }

    /** These bytes. */
    public void raw(byte[] from, int offset, int count) {
        int at = reserve(count);
        System.arraycopy(from, offset, bytes, at, count);
    }

    /** Four bytes that are set later, by {@link #setI32}. */
    int i32Later() {
        return reserve(Integer.BYTES);
    }

    void setI32(int at, int value) {
        INTS.set(bytes, at, value);
    }

    /** Cuts off what was written from there on. */
    void cut(int from) {
        length = from;
    }

    /**
     * Length and UTF-8 of these characters.
     *
     * @throws IllegalArgumentException when a surrogate has no partner: such a text has no UTF-8
     */
    public void text(char[] chars, int offset, int count) {
        int lengthAt = i32Later();
        int at = reserve(Math.multiplyExact(count, 3));
        int end = offset + count;
        byte[] target = bytes;
        int from = offset;
        while (from < end && chars[from] < 0x80) {
            target[at++] = (byte) chars[from++];
        }
        while (from < end) {
            char c = chars[from++];
            if (c < 0x80) {
                target[at++] = (byte) c;
            } else if (c < 0x800) {
                target[at++] = (byte) (0xc0 | c >> 6);
                target[at++] = (byte) (0x80 | c & 0x3f);
            } else if (!Character.isSurrogate(c)) {
                target[at++] = (byte) (0xe0 | c >> 12);
                target[at++] = (byte) (0x80 | c >> 6 & 0x3f);
                target[at++] = (byte) (0x80 | c & 0x3f);
            } else if (Character.isHighSurrogate(c) && from < end && Character.isLowSurrogate(chars[from])) {
                int point = Character.toCodePoint(c, chars[from++]);
                target[at++] = (byte) (0xf0 | point >> 18);
                target[at++] = (byte) (0x80 | point >> 12 & 0x3f);
                target[at++] = (byte) (0x80 | point >> 6 & 0x3f);
                target[at++] = (byte) (0x80 | point & 0x3f);
            } else {
                throw new IllegalArgumentException("a text holds half a surrogate pair, which has no UTF-8");
            }
        }
        length = at;
        setI32(lengthAt, at - lengthAt - Integer.BYTES);
    }
}
