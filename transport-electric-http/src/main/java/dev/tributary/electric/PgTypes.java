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
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * The column types of Postgres. A type that is not known here (an enum, a domain, a range, {@code inet} …) is a text, as
 * the server wrote it.
 */
final class PgTypes {

    /** Array types whose elements are not separated by a comma: they stay texts. */
    private static final String OTHER_DELIMITER = "box";

    private static final Map<String, ScalarType> SCALARS = scalars();

    private PgTypes() {}

    private static Map<String, ScalarType> scalars() {
        Map<String, ScalarType> types = new HashMap<>();
        List.of(
                        new ScalarType("int2", Integer.class, Integer::valueOf, PgNumbers::smallInteger),
                        new ScalarType("int4", Integer.class, Integer::valueOf, PgNumbers::integer),
                        new ScalarType("int8", Long.class, Long::valueOf, PgNumbers::bigInteger),
                        new ScalarType("oid", Long.class, Long::valueOf, PgNumbers::bigInteger),
                        new ScalarType("float4", Float.class, PgNumbers::readFloat, PgNumbers::writeFloat),
                        new ScalarType("float8", Double.class, PgNumbers::readDouble, PgNumbers::writeDouble),
                        new ScalarType("bool", Boolean.class, PgTypes::readBoolean, PgTypes::writeBoolean),
                        new ScalarType("uuid", UUID.class, PgTypes::readUuid, PgTypes::writeUuid),
                        new ScalarType("json", Object.class, JsonText::read, JsonText::write),
                        new ScalarType("jsonb", Object.class, JsonText::read, JsonText::write),
                        new ScalarType("date", LocalDate.class, orInfinite(PgTimes::readDate), PgTimes::date),
                        new ScalarType(
                                "timestamp",
                                LocalDateTime.class,
                                orInfinite(PgTimes::readTimestamp),
                                PgTimes::timestamp),
                        new ScalarType(
                                "timestamptz",
                                OffsetDateTime.class,
                                orInfinite(PgTimes::readTimestampTz),
                                PgTimes::timestampTz),
                        new ScalarType("time", LocalTime.class, timed(PgTimes::readTime), PgTimes::time),
                        new ScalarType("timetz", OffsetTime.class, timed(PgTimes::readTimeTz), PgTimes::timeTz),
                        new ScalarType("interval", Interval.class, orInfinite(Interval::parse), PgTimes::interval),
                        new ScalarType("bytea", byte[].class, PgTypes::readBytes, PgTypes::writeBytes))
                .forEach(type -> types.put(type.name(), type));
        return Map.copyOf(types);
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
