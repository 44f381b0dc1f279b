package dev.tributary;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A span of time in the three units that do not convert into each other: a month has no fixed number of days, a day no
 * fixed number of hours. Each may be negative on its own.
 *
 * @param months whole months, twelve to the year
 * @param days whole days
 * @param micros microseconds
 */
public record Interval(int months, int days, long micros) {

    private static final String NUMBER = "([-+]?\\d{1,18})";
    private static final Pattern ISO_8601 = Pattern.compile("P(?=.)(?:" + NUMBER + "Y)?(?:" + NUMBER + "M)?(?:" + NUMBER
            + "W)?(?:" + NUMBER + "D)?(?:T(?=.)(?:" + NUMBER + "H)?(?:" + NUMBER
            + "M)?(?:([-+]?\\d{1,18}(?:\\.\\d{1,6})?)S)?)?");

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long MICROS_PER_MINUTE = 60 * MICROS_PER_SECOND;
    private static final long MICROS_PER_HOUR = 60 * MICROS_PER_MINUTE;

    /**
     * Reads the ISO 8601 form, in which any part may be negative: {@code P1Y-2M3DT-4H5M6.789S}.
     *
     * @throws IllegalArgumentException when the text is none
     */
    public static Interval parse(String text) {
        Matcher parts = ISO_8601.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("expected an interval such as P1Y2M3DT4H5M6S, got '" + text + "'");
        }
        try {
            long months = Math.addExact(Math.multiplyExact(number(parts.group(1)), 12L), number(parts.group(2)));
            long days = Math.addExact(Math.multiplyExact(number(parts.group(3)), 7L), number(parts.group(4)));
            long micros = Math.multiplyExact(number(parts.group(5)), MICROS_PER_HOUR);
            micros = Math.addExact(micros, Math.multiplyExact(number(parts.group(6)), MICROS_PER_MINUTE));
            micros = Math.addExact(micros, seconds(parts.group(7)));
            return new Interval(Math.toIntExact(months), Math.toIntExact(days), micros);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("an interval out of range: '" + text + "'", e);
        }
    }

    private static long number(@Nullable String part) {
        return part == null ? 0 : Long.parseLong(part);
    }

    private static long seconds(@Nullable String part) {
        return part == null ? 0 : new BigDecimal(part).movePointRight(6).longValueExact();
    }

    /** The months and days. */
    public Period period() {
        return Period.of(months / 12, months % 12, days);
    }

    /** What is below a day. */
    public Duration duration() {
        return Duration.of(micros, ChronoUnit.MICROS);
    }

    /** The ISO 8601 form, as Postgres writes it: {@code P1Y2M3DT4H5M6.789S}, {@code PT0S} for nothing. */
    @Override
    public String toString() {
        if (months == 0 && days == 0 && micros == 0) {
            return "PT0S";
        }
        StringBuilder text = new StringBuilder("P");
        part(text, months / 12, 'Y');
        part(text, months % 12, 'M');
        part(text, days, 'D');
        if (micros != 0) {
            text.append('T');
            part(text, micros / MICROS_PER_HOUR, 'H');
            part(text, micros % MICROS_PER_HOUR / MICROS_PER_MINUTE, 'M');
            long rest = micros % MICROS_PER_MINUTE;
            if (rest != 0) {
                text.append(BigDecimal.valueOf(rest, 6).stripTrailingZeros().toPlainString())
                        .append('S');
            }
        }
        return text.toString();
    }

    private static void part(StringBuilder text, long value, char unit) {
        if (value != 0) {
            text.append(value).append(unit);
        }
    }
}
