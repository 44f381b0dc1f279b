package dev.tributary.examples;

// example 12-column
import dev.tributary.ColumnType;
import java.nio.charset.StandardCharsets;

/** The one type of this protocol: a text, packed as UTF-8. */
enum LineText implements ColumnType {
    INSTANCE;

    @Override
    public Object decode(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }

    @Override
    public byte[] encode(Object value) {
        if (value instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        throw new IllegalArgumentException(
                "expected String, got " + value.getClass().getSimpleName());
    }

    @Override
    public Class<?> javaType() {
        return String.class;
    }
}
// end
