package dev.tributary.driftdb;

import dev.tributary.ColumnType;
import dev.tributary.ProtocolException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The types of the columns of DriftDB's views. */
enum DriftTypes implements ColumnType {
    /** A key of a stream, or the id of a client. */
    TEXT(String.class) {
        @Override
        public Object decode(byte[] bytes, int offset, int length) {
            return new String(bytes, offset, length, StandardCharsets.UTF_8);
        }

        @Override
        public byte[] encode(Object value) {
            if (value instanceof String text) {
                return text.getBytes(StandardCharsets.UTF_8);
            }
            throw unfit("a String", value);
        }
    },

    /** An unsigned number of 64 bits: a {@code Long}, and beyond it a {@code BigInteger}. */
    NUMBER(Long.class) {
        @Override
        public Object decode(byte[] bytes, int offset, int length) {
            if (length != Long.BYTES) {
                throw new IllegalArgumentException("expected 8 bytes, got " + length);
            }
            long number = ByteBuffer.wrap(bytes, offset, length).getLong();
            return number >= 0 ? (Object) number : new BigInteger(1, packed(number));
        }

        @Override
        public byte[] encode(Object value) {
            if (value instanceof BigInteger big && big.signum() >= 0 && big.bitLength() <= Long.SIZE) {
                return packed(big.longValue());
            }
            boolean whole = value instanceof Long
                    || value instanceof Integer
                    || value instanceof Short
                    || value instanceof Byte;
            if (whole && ((Number) value).longValue() >= 0) {
                return packed(((Number) value).longValue());
            }
            throw unfit("a whole number from 0 to 2^64-1", value);
        }
    },

    /** What was pushed. Views hold it as a document; these bytes are for saved views. */
    VALUE(Object.class) {
        @Override
        public Object decode(byte[] bytes, int offset, int length) {
            byte[] own = java.util.Arrays.copyOfRange(bytes, offset, offset + length);
            try {
                return MessageReader.read(Encoding.CBOR, "value", own, in -> {
                    in.nextToken();
                    return java.util.Objects.requireNonNull(ValueReader.read(in), "null is no packed value");
                });
            } catch (ProtocolException | NullPointerException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }

        @Override
        public byte[] encode(Object value) {
            return new CborOutput().value(value).toBytes();
        }
    };

    private final Class<?> javaType;

    DriftTypes(Class<?> javaType) {
        this.javaType = javaType;
    }

    static byte[] packed(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    /** A number of a row, unsigned. */
    static long number(dev.tributary.Row row, String column) {
        return row.get(column) instanceof Number number ? number.longValue() : 0;
    }

    private static IllegalArgumentException unfit(String expected, Object value) {
        return new IllegalArgumentException(
                "expected " + expected + ", got " + value.getClass().getSimpleName());
    }

    @Override
    public Class<?> javaType() {
        return javaType;
    }
}
