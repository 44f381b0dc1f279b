package dev.tributary.sodp;

import dev.tributary.ConfigurationException;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigInteger;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns what an application hands over into documents, and refuses what SODP cannot carry before it leaves: servers drop
 * frames with such values in silence, or store something else.
 */
@SuppressWarnings("ReferenceEquality") // identity is what is asked for
final class Documents {

    /** Servers stop reading, or die, not far beyond. */
    static final int MOST_LEVELS = 500;

    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MOST = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    /** What the application has for its own classes; null gives nothing. */
    private final Function<Object, @Nullable Object> mapper;

    Documents(Function<Object, @Nullable Object> mapper) {
        this.mapper = mapper;
    }

    /** Knows the values of SODP, collections, arrays and records. */
    static final Documents PLAIN = new Documents(value -> null);

    /**
     * The value as a document that nobody can change.
     *
     * @throws ConfigurationException saying what cannot be sent, and where in the value it is
     */
    @Nullable
    Object of(@Nullable Object value) {
        return of(value, "", 0);
    }

    /** The value below a path, which counts among its levels. */
    @Nullable
    Object of(@Nullable Object value, SodpPath path) {
        return of(value, "", path.segments().size());
    }

    private @Nullable Object of(@Nullable Object value, String where, int level) {
        if (level > MOST_LEVELS) {
            throw refuse(where, "it is nested deeper than " + MOST_LEVELS + " levels");
        }
        if (value == null || value instanceof Boolean || value instanceof Long) {
            return value;
        }
        if (value instanceof String text) {
            return text(text, where);
        }
        if (value instanceof Number number) {
            return number(number, where);
        }
        if (value instanceof CharSequence text) {
            return text(text.toString(), where);
        }
        if (value instanceof Map<?, ?> map) {
            return object(map, where, level);
        }
        if (value instanceof Iterable<?> elements) {
            return list(elements, where, level);
        }
        return other(value, where, level);
    }

    private @Nullable Object other(Object value, String where, int level) {
        if (value instanceof byte[] || value instanceof java.nio.ByteBuffer) {
            throw refuse(where, "SODP has no binary values; send a text, for example Base64");
        }
        if (value.getClass().isArray()) {
            return array(value, where, level);
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        Object mapped = mapper.apply(value);
        if (mapped != null && mapped != value) {
            return of(mapped, where, level + 1);
        }
        if (value instanceof Record) {
            return record(value, where, level);
        }
        throw refuse(
                where,
                "a " + value.getClass().getName() + " is none of null, boolean, integer, float, text, list, map,"
                        + " array, enum and record; name one with Sodp.mapping");
    }

    private static Object number(Number number, String where) {
        if (number instanceof Integer || number instanceof Short || number instanceof Byte) {
            return number.longValue();
        }
        if (number instanceof Double || number instanceof Float) {
            double value = number.doubleValue();
            if (!Double.isFinite(value)) {
                throw refuse(where, value + " cannot be sent: servers turn it into null");
            }
            return value;
        }
        if (number instanceof BigInteger big) {
            if (big.compareTo(LEAST) < 0 || big.compareTo(MOST) > 0) {
                throw refuse(where, "the integer is beyond 64 bits; send it as a text");
            }
            return big.bitLength() < Long.SIZE ? (Object) big.longValue() : big;
        }
        throw refuse(
                where,
                "a " + number.getClass().getSimpleName() + " would lose digits; send a double or a text instead");
    }

    private static String text(String text, String where) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw refuse(where, "the text has a lone surrogate at " + i + ", which is no Unicode");
            }
        }
        return text;
    }

    private @Nullable Object object(Map<?, ?> map, String where, int level) {
        @Nullable Object[] members = new Object[2 * map.size()];
        int count = 0;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getKey() instanceof String name)) {
                throw refuse(where, "names of members are texts, got " + className(entry.getKey()));
            }
            String place = where + "/" + name;
            if (2 * count == members.length) {
                throw refuse(where, "the map changed while it was read");
            }
            members[2 * count] = text(name, place);
            members[2 * count + 1] = of(entry.getValue(), place, level + 1);
            count++;
        }
        return DocMap.of(members, count);
    }

    private static String className(@Nullable Object value) {
        return value == null ? "null" : value.getClass().getSimpleName();
    }

    private DocList list(Iterable<?> elements, String where, int level) {
        DocList list = DocList.EMPTY;
        int index = 0;
        for (Object element : elements) {
            list = list.appended(of(element, where + "/" + index++, level + 1));
        }
        return list;
    }

    private DocList array(Object array, String where, int level) {
        int length = Array.getLength(array);
        @Nullable Object[] elements = new Object[length];
        for (int i = 0; i < length; i++) {
            elements[i] = of(Array.get(array, i), where + "/" + i, level + 1);
        }
        return DocList.of(elements, length);
    }

    private DocMap record(Object value, String where, int level) {
        RecordComponent[] components = value.getClass().getRecordComponents();
        @Nullable Object[] members = new Object[2 * components.length];
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            members[2 * i] = name;
            members[2 * i + 1] = of(read(value, components[i].getAccessor(), where), where + "/" + name, level + 1);
        }
        return DocMap.of(members, components.length);
    }

    private static @Nullable Object read(Object value, Method accessor, String where) {
        try {
            accessor.setAccessible(true);
            return accessor.invoke(value);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw refuse(
                    where,
                    "the record " + value.getClass().getName() + " cannot be read ("
                            + e.getClass().getSimpleName()
                            + "); open its package to dev.tributary.sodp, or name a mapper with Sodp.mapping");
        }
    }

    private static ConfigurationException refuse(String where, String what) {
        return new ConfigurationException((where.isEmpty() ? "the value" : "the value at " + where) + ": " + what);
    }
}
