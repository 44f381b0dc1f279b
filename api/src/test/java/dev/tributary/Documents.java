package dev.tributary;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import org.jspecify.annotations.Nullable;

/** Draws documents of every plain value. */
public final class Documents {

    private static final LocalDateTime MOMENT = LocalDateTime.of(2024, 2, 29, 23, 59, 59, 999_999_999);
    private static final ZoneOffset EAST = ZoneOffset.ofHoursMinutesSeconds(5, 45, 1);

    private Documents() {}

    /** Any document of some depth. */
    public static Arbitrary<@Nullable Object> any() {
        return Arbitraries.recursive(Documents::scalars, Documents::containers, 0, 3);
    }

    private static Arbitrary<@Nullable Object> scalars() {
        Arbitrary<Object> texts = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(8).map(text -> text),
                Arbitraries.of("", "a", "\ud83d\ude00", "\ud83d", "x\udc00", "\0", "\u00fc".repeat(200)));
        Arbitrary<Object> numbers = Arbitraries.oneOf(
                Arbitraries.integers().map(Object.class::cast),
                Arbitraries.longs().map(Object.class::cast),
                Arbitraries.shorts().map(Object.class::cast),
                Arbitraries.bytes().map(Object.class::cast),
                Arbitraries.doubles().map(Object.class::cast),
                Arbitraries.floats().map(Object.class::cast),
                Arbitraries.bigIntegers().map(Object.class::cast),
                Arbitraries.bigDecimals().map(Object.class::cast),
                Arbitraries.of(-0.0, Double.NaN, Float.NEGATIVE_INFINITY, Long.MIN_VALUE, Integer.MIN_VALUE, 5.0, 5));
        Arbitrary<Object> others = Arbitraries.of(
                true,
                false,
                JsonNull.INSTANCE,
                SpecialDecimal.NAN,
                Infinity.NEGATIVE,
                new Interval(-1, 2, Long.MIN_VALUE),
                new UUID(-1, 1),
                Instant.MIN,
                Instant.MAX,
                Duration.ofSeconds(-1, 1),
                LocalDate.MAX,
                LocalTime.MAX,
                LocalDateTime.MIN,
                MOMENT,
                OffsetTime.of(LocalTime.NOON, EAST),
                OffsetDateTime.of(MOMENT, EAST),
                new BigInteger("18446744073709551615"),
                new BigDecimal("1.500"),
                new byte[0],
                new byte[] {-1, 0, 1});
        return Arbitraries.oneOf(texts, numbers, others).injectNull(0.1);
    }

    private static Arbitrary<@Nullable Object> containers(Arbitrary<@Nullable Object> inner) {
        return Arbitraries.oneOf(
                inner.list().ofMaxSize(4).map(Object.class::cast),
                Arbitraries.maps(Arbitraries.strings().ofMaxLength(2), inner)
                        .ofMaxSize(4)
                        .map(Object.class::cast));
    }

    /** Lists and maps in turn, so many levels. */
    public static Object nested(int depth) {
        Object document = 1;
        for (int i = 0; i < depth; i++) {
            document = i % 2 == 0 ? listOf(document) : Map.of("n", document);
        }
        return document;
    }

    private static List<Object> listOf(Object element) {
        List<Object> list = new ArrayList<>(1);
        list.add(element);
        return list;
    }

    /** What its texts and arrays alone need. */
    static long leastBytes(@Nullable Object document) {
        if (document instanceof String text) {
            return text.length();
        }
        if (document instanceof byte[] bytes) {
            return bytes.length;
        }
        if (document instanceof Map<?, ?> map) {
            return sum(map.keySet()) + sum(map.values());
        }
        return document instanceof List<?> list ? sum(list) : 0;
    }

    private static long sum(Collection<?> parts) {
        return parts.stream().mapToLong(Documents::leastBytes).sum();
    }
}
