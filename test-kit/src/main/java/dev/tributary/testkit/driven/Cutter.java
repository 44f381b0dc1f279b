package dev.tributary.testkit.driven;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Cuts bytes into pieces of drawn lengths.
 *
 * @param most bytes in a piece; 0 for one piece
 */
record Cutter(int most, RandomGenerator random) {

    List<ByteBuffer> cut(byte[] bytes) {
        List<ByteBuffer> pieces = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            int length = most == 0 ? bytes.length : Math.min(bytes.length - at, 1 + random.nextInt(most));
            pieces.add(ByteBuffer.wrap(bytes, at, length).slice());
            at += length;
        }
        return pieces;
    }
}
