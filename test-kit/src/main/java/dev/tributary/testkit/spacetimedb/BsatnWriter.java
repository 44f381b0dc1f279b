package dev.tributary.testkit.spacetimedb;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Bytes in the binary form of SpacetimeDB, little-endian throughout. */
final class BsatnWriter {

    private byte[] bytes;
    private int size;

    BsatnWriter() {
        this(64);
    }

    BsatnWriter(int capacity) {
        bytes = new byte[capacity];
    }

    BsatnWriter u8(int value) {
        room(1);
        bytes[size++] = (byte) value;
        return this;
    }

    BsatnWriter u16(int value) {
        return u8(value).u8(value >> 8);
    }

    BsatnWriter u32(long value) {
        return u16((int) value).u16((int) (value >> 16));
    }

    BsatnWriter u64(long value) {
        return u32(value).u32(value >> 32);
    }

    /** Two's complement in so many bytes. */
    BsatnWriter integer(BigInteger value, int width) {
        byte[] big = value.toByteArray();
        room(width);
        byte fill = (byte) (value.signum() < 0 ? -1 : 0);
        for (int i = 0; i < width; i++) {
            bytes[size++] = i < big.length ? big[big.length - 1 - i] : fill;
        }
        return this;
    }

    BsatnWriter string(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A byte array: its length, then its bytes. */
    BsatnWriter bytes(byte[] value) {
        return u32(value.length).raw(value);
    }

    BsatnWriter raw(byte[] value) {
        return raw(value, 0, value.length);
    }

    BsatnWriter raw(byte[] value, int offset, int length) {
        room(length);
        System.arraycopy(value, offset, bytes, size, length);
        size += length;
        return this;
    }

    BsatnWriter optionU32(@Nullable Long value) {
        return value == null ? u8(1) : u8(0).u32(value);
    }

    int size() {
        return size;
    }

    byte[] toBytes() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            int wanted = Math.max(size + more, (int) Math.min(Integer.MAX_VALUE - 16L, bytes.length * 2L));
            bytes = Arrays.copyOf(bytes, wanted);
        }
    }
}
