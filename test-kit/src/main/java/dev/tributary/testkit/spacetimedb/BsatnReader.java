package dev.tributary.testkit.spacetimedb;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads bytes in the binary form of SpacetimeDB. */
final class BsatnReader {

    private final byte[] bytes;
    private final int end;
    private int at;

    BsatnReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    BsatnReader(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        at = offset;
        end = offset + length;
    }

    int position() {
        return at;
    }

    boolean hasMore() {
        return at < end;
    }

    int u8(String what) throws BsatnException {
        need(1, what);
        return bytes[at++] & 0xff;
    }

    long u32(String what) throws BsatnException {
        return unsigned(4, what);
    }

    long i64(String what) throws BsatnException {
        return unsigned(8, what);
    }

    /** Up to eight bytes as they are, without a sign. */
    long unsigned(int width, String what) throws BsatnException {
        need(width, what);
        long value = 0;
        for (int i = width - 1; i >= 0; i--) {
            value = value << 8 | bytes[at + i] & 0xff;
        }
        at += width;
        return value;
    }

    BigInteger integer(int width, boolean signed, String what) throws BsatnException {
        need(width, what);
        byte[] big = new byte[width];
        for (int i = 0; i < width; i++) {
            big[width - 1 - i] = bytes[at + i];
        }
        at += width;
        return signed ? new BigInteger(big) : new BigInteger(1, big);
    }

    byte[] bytes(String what) throws BsatnException {
        int length = length(what);
        byte[] value = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return value;
    }

    String string(String what) throws BsatnException {
        int length = length(what);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, at, length))
                    .toString();
            at += length;
            return text;
        } catch (CharacterCodingException e) {
            throw new BsatnException("invalid utf-8 in " + what);
        }
    }

    void skip(int count, String what) throws BsatnException {
        need(count, what);
        at += count;
    }

    int length(String what) throws BsatnException {
        long length = u32(what);
        if (length > end - at) {
            throw new BsatnException("data too short for " + what + ": Expected " + length + ", given " + (end - at));
        }
        return (int) length;
    }

    private void need(int count, String what) throws BsatnException {
        if (end - at < count) {
            throw new BsatnException("data too short for " + what + ": Expected " + count + ", given " + (end - at));
        }
    }
}
