package dev.tributary.driftdb;

import dev.tributary.ConfigurationException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a value may be, and when two are the same. */
final class Values {

    /** The server refuses deeper ones. */
    static final int MOST_DEPTH = 126;

    private static final BigInteger LEAST_INTEGER = BigInteger.ONE.shiftLeft(63).negate();
    private static final BigInteger MOST_INTEGER = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

    private Values() {}

    /**
     * A copy that nobody can change, checked against what a server takes.
     *
     * @throws ConfigurationException naming the place in the value and what is wrong there
     */
    static @Nullable Object checked(@Nullable Object value) {
        return copy(value, "value", 0);
    }

    private static @Nullable Object copy(@Nullable Object value, String place, int depth) {
        if (value == null || value instanceof Boolean || value instanceof Double || value instanceof Float) {
            return value;
        }
        if (value instanceof String text) {
            return checkedText(text, place);
        }
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof BigInteger integer) {
            return integer(integer, place);
        }
        if (value instanceof byte[] bytes) {
            return bytes.clone();
        }
        if (depth == MOST_DEPTH) {
            throw new ConfigurationException(place + ": nested deeper than " + MOST_DEPTH);
        }
        if (value instanceof Map<?, ?> map) {
            return map(map, place, depth);
        }
        if (value instanceof Collection<?> collection) {
            List<@Nullable Object> copy = new ArrayList<>(collection.size());
            for (Object element : collection) {
                copy.add(copy(element, place + "[" + copy.size() + "]", depth + 1));
            }
            return Collections.unmodifiableList(copy);
        }
        throw new ConfigurationException(place + ": a " + value.getClass().getName() + " cannot be pushed; there are"
                + " null, Boolean, whole numbers, Float, Double, String, byte[], Collection and Map");
    }

    private static Map<String, @Nullable Object> map(Map<?, ?> map, String place, int depth) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(map.size() * 2);
        map.forEach((key, element) -> {
            if (!(key instanceof String name)) {
                throw new ConfigurationException(place + ": the keys of a map are texts, got "
                        + (key == null ? "null" : key.getClass().getName()));
            }
            String inside = place + "." + (name.length() > 40 ? name.substring(0, 40) + "…" : name);
            copy.put(checkedText(name, place), copy(element, inside, depth + 1));
        });
        return Collections.unmodifiableMap(copy);
    }

    private static Object integer(BigInteger integer, String place) {
        if (integer.compareTo(LEAST_INTEGER) < 0 || integer.compareTo(MOST_INTEGER) > 0) {
            throw new ConfigurationException(
                    place + ": an integer is from -2^63 to 2^64-1; push a larger one as a text");
        }
        return narrowest(integer);
    }

    /** The one Java type of this number: a Long where it fits. */
    static Object narrowest(BigInteger integer) {
        return integer.bitLength() < Long.SIZE ? (Object) integer.longValue() : integer;
    }

    /** A text that UTF-8 can hold. */
    static String checkedText(String text, String place) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw new ConfigurationException(place + ": a surrogate without its partner at character " + i);
            }
        }
        return text;
    }

    /** Whether JSON can carry the value as it is: no bytes, no number that is none. */
    static boolean fitsJson(@Nullable Object value) {
        if (value instanceof byte[]) {
            return false;
        }
        if (value instanceof Double || value instanceof Float) {
            return Double.isFinite(((Number) value).doubleValue());
        }
        if (value instanceof Map<?, ?> map) {
            return map.values().stream().allMatch(Values::fitsJson);
        }
        return !(value instanceof List<?> list) || list.stream().allMatch(Values::fitsJson);
    }

    /** Whether two values are the same, bytes by their content. */
    static boolean same(@Nullable Object a, @Nullable Object b) {
        return equal(a, b, false);
    }

    /**
     * Whether a value that came may be the one that was sent: JSON makes integers of whole doubles, and the server shortens
     * doubles that are exactly singles.
     */
    static boolean isEcho(@Nullable Object sent, @Nullable Object came) {
        return equal(sent, came, true);
    }

    private static boolean equal(@Nullable Object a, @Nullable Object b, boolean loosely) {
        if (a instanceof byte[] bytes) {
            return b instanceof byte[] others && Arrays.equals(bytes, others);
        }
        if (a instanceof Map<?, ?> map) {
            return b instanceof Map<?, ?> other
                    && map.size() == other.size()
                    && map.entrySet().stream()
                            .allMatch(entry -> other.containsKey(entry.getKey())
                                    && equal(entry.getValue(), other.get(entry.getKey()), loosely));
        }
        if (a instanceof List<?> list) {
            return b instanceof List<?> other && list.size() == other.size() && equal(list, other, loosely);
        }
        if (loosely && a instanceof Number one && b instanceof Number other) {
            return Objects.equals(a, b)
                    || ((isFloat(a) || isFloat(b))
                            && (one.doubleValue() == other.doubleValue() || one.floatValue() == other.floatValue()));
        }
        return Objects.equals(a, b);
    }

    private static boolean equal(List<?> a, List<?> b, boolean loosely) {
        Iterator<?> others = b.iterator();
        for (Object element : a) {
            if (!equal(element, others.next(), loosely)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isFloat(Object value) {
        return value instanceof Double || value instanceof Float;
    }
}
