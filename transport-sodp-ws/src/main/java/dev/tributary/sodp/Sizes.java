package dev.tributary.sodp;

import dev.tributary.spi.SizedDocument;
import org.jspecify.annotations.Nullable;

/** About how many bytes of heap parts of documents need. */
final class Sizes {

    private static final int NUMBER = 24;
    private static final int TEXT = 48;
    private static final int MEMBER = 16;

    private Sizes() {}

    static long of(@Nullable Object value) {
        if (value instanceof SizedDocument sized) {
            return sized.sizeInBytes();
        }
        if (value instanceof String text) {
            return TEXT + (long) text.length();
        }
        return value == null || value instanceof Boolean ? 0 : NUMBER;
    }

    static long ofMember(@Nullable Object name, @Nullable Object value) {
        return MEMBER + of(name) + of(value);
    }
}
