package dev.tributary.testkit;

import dev.tributary.ColumnType;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;

/**
 * The types that a column of a {@link MemoryBackend} may have: plain Java values. Each packs a value into canonical bytes,
 * so that two values are equal exactly when their bytes are.
 */
public enum MemoryType implements ColumnType {
    /** {@link Boolean}. */
    BOOL(Boolean.class) {
        @Override
        byte[] pack(Object value) {
            return new byte[] {(byte) (value.equals(true) ? 1 : 0)};
        }

        @Override
        Object unpack(ByteBuffer bytes) {
            byte flag = bytes.get();
            if (flag != 0 && flag != 1) {
                throw new IllegalArgumentException("expected 0 or 1, got " + flag);
            }
            return flag == 1;
        }
    },

    /** {@link Integer}; any whole number that fits is taken. */
    INT(Integer.class) {
        @Override
        byte[] pack(Object value) {
            return ByteBuffer.allocate(4).putInt((Integer) value).array();
        }

        @Override
        Object unpack(ByteBuffer bytes) {
            return bytes.getInt();
        }
    },

    /** {@link Long}; any whole number is taken. */
    LONG(Long.class) {
        @Override
        byte[] pack(Object value) {
            return ByteBuffer.allocate(8).putLong((Long) value).array();
        }

        @Override
        Object unpack(ByteBuffer bytes) {
            return bytes.getLong();
        }
    },

    /** {@link BigDecimal} without trailing zeros: 1.50 becomes 1.5, for the two are one number. */
    DECIMAL(BigDecimal.class) {
        @Override
        byte[] pack(Object value) {
            BigDecimal shortest = ((BigDecimal) value).stripTrailingZeros();
            return shortest.toString().getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        Object unpack(ByteBuffer bytes) {
            return new BigDecimal(text(bytes));
        }
    },

    /** {@link Double}; there is one NaN and one zero. */
    DOUBLE(Double.class) {
        @Override
        byte[] pack(Object value) {
            // Adding zero makes the negative zero a positive one.
            return ByteBuffer.allocate(8)
                    .putLong(Double.doubleToLongBits((Double) value + 0.0))
                    .array();
        }

        @Override
        Object unpack(ByteBuffer bytes) {
            return bytes.getDouble();
        }
    },

    /** {@link String}. */
    STRING(String.class) {
        @Override
        byte[] pack(Object value) {
            return ((String) value).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        Object unpack(ByteBuffer bytes) {
            return text(bytes);
        }
    },

    /** {@code byte[]}, copied. */
    BYTES(byte[].class) {
        @Override
        byte[] pack(Object value) {
            return ((byte[]) value).clone();
        }

        @Override
        Object unpack(ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return copy;
        }
    },

    /** {@link java.util.UUID}. */
    UUID(UUID.class) {
        @Override
        byte[] pack(Object value) {
            UUID uuid = (UUID) value;
            return ByteBuffer.allocate(16)
                    .putLong(uuid.getMostSignificantBits())
                    .putLong(uuid.getLeastSignificantBits())
                    .array();
        }

        @Override
        Object unpack(ByteBuffer bytes) {
            return new UUID(bytes.getLong(), bytes.getLong());
        }
    },

    /** {@link java.time.Instant}. */
    INSTANT(Instant.class) {
        @Override
        byte[] pack(Object value) {
            Instant instant = (Instant) value;
            return ByteBuffer.allocate(12)
                    .putLong(instant.getEpochSecond())
                    .putInt(instant.getNano())
                    .array();
        }

        @Override
        Object unpack(ByteBuffer bytes) {
            return Instant.ofEpochSecond(bytes.getLong(), bytes.getInt());
        }
    };

    private final Class<?> javaType;

    MemoryType(Class<?> javaType) {
        this.javaType = javaType;
    }

    /**
     * The type that a plain value has.
     *
     * @throws IllegalArgumentException when no column can hold such a value
     */
    public static MemoryType of(Object value) {
        return Arrays.stream(values())
                .filter(type -> type.javaType.isInstance(value))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no column of a memory backend can hold a "
                        + value.getClass().getSimpleName() + "; there are " + Arrays.toString(values())));
    }

    abstract byte[] pack(Object value);

    abstract Object unpack(ByteBuffer bytes);

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    @Override
    public Class<?> javaType() {
        return javaType;
    }

    @Override
    public byte[] encode(Object value) {
        return pack(widened(value));
    }

    private Object widened(Object value) {
        if (javaType.isInstance(value)) {
            return value;
        }
        boolean whole =
                value instanceof Byte || value instanceof Short || value instanceof Integer || value instanceof Long;
        if (whole) {
            long number = ((Number) value).longValue();
            if (this == LONG) {
                return number;
            }
            if (this == INT && number == (int) number) {
                return (int) number;
            }
            if (this == DECIMAL) {
                return BigDecimal.valueOf(number);
            }
        }
        throw new IllegalArgumentException("expected " + javaType.getSimpleName() + ", got "
                + value.getClass().getSimpleName() + " " + value);
    }

    @Override
    public Object decode(byte[] bytes, int offset, int length) {
        ByteBuffer value = ByteBuffer.wrap(bytes, offset, length);
        Object decoded;
        try {
            decoded = unpack(value);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(length + " bytes are no " + name(), e);
        }
        if (value.hasRemaining()) {
            throw new IllegalArgumentException(length + " bytes are too many for " + name());
        }
        return decoded;
    }
}
