package dev.tributary;

import java.lang.invoke.MethodType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a value becomes the component of a record: as it is, or by a step that loses nothing. No integer passes through a
 * double.
 */
final class Conversion {

    /** By the class wanted, then by the class there is. */
    private static final Map<Class<?>, Map<Class<?>, Function<Object, Object>>> EXACT = Map.of(
            Long.class, Map.of(Integer.class, value -> (long) (Integer) value),
            BigInteger.class,
                    Map.of(
                            Integer.class, value -> BigInteger.valueOf((Integer) value),
                            Long.class, value -> BigInteger.valueOf((Long) value)),
            BigDecimal.class,
                    Map.of(
                            Integer.class, value -> BigDecimal.valueOf((Integer) value),
                            Long.class, value -> BigDecimal.valueOf((Long) value),
                            BigInteger.class, value -> new BigDecimal((BigInteger) value)),
            Double.class, Map.of(Float.class, value -> (double) (Float) value),
            Instant.class, Map.of(OffsetDateTime.class, value -> ((OffsetDateTime) value).toInstant()),
            ZonedDateTime.class, Map.of(OffsetDateTime.class, value -> ((OffsetDateTime) value).toZonedDateTime()));

    private final Class<?> type;
    /** The type, or what boxes it. */
    private final Class<?> boxed;

    private final Map<Class<?>, Function<Object, Object>> exact;
    /** The constants of an enum by name; empty for any other type. */
    private final Map<String, Object> constants = new LinkedHashMap<>();

    Conversion(Class<?> type) {
        this.type = type;
        this.boxed = MethodType.methodType(type).wrap().returnType();
        this.exact = EXACT.getOrDefault(boxed, Map.of());
        if (type.isEnum()) {
            for (Object constant : type.getEnumConstants()) {
                constants.put(((Enum<?>) constant).name(), constant);
            }
        }
    }

    /**
     * Whether values read as this class can fit at all. Of a wide class (a document is read as {@code Object}) only the
     * value itself shows.
     */
    boolean mayAccept(Class<?> source) {
        return boxed.isAssignableFrom(source)
                || source.isAssignableFrom(boxed)
                || exact.containsKey(source)
                || (source == String.class && type.isEnum());
    }

    /** The value as the type; null when it does not fit. */
    @Nullable
    Object convert(Object value) {
        if (boxed.isInstance(value)) {
            return value;
        }
        if (type.isEnum()) {
            // No key of the map equals what is no string.
            return constants.get(value);
        }
        Function<Object, Object> step = exact.get(value.getClass());
        return step == null ? null : step.apply(value);
    }

    /** What fits, for messages. */
    String expected() {
        return type.isEnum() ? "one of " + constants.keySet() : type.getSimpleName();
    }
}
