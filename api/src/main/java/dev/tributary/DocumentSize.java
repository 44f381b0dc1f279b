package dev.tributary;

import dev.tributary.spi.SizedDocument;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * About how many bytes of heap a document needs. Parts that say so themselves are not entered, the others are walked
 * through, without recursion: nobody bounds how deep a document is.
 */
final class DocumentSize {

    private static final int SMALL = 24;
    private static final int TEXT = 56;
    private static final int ARRAY = 16;
    private static final int BIG_NUMBER = 80;
    private static final int LIST = 56;
    private static final int ELEMENT = 8;
    private static final int MAP = 72;
    private static final int ENTRY = 56;
    /** A date, an interval, or a class that we do not know. */
    private static final int OTHER = 64;

    private final Deque<Object> toVisit = new ArrayDeque<>();
    private long bytes;

    private DocumentSize() {}

    static long of(@Nullable Object document) {
        DocumentSize size = new DocumentSize();
        size.count(document);
        while (!size.toVisit.isEmpty()) {
            size.enter(size.toVisit.pop());
        }
        return size.bytes;
    }

    private void count(@Nullable Object value) {
        if (value == null || value instanceof Boolean || value instanceof Enum) {
            return;
        }
        if (value instanceof SizedDocument sized) {
            bytes += sized.sizeInBytes();
        } else if (value instanceof List || value instanceof Map) {
            toVisit.push(value);
        } else if (value instanceof String text) {
            bytes += TEXT + (long) text.length() * (isLatin(text) ? 1 : 2);
        } else if (value instanceof byte[] array) {
            bytes += ARRAY + array.length;
        } else if (value instanceof BigInteger number) {
            bytes += BIG_NUMBER + number.bitLength() / Byte.SIZE;
        } else if (value instanceof BigDecimal number) {
            bytes += BIG_NUMBER + number.unscaledValue().bitLength() / Byte.SIZE;
        } else if (value instanceof Number) {
            bytes += SMALL;
        } else {
            bytes += OTHER;
        }
    }

    private void enter(Object container) {
        if (container instanceof List<?> list) {
            bytes += LIST + (long) list.size() * ELEMENT;
            list.forEach(this::count);
        } else if (container instanceof Map<?, ?> map) {
            bytes += MAP + (long) map.size() * ENTRY;
            map.forEach((name, value) -> {
                count(name);
                count(value);
            });
        }
    }

    /** Whether the JVM keeps one byte for each character. */
    private static boolean isLatin(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xff) {
                return false;
            }
        }
        return true;
    }
}
