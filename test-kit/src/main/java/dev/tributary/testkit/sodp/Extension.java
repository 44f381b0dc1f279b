package dev.tributary.testkit.sodp;

import java.util.Arrays;

/**
 * A value of a MessagePack extension type, kept as it came.
 *
 * @param type its number
 * @param bytes its content
 */
record Extension(byte type, byte[] bytes) {

    @Override
    public boolean equals(Object other) {
        return other instanceof Extension that && type == that.type && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * type + Arrays.hashCode(bytes);
    }
}
