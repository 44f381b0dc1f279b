package dev.tributary.spacetimedb.types;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Whether bytes are UTF-8, without making a text of them. */
final class Utf8 {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Utf8() {}

    /** The index of the first byte that begins no whole character, or -1. */
    static int firstWrong(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end) {
            if (bytes[at] >= 0) {
                at++;
                while (end - at >= Long.BYTES && ((long) LONGS.get(bytes, at) & HIGH_BITS) == 0) {
                    at += Long.BYTES;
                }
                continue;
            }
            int length = lengthAt(bytes, at, end);
            if (length == 0) {
                return at;
            }
            at += length;
        }
        return -1;
    }

    /** The bytes of the character that begins here with a high bit; 0 when none does. */
    private static int lengthAt(byte[] bytes, int at, int end) {
        int first = bytes[at] & 0xff;
        int length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
        if (length == 0 || end - at < length) {
            return 0;
        }
        int second = bytes[at + 1] & 0xff;
        // Neither a longer way to write a shorter character, nor a surrogate, nor beyond the last character.
        int least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < least || second > most) {
            return 0;
        }
        for (int i = 2; i < length; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }
}
