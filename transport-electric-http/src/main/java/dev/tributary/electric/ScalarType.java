package dev.tributary.electric;

import dev.tributary.ColumnType;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * A type whose packed value is the server's own text, read on access.
 *
 * @param name as in {@link ColumnType#name}
 * @param javaType what {@code read} gives, special values apart
 * @param read the value of a text; throws {@link IllegalArgumentException} when it is none
 * @param write the server's text of a value; throws {@link IllegalArgumentException} when it is of no fitting type
 */
record ScalarType(String name, Class<?> javaType, Function<String, Object> read, Function<Object, String> write)
        implements ColumnType {

    private static final int SHOWN = 60;

    @Override
    public Object decode(byte[] bytes, int offset, int length) {
        String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
        try {
            return read.apply(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("expected " + name + ", got '" + shortened(text) + "'", e);
        }
    }

    @Override
    public byte[] encode(Object value) {
        return write.apply(value).getBytes(StandardCharsets.UTF_8);
    }

    private static String shortened(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }

    /** The refusal of a value whose Java type does not fit. */
    static IllegalArgumentException unfit(String wanted, Object value) {
        return new IllegalArgumentException(
                "expected " + wanted + ", got " + value.getClass().getSimpleName());
    }

    @Override
    public String toString() {
        return name;
    }
}
