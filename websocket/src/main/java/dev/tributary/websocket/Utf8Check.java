package dev.tributary.websocket;

/** Whether bytes are UTF-8, however they are cut: no overlong form, no surrogate, nothing above U+10FFFF. */
final class Utf8Check {

    private static final int TAIL_LOW = 0x80;
    private static final int TAIL_HIGH = 0xBF;

    /** How many bytes of the character are to come. */
    private int missing;

    /** What the next byte may be. */
    private int low = TAIL_LOW;

    private int high = TAIL_HIGH;

    void reset() {
        missing = 0;
        low = TAIL_LOW;
        high = TAIL_HIGH;
    }

    /** False when it is none; then it is not asked again. */
    boolean accept(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (missing == 0 && b >= 0) {
                continue;
            }
            if (!step(Byte.toUnsignedInt(b))) {
                return false;
            }
        }
        return true;
    }

    private boolean step(int b) {
        if (missing == 0) {
            return begin(b);
        }
        if (b < low || b > high) {
            return false;
        }
        missing--;
        low = TAIL_LOW;
        high = TAIL_HIGH;
        return true;
    }

    private boolean begin(int b) {
        if (b >= 0xC2 && b <= 0xDF) {
            missing = 1;
        } else if (b >= 0xE0 && b <= 0xEF) {
            missing = 2;
            low = b == 0xE0 ? 0xA0 : TAIL_LOW;
            high = b == 0xED ? 0x9F : TAIL_HIGH;
        } else if (b >= 0xF0 && b <= 0xF4) {
            missing = 3;
            low = b == 0xF0 ? 0x90 : TAIL_LOW;
            high = b == 0xF4 ? 0x8F : TAIL_HIGH;
        } else {
            return false;
        }
        return true;
    }

    /** Whether no character is cut off here. */
    boolean isWhole() {
        return missing == 0;
    }
}
