package dev.tributary.electric;

import dev.tributary.ColumnType;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An array, packed as the server's array literal. Its dimensions are what was declared; the server does not enforce
 * them, so values may nest otherwise.
 */
record ArrayType(ColumnType element, int dimensions) implements ColumnType {

    @Override
    public String name() {
        return element.name() + "[]".repeat(dimensions);
    }

    @Override
    public Object decode(byte[] bytes, int offset, int length) {
        String literal = new String(bytes, offset, length, StandardCharsets.UTF_8);
        return ArrayLiteral.read(literal, this::decodeElement);
    }

    private Object decodeElement(String text) {
        byte[] bytes = PgTypes.utf8(text);
        return element.decode(bytes, 0, bytes.length);
    }

    @Override
    public byte[] encode(Object value) {
        if (!(value instanceof List<?> list)) {
            throw ScalarType.unfit("List", value);
        }
        // A list within an array of documents is a document.
        boolean nested = element.javaType() != Object.class;
        return PgTypes.utf8(
                ArrayLiteral.write(list, nested, item -> new String(element.encode(item), StandardCharsets.UTF_8)));
    }

    @Override
    public Class<?> javaType() {
        return List.class;
    }

    @Override
    public String toString() {
        return name();
    }
}
