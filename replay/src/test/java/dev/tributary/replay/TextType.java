package dev.tributary.replay;

import dev.tributary.ColumnType;
import java.nio.charset.StandardCharsets;

/** A column type whose values are texts, under any name. */
public record TextType(String name) implements ColumnType {

    @Override
    public Object decode(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }

    @Override
    public byte[] encode(Object value) {
        return value.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Class<?> javaType() {
        return String.class;
    }
}
