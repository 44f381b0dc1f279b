package dev.tributary.driftdb;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes values as CBOR without tags, which the server refuses. Jackson's generator writes integers beyond 63 bits as
 * tagged big numbers; that is why this one is ours.
 */
final class CborOutput {

    private static final int UNSIGNED = 0;
    private static final int NEGATIVE = 1;
    private static final int BYTES = 2;
    private static final int TEXT = 3;
    private static final int ARRAY = 4;
    private static final int MAP = 5;

    private static final int FALSE = 0xf4;
    private static final int TRUE = 0xf5;
    private static final int NULL = 0xf6;
    private static final int SINGLE = 0xfa;
    private static final int DOUBLE = 0xfb;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(64);

    byte[] toBytes() {
        return out.toByteArray();
    }

    CborOutput map(int size) {
        head(MAP, size);
        return this;
    }

    CborOutput text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        head(TEXT, utf8.length);
        out.writeBytes(utf8);
        return this;
    }

    CborOutput unsigned(long number) {
        head(UNSIGNED, number);
        return this;
    }

    CborOutput value(@Nullable Object value) {
        if (value == null) {
            out.write(NULL);
        } else if (value instanceof Boolean yes) {
            out.write(yes ? TRUE : FALSE);
        } else if (value instanceof Long number) {
            head(number < 0 ? NEGATIVE : UNSIGNED, number < 0 ? ~number : number);
        } else if (value instanceof BigInteger number) {
            head(UNSIGNED, number.longValue());
        } else if (value instanceof Float number) {
            out.write(SINGLE);
            bigEndian(Float.floatToIntBits(number), Integer.BYTES);
        } else if (value instanceof Double number) {
            out.write(DOUBLE);
            bigEndian(Double.doubleToLongBits(number), Long.BYTES);
        } else if (value instanceof String text) {
            text(text);
        } else if (value instanceof byte[] bytes) {
            head(BYTES, bytes.length);
            out.writeBytes(bytes);
        } else if (value instanceof List<?> list) {
            head(ARRAY, list.size());
            list.forEach(this::value);
        } else if (value instanceof Map<?, ?> map) {
            map(map.size());
            map.forEach((key, element) -> text(String.valueOf(key)).value(element));
        } else {
            throw new IllegalArgumentException("a " + value.getClass().getName() + " was not checked");
        }
        return this;
    }

    /** @param number unsigned */
    private void head(int major, long number) {
        int kind = major << 5;
        if (number >= 0 && number < 24) {
            out.write(kind | (int) number);
        } else if (number >= 0 && number <= 0xff) {
            out.write(kind | 24);
            bigEndian(number, 1);
        } else if (number >= 0 && number <= 0xffff) {
            out.write(kind | 25);
            bigEndian(number, Short.BYTES);
        } else if (number >= 0 && number <= 0xffff_ffffL) {
            out.write(kind | 26);
            bigEndian(number, Integer.BYTES);
        } else {
            out.write(kind | 27);
            bigEndian(number, Long.BYTES);
        }
    }

    private void bigEndian(long number, int bytes) {
        for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
            out.write((int) (number >>> shift));
        }
    }
}
