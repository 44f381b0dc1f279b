package com.example.line;

import dev.tributary.ColumnType;
import java.nio.ByteBuffer;

/** The one type that lines have: a whole number, eight bytes. */
enum LineNumber implements ColumnType {
    NUMBER;

    @Override
    public Object decode(byte[] bytes, int offset, int length) {
        if (length != 8) {
            throw new IllegalArgumentException("expected 8 bytes, got " + length);
        }
        return ByteBuffer.wrap(bytes, offset, length).getLong();
    }

    @Override
    public byte[] encode(Object value) {
        if (!(value instanceof Number number)) {
            throw new IllegalArgumentException("expected a whole number, got " + value);
        }
        return ByteBuffer.allocate(8).putLong(number.longValue()).array();
    }

    @Override
    public Class<?> javaType() {
        return Long.class;
    }
}
