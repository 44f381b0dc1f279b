package dev.tributary.testkit.sodp;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The form in which a server keeps a value: integers are Long, or BigInteger where that is too small; what does not
 * survive a round trip through the real server is changed here.
 */
final class ValueForm {

    private static final double MAX_SAFE = 9_007_199_254_740_991.0;
    private static final long MAX_SAFE_INTEGER = 9_007_199_254_740_991L;

    /** Names are ordered as their UTF-8 bytes are. */
    static final Comparator<String> BY_BYTES = (a, b) -> {
        int shared = Math.min(a.length(), b.length());
        for (int i = 0; i < shared; i++) {
            char left = a.charAt(i);
            char right = b.charAt(i);
            if (left != right) {
                boolean surrogates = Character.isSurrogate(left) != Character.isSurrogate(right);
                return surrogates ? (Character.isSurrogate(left) ? 1 : -1) : Character.compare(left, right);
            }
        }
        return Integer.compare(a.length(), b.length());
    };

    private final SodpDialect dialect;

    ValueForm(SodpDialect dialect) {
        this.dialect = dialect;
    }

    /** The form of a value that a test or an application gave. */
    @Nullable
    Object of(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> copy = object();
            map.forEach((name, member) -> copy.put(String.valueOf(name), of(member)));
            return copy;
        }
        if (value instanceof Collection<?> elements) {
            List<@Nullable Object> copy = new ArrayList<>(elements.size());
            elements.forEach(element -> copy.add(of(element)));
            return copy;
        }
        return scalar(value);
    }

    /** An empty object of this dialect, which keeps or sorts its fields. */
    Map<String, @Nullable Object> object() {
        return dialect == SodpDialect.RUST ? new TreeMap<>(BY_BYTES) : new LinkedHashMap<>();
    }

    /** A copy of an object that may be changed. */
    Map<String, @Nullable Object> copy(Map<?, ?> map) {
        Map<String, @Nullable Object> copy = object();
        map.forEach((name, member) -> copy.put((String) name, member));
        return copy;
    }

    /** The form of what is no container. */
    @Nullable
    Object scalar(@Nullable Object value) {
        if (value == null || value instanceof String || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return integer(((Number) value).longValue());
        }
        if (value instanceof BigInteger big) {
            return big.bitLength() < Long.SIZE ? integer(big.longValue()) : bigInteger(big);
        }
        if (value instanceof Float single) {
            return dialect == SodpDialect.GO ? single : real(single.doubleValue());
        }
        if (value instanceof Double number) {
            return real(number);
        }
        if (value instanceof byte[] || value instanceof Extension) {
            return value;
        }
        throw new IllegalArgumentException(
                "no value of SODP: " + value.getClass().getName());
    }

    private Object integer(long value) {
        boolean safe = value >= -MAX_SAFE_INTEGER && value <= MAX_SAFE_INTEGER;
        if (dialect == SodpDialect.TYPESCRIPT && !safe) {
            return (double) value;
        }
        return value;
    }

    private Object bigInteger(BigInteger value) {
        if (dialect == SodpDialect.TYPESCRIPT) {
            return value.doubleValue();
        }
        return value;
    }

    private @Nullable Object real(double value) {
        return switch (dialect) {
            case RUST -> Double.isFinite(value) ? value : null;
            case GO -> value;
            case TYPESCRIPT -> {
                if (value == Math.rint(value) && Math.abs(value) <= MAX_SAFE) {
                    yield (long) value;
                }
                yield value;
            }
        };
    }

    /** The value for reading only. */
    static @Nullable Object readOnly(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return Collections.unmodifiableMap(map);
        }
        return value instanceof List<?> list ? Collections.unmodifiableList(list) : value;
    }
}
