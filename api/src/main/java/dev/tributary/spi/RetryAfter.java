package dev.tributary.spi;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/** The server's word on how long to wait at least. */
final class RetryAfter {

    private static final Pattern SECONDS = Pattern.compile("\\d{1,18}(?:\\.\\d{1,18})?");
    /** A number is not capped, but a duration has an end. */
    private static final BigDecimal MOST_SECONDS =
            BigDecimal.valueOf(Duration.ofDays(36_500).toSeconds());

    private static final Duration MOST_BY_DATE = Duration.ofHours(1);

    private RetryAfter() {}

    /** Seconds with decimals, or a date, which counts at most an hour; anything else is no word at all. */
    static Duration parse(String header, Instant now) {
        String text = header.strip();
        if (SECONDS.matcher(text).matches()) {
            BigDecimal seconds = new BigDecimal(text).min(MOST_SECONDS);
            return Duration.ofMillis(seconds.movePointRight(3).longValue());
        }
        try {
            Instant date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration left = Duration.between(now, date);
            return left.isNegative() ? Duration.ZERO : left.compareTo(MOST_BY_DATE) > 0 ? MOST_BY_DATE : left;
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }
}
