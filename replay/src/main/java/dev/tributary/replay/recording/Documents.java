package dev.tributary.replay.recording;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares documents that a client holds with trees of {@link Json}: an integer is not a float. */
@SuppressWarnings("ReferenceEquality") // identity is what is asked for
public final class Documents {

    private static final int SHOWN = 80;

    private Documents() {}

    /**
     * @param expected as the file has it
     * @param actual of {@code Long}, {@code BigInteger}, {@code Double}, {@code Boolean}, {@code String}, {@code List},
     *     {@code Map} and null
     * @return the first difference with its place, or null
     */
    public static @Nullable String difference(@Nullable Object expected, @Nullable Object actual) {
        return difference("", expected, actual);
    }

    private static @Nullable String difference(String place, @Nullable Object expected, @Nullable Object actual) {
        if (expected instanceof Map<?, ?> wanted && actual instanceof Map<?, ?> held) {
            TreeSet<String> names = new TreeSet<>();
            wanted.keySet().forEach(name -> names.add(String.valueOf(name)));
            held.keySet().forEach(name -> names.add(String.valueOf(name)));
            for (String name : names) {
                String below = place + "/" + name;
                if (!held.containsKey(name)) {
                    return below + " is missing";
                }
                if (!wanted.containsKey(name)) {
                    return below + " is held, but not expected";
                }
                String difference = difference(below, wanted.get(name), held.get(name));
                if (difference != null) {
                    return difference;
                }
            }
            return null;
        }
        if (expected instanceof List<?> wanted && actual instanceof List<?> held) {
            for (int i = 0; i < Math.min(wanted.size(), held.size()); i++) {
                String difference = difference(place + "/" + i, wanted.get(i), held.get(i));
                if (difference != null) {
                    return difference;
                }
            }
            return wanted.size() == held.size()
                    ? null
                    : at(place) + "has " + held.size() + " elements, expected are " + wanted.size();
        }
        return isSame(expected, actual) ? null : at(place) + "is " + shown(actual) + ", expected is " + shown(expected);
    }

    private static String at(String place) {
        return place.isEmpty() ? "it " : place + " ";
    }

    private static boolean isSame(@Nullable Object expected, @Nullable Object actual) {
        if (expected == null || actual == null) {
            return expected == actual;
        }
        if (expected instanceof BigDecimal number) {
            if (Json.isFloat(number)) {
                return actual instanceof Double real && real == number.doubleValue()
                        || actual instanceof Float single && single == number.floatValue();
            }
            return number.toBigIntegerExact().equals(integer(actual));
        }
        return expected.equals(actual);
    }

    private static @Nullable BigInteger integer(Object actual) {
        if (actual instanceof BigInteger big) {
            return big;
        }
        boolean isInteger = actual instanceof Long || actual instanceof Integer || actual instanceof Short;
        return isInteger ? BigInteger.valueOf(((Number) actual).longValue()) : null;
    }

    /** A short form for messages. */
    public static String shown(@Nullable Object value) {
        String text = value instanceof String string ? "'" + string + "'" : String.valueOf(value);
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }

    /** A tree of {@link Json} as what a client is given: integers as {@code Long}, floats as {@code Double}. */
    public static @Nullable Object plain(@Nullable Object json) {
        if (json instanceof BigDecimal number) {
            if (Json.isFloat(number)) {
                return number.doubleValue();
            }
            BigInteger integer = number.toBigIntegerExact();
            return integer.bitLength() < Long.SIZE ? (Object) integer.longValue() : integer;
        }
        if (json instanceof Map<?, ?> members) {
            Map<String, @Nullable Object> plain = new java.util.LinkedHashMap<>();
            members.forEach((name, value) -> plain.put(String.valueOf(name), plain(value)));
            return plain;
        }
        if (json instanceof List<?> elements) {
            List<@Nullable Object> plain = new ArrayList<>();
            elements.forEach(element -> plain.add(plain(element)));
            return plain;
        }
        return json;
    }
}
