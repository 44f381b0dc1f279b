package dev.tributary.testkit.spacetimedb;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The hash function BLAKE3 for inputs of at most one chunk, which is all that identities need. The JDK has none. */
final class Blake3 {

    private static final int BLOCK = 64;
    private static final int CHUNK = 1_024;
    private static final int CHUNK_START = 1;
    private static final int CHUNK_END = 2;
    private static final int ROOT = 8;
    private static final int ROUNDS = 7;

    private static final int[] IV = {
        0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19
    };
    private static final int[] ORDER = {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8};

    private Blake3() {}

    /** The first 32 bytes of the hash. */
    static byte[] hash(byte[] input) {
        if (input.length > CHUNK) {
            throw new IllegalArgumentException("more than one chunk");
        }
        int[] chain = IV.clone();
        int at = 0;
        while (true) {
            int length = Math.min(BLOCK, input.length - at);
            boolean last = at + length == input.length;
            ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
            block.put(input, at, length).rewind();
            int[] words = new int[16];
            for (int i = 0; i < words.length; i++) {
                words[i] = block.getInt();
            }
            int flags = (at == 0 ? CHUNK_START : 0) | (last ? CHUNK_END | ROOT : 0);
            chain = compress(chain, words, length, flags);
            if (last) {
                ByteBuffer out = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
                for (int word : chain) {
                    out.putInt(word);
                }
                return out.array();
            }
            at += length;
        }
    }

    private static int[] compress(int[] chain, int[] block, int length, int flags) {
        int[] state = new int[16];
        System.arraycopy(chain, 0, state, 0, 8);
        System.arraycopy(IV, 0, state, 8, 4);
        state[14] = length;
        state[15] = flags;
        int[] words = block;
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < 4; i++) {
                mix(state, i, 4 + i, 8 + i, 12 + i, words[2 * i], words[2 * i + 1]);
            }
            for (int i = 0; i < 4; i++) {
                mix(state, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4, words[8 + 2 * i], words[9 + 2 * i]);
            }
            int[] permuted = new int[16];
            for (int i = 0; i < permuted.length; i++) {
                permuted[i] = words[ORDER[i]];
            }
            words = permuted;
        }
        int[] result = new int[8];
        for (int i = 0; i < result.length; i++) {
            result[i] = state[i] ^ state[i + 8];
        }
        return result;
    }

    private static void mix(int[] s, int a, int b, int c, int d, int x, int y) {
        s[a] += s[b] + x;
        s[d] = Integer.rotateRight(s[d] ^ s[a], 16);
        s[c] += s[d];
        s[b] = Integer.rotateRight(s[b] ^ s[c], 12);
        s[a] += s[b] + y;
        s[d] = Integer.rotateRight(s[d] ^ s[a], 8);
        s[c] += s[d];
        s[b] = Integer.rotateRight(s[b] ^ s[c], 7);
    }
}
