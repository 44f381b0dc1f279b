package dev.tributary.electric;

import dev.tributary.ColumnType;
import dev.tributary.Infinity;
import dev.tributary.Interval;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The column types of Postgres. A type that is not known here (an enum, a domain, a range, {@code inet} …) is a text, as
 * the server wrote it.
 */
final class PgTypes {

    /** Array types whose elements are not separated by a comma: they stay texts. */
    private static final String OTHER_DELIMITER = "box";

    /** Those that were asked for: a process seldom needs them all, and each costs something to make. */
    private static final Map<String, ScalarType> SCALARS = new ConcurrentHashMap<>();

    private PgTypes() {}

    private static @Nullable ScalarType known(String name) {
        return switch (name) {
            case "int2" -> new ScalarType(name, Integer.class, Integer::valueOf, PgNumbers::smallInteger);
            case "int4" -> new ScalarType(name, Integer.class, Integer::valueOf, PgNumbers::integer);
            case "int8", "oid" -> new ScalarType(name, Long.class, Long::valueOf, PgNumbers::bigInteger);
            case "float4" -> new ScalarType(name, Float.class, PgNumbers::readFloat, PgNumbers::writeFloat);
            case "float8" -> new ScalarType(name, Double.class, PgNumbers::readDouble, PgNumbers::writeDouble);
            case "bool" -> new ScalarType(name, Boolean.class, PgTypes::readBoolean, PgTypes::writeBoolean);
            case "uuid" -> new ScalarType(name, UUID.class, PgTypes::readUuid, PgTypes::writeUuid);
            case "json", "jsonb" -> new ScalarType(name, Object.class, JsonText::read, JsonText::write);
            case "date" -> new ScalarType(name, LocalDate.class, orInfinite(PgTimes::readDate), PgTimes::date);
            case "timestamp" ->
                new ScalarType(name, LocalDateTime.class, orInfinite(PgTimes::readTimestamp), PgTimes::timestamp);
            case "timestamptz" ->
                new ScalarType(name, OffsetDateTime.class, orInfinite(PgTimes::readTimestampTz), PgTimes::timestampTz);
            case "time" -> new ScalarType(name, LocalTime.class, timed(PgTimes::readTime), PgTimes::time);
            case "timetz" -> new ScalarType(name, OffsetTime.class, timed(PgTimes::readTimeTz), PgTimes::timeTz);
            case "interval" -> new ScalarType(name, Interval.class, orInfinite(Interval::parse), PgTimes::interval);
            case "bytea" -> new ScalarType(name, byte[].class, PgTypes::readBytes, PgTypes::writeBytes);
            default -> null;
        };
    }

    /** The type of a column as the server describes it; what the application brought goes first. */
    static ColumnType of(ColumnInfo info, Map<String, Function<ColumnInfo, ColumnType>> custom) {
        Function<ColumnInfo, ColumnType> own = custom.get(info.type());
        if (own != null) {
            ColumnType element = own.apply(info);
            return info.dimensions() == 0 ? element : new ArrayType(element, info.dimensions());
        }
        String modifiers = "";
        if (info.type().equals("numeric") && info.modifiers().containsKey("precision")) {
            modifiers = "(" + info.modifiers().get("precision") + ","
                    + info.modifiers().getOrDefault("scale", "0") + ")";
        }
        return of(new TypeName(info.type(), modifiers, info.dimensions()));
    }

    /**
     * The type of this name.
     *
     * @throws IllegalArgumentException when the name is malformed
     */
    static ColumnType named(String name) {
        return of(TypeName.parse(name));
    }

    private static ColumnType of(TypeName name) {
        if (name.dimensions() == 0) {
            return scalar(name);
        }
        if (name.base().equals(OTHER_DELIMITER)) {
            return text(name.toString());
        }
        return new ArrayType(scalar(new TypeName(name.base(), name.modifiers(), 0)), name.dimensions());
    }

    private static ScalarType scalar(TypeName name) {
        if (name.base().equals("numeric")) {
            return PgNumbers.numeric(name);
        }
        ScalarType known = SCALARS.get(name.base());
        if (known == null) {
            known = known(name.base());
            if (known != null) {
                SCALARS.put(name.base(), known);
            }
        }
        return known == null ? text(name.toString()) : known;
    }

    /** A type that is a text. */
    static ScalarType text(String name) {
        return new ScalarType(name, String.class, text -> text, PgTypes::writeText);
    }

    private static String writeText(Object value) {
        if (value instanceof CharSequence) {
            return value.toString();
        }
        throw ScalarType.unfit("String", value);
    }

    private static Object readBoolean(String text) {
        return switch (text) {
            case "t", "true" -> true;
            case "f", "false" -> false;
            default -> throw new IllegalArgumentException("neither t nor f");
        };
    }

    private static String writeBoolean(Object value) {
        if (value instanceof Boolean truth) {
            return truth ? "t" : "f";
        }
        throw ScalarType.unfit("Boolean", value);
    }

    private static Object readUuid(String text) {
        if (text.length() != 36) {
            throw new IllegalArgumentException("a UUID has 36 characters");
        }
        return UUID.fromString(text);
    }

    private static String writeUuid(Object value) {
        if (value instanceof UUID) {
            return value.toString();
        }
        if (value instanceof String text) {
            return readUuid(text).toString();
        }
        throw ScalarType.unfit("UUID", value);
    }

    private static Object readBytes(String text) {
        if (!text.startsWith("\\x")) {
            throw new IllegalArgumentException("no \\x before the digits");
        }
        return HexFormat.of().parseHex(text, 2, text.length());
    }

    private static String writeBytes(Object value) {
        if (value instanceof byte[] bytes) {
            return "\\x" + HexFormat.of().formatHex(bytes);
        }
        throw ScalarType.unfit("byte[]", value);
    }

    private static Function<String, Object> orInfinite(Function<String, Object> finite) {
        Function<String, Object> read = timed(finite);
        return text -> switch (text) {
            case "infinity" -> Infinity.POSITIVE;
            case "-infinity" -> Infinity.NEGATIVE;
            default -> read.apply(text);
        };
    }

    /** {@code java.time} has its own exception for a 31st of February. */
    private static Function<String, Object> timed(Function<String, Object> read) {
        return text -> {
            try {
                return read.apply(text);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        };
    }

    /** Whether packed values of this type are truth values, which the server spells in two ways. */
    static boolean isBoolean(ColumnInfo info) {
        return info.type().equals("bool") && info.dimensions() == 0;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
