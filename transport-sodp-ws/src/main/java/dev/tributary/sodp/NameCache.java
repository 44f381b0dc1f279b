package dev.tributary.sodp;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Short texts that came lately, so that the names of members exist once and carry their hash. */
final class NameCache {

    private static final int SIZE = 512;
    private static final int LONGEST = 40;

    private final @Nullable String[] texts = new String[SIZE];
    private final byte[][] spelled = new byte[SIZE][];

    private static int place(byte[] bytes, int start, int length) {
        int hash = length;
        for (int i = start; i < start + length; i++) {
            hash = 31 * hash + bytes[i];
        }
        return (hash ^ hash >>> 15) & (SIZE - 1);
    }

    @Nullable
    String find(byte[] bytes, int start, int length) {
        if (length > LONGEST) {
            return null;
        }
        int place = place(bytes, start, length);
        byte[] known = spelled[place];
        return known != null && Arrays.equals(known, 0, known.length, bytes, start, start + length)
                ? texts[place]
                : null;
    }

    void keep(String text, byte[] bytes, int start, int length) {
        if (length <= LONGEST) {
            int place = place(bytes, start, length);
            texts[place] = text;
            spelled[place] = Arrays.copyOfRange(bytes, start, start + length);
        }
    }
}
