package dev.tributary.spacetimedb.types;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import dev.tributary.spacetimedb.ConnectionId;
import dev.tributary.spacetimedb.Identity;
import java.io.IOException;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Products of a single field whose name says that they mean more. Their bytes are those of the field; in JSON they are
 * products like any other.
 */
enum Special implements Leaf {
    IDENTITY("identity", "__identity__", WholeNumber.U256, Identity.class) {
        @Override
        Object read(BsatnReader in) {
            return new Identity(in.big(size(), false));
        }

        @Override
        void write(Object value, BsatnWriter out) {
            WholeNumber.U256.write(((Identity) value).value(), out);
        }
    },
    CONNECTION_ID("connection_id", "__connection_id__", WholeNumber.U128, ConnectionId.class) {
        @Override
        Object read(BsatnReader in) {
            return new ConnectionId(in.big(size(), false));
        }

        @Override
        void write(Object value, BsatnWriter out) {
            WholeNumber.U128.write(((ConnectionId) value).value(), out);
        }
    },
    TIMESTAMP("timestamp", "__timestamp_micros_since_unix_epoch__", WholeNumber.I64, Instant.class) {
        @Override
        Object read(BsatnReader in) {
            return Instant.EPOCH.plus(in.i64(), ChronoUnit.MICROS);
        }

        @Override
        void write(Object value, BsatnWriter out) {
            Instant instant = (Instant) value;
            out.i64(micros(instant.getEpochSecond(), instant.getNano(), value));
        }
    },
    TIME_DURATION("time_duration", "__time_duration_micros__", WholeNumber.I64, Duration.class) {
        @Override
        Object read(BsatnReader in) {
            return Duration.of(in.i64(), ChronoUnit.MICROS);
        }

        @Override
        void write(Object value, BsatnWriter out) {
            Duration duration = (Duration) value;
            out.i64(micros(duration.getSeconds(), duration.getNano(), value));
        }
    },
    UUID("uuid", "__uuid__", WholeNumber.U128, java.util.UUID.class) {
        @Override
        Object read(BsatnReader in) {
            long low = in.i64();
            return new UUID(in.i64(), low);
        }

        @Override
        void write(Object value, BsatnWriter out) {
            UUID uuid = (UUID) value;
            out.i64(uuid.getLeastSignificantBits());
            out.i64(uuid.getMostSignificantBits());
        }
    };

    private static final long NANOS_OF_A_MICRO = 1_000;
    private static final long MICROS_OF_A_SECOND = 1_000_000;
    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

    private final String word;
    private final String field;
    private final WholeNumber number;
    private final Class<?> javaType;

    Special(String word, String field, WholeNumber number, Class<?> javaType) {
        this.word = word;
        this.field = field;
        this.number = number;
        this.javaType = javaType;
    }

    abstract Object read(BsatnReader in);

    abstract void write(Object value, BsatnWriter out);

    /** The special type that a product of one such field is; null for none. */
    static @Nullable Special of(String fieldName, AlgebraicType fieldType) {
        for (Special special : values()) {
            if (special.field.equals(fieldName) && special.number == fieldType) {
                return special;
            }
        }
        return null;
    }

    static @Nullable Special named(String word) {
        for (Special special : values()) {
            if (special.word.equals(word)) {
                return special;
            }
        }
        return null;
    }

    private static long micros(long seconds, int nanos, Object value) {
        if (nanos % NANOS_OF_A_MICRO != 0) {
            throw new IllegalArgumentException(
                    "expected whole microseconds, got " + value + "; truncate it to ChronoUnit.MICROS");
        }
        // Not by multiplyExact: the first of all micros is in range, though its second times a million is not.
        BigInteger micros = BigInteger.valueOf(seconds)
                .multiply(BigInteger.valueOf(MICROS_OF_A_SECOND))
                .add(BigInteger.valueOf(nanos / NANOS_OF_A_MICRO));
        if (micros.compareTo(LEAST) < 0 || micros.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("expected microseconds of 64 bits, got " + value);
        }
        return micros.longValue();
    }

    @Override
    public int size() {
        return number.size();
    }

    @Override
    public boolean isAnyBytes() {
        return true;
    }

    @Override
    public Class<?> javaType() {
        return javaType;
    }

    @Override
    public void skip(BsatnReader in, int levelsLeft) {
        in.take(number.size());
    }

    @Override
    public Object decode(BsatnReader in, int levelsLeft) {
        try {
            return read(in);
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public void encode(@Nullable Object value, BsatnWriter out, int levelsLeft) {
        if (!javaType.isInstance(value)) {
            throw AlgebraicType.unfit(javaType.getSimpleName(), value);
        }
        write(value, out);
    }

    @Override
    public void fromJson(JsonSource in, BsatnWriter out, int levelsLeft) throws IOException {
        if (in.token() == JsonToken.START_ARRAY) {
            in.next();
            number.fromJson(in, out, levelsLeft);
            if (in.next() != JsonToken.END_ARRAY) {
                throw in.unfit("the end of a " + word);
            }
        } else if (in.token() == JsonToken.START_OBJECT) {
            if (in.next() != JsonToken.FIELD_NAME || !in.parser().currentName().equals(field)) {
                throw in.unfit("the field " + field);
            }
            in.next();
            number.fromJson(in, out, levelsLeft);
            if (in.next() != JsonToken.END_OBJECT) {
                throw in.unfit("the end of a " + word);
            }
        } else {
            throw in.unfit("a " + word + " in an array or an object");
        }
    }

    @Override
    public void toJson(BsatnReader in, JsonGenerator out, int levelsLeft) throws IOException {
        out.writeStartArray();
        number.toJson(in, out, levelsLeft);
        out.writeEndArray();
    }

    @Override
    public void name(TypeName.Writer out) {
        out.word(word);
    }
}
