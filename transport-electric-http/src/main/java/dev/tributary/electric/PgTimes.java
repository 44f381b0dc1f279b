package dev.tributary.electric;

import dev.tributary.Infinity;
import dev.tributary.Interval;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Dates and times in the server's text form: ISO with a blank, short offsets, and {@code BC} behind. */
final class PgTimes {

    private static final String DATE = "(\\d{4,7})-(\\d{2})-(\\d{2})";
    private static final String TIME = "(\\d{2}):(\\d{2}):(\\d{2})(?:\\.(\\d{1,6}))?";
    private static final String OFFSET = "([-+]\\d{2}(?::\\d{2}(?::\\d{2})?)?)";
    private static final String ERA = "( BC)?";

    private static final Pattern DATE_FORM = Pattern.compile(DATE + ERA);
    private static final Pattern TIMESTAMP_FORM = Pattern.compile(DATE + "[ T]" + TIME + ERA);
    private static final Pattern TIMESTAMPTZ_FORM = Pattern.compile(DATE + "[ T]" + TIME + OFFSET + ERA);
    private static final Pattern TIME_FORM = Pattern.compile(TIME);
    private static final Pattern TIMETZ_FORM = Pattern.compile(TIME + OFFSET);

    private PgTimes() {}

    static Object readDate(String text) {
        Matcher form = match(DATE_FORM, text);
        return date(form, form.group(4));
    }

    static Object readTimestamp(String text) {
        Matcher form = match(TIMESTAMP_FORM, text);
        return LocalDateTime.of(date(form, form.group(8)), time(form, 4));
    }

    static Object readTimestampTz(String text) {
        Matcher form = match(TIMESTAMPTZ_FORM, text);
        LocalDateTime local = LocalDateTime.of(date(form, form.group(9)), time(form, 4));
        return OffsetDateTime.of(local, ZoneOffset.of(form.group(8))).withOffsetSameInstant(ZoneOffset.UTC);
    }

    static Object readTime(String text) {
        return time(match(TIME_FORM, text), 1);
    }

    static Object readTimeTz(String text) {
        Matcher form = match(TIMETZ_FORM, text);
        return OffsetTime.of(time(form, 1), ZoneOffset.of(form.group(5)));
    }

    private static Matcher match(Pattern form, String text) {
        Matcher matcher = form.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not in the server's form");
        }
        return matcher;
    }

    /** The year before 1 AD is 1 BC there and 0 here. */
    private static LocalDate date(Matcher form, @Nullable String era) {
        int year = Integer.parseInt(form.group(1));
        return LocalDate.of(
                era == null ? year : 1 - year, Integer.parseInt(form.group(2)), Integer.parseInt(form.group(3)));
    }

    private static LocalTime time(Matcher form, int first) {
        @Nullable String fraction = form.group(first + 3);
        int nanos = fraction == null ? 0 : Integer.parseInt((fraction + "000000000").substring(0, 9));
        return LocalTime.of(
                Integer.parseInt(form.group(first)),
                Integer.parseInt(form.group(first + 1)),
                Integer.parseInt(form.group(first + 2)),
                nanos);
    }

    static String date(Object value) {
        if (value instanceof Infinity) {
            return value.toString();
        }
        if (value instanceof LocalDate date) {
            return text(date) + era(date);
        }
        throw ScalarType.unfit("LocalDate", value);
    }

    static String timestamp(Object value) {
        if (value instanceof Infinity) {
            return value.toString();
        }
        if (value instanceof LocalDateTime moment) {
            return text(moment.toLocalDate()) + ' ' + text(moment.toLocalTime()) + era(moment.toLocalDate());
        }
        throw ScalarType.unfit("LocalDateTime", value);
    }

    static String timestampTz(Object value) {
        if (value instanceof Infinity) {
            return value.toString();
        }
        OffsetDateTime utc = asOffsetDateTime(value).withOffsetSameInstant(ZoneOffset.UTC);
        return text(utc.toLocalDate()) + ' ' + text(utc.toLocalTime()) + "+00" + era(utc.toLocalDate());
    }

    private static OffsetDateTime asOffsetDateTime(Object value) {
        if (value instanceof OffsetDateTime moment) {
            return moment;
        }
        if (value instanceof ZonedDateTime moment) {
            return moment.toOffsetDateTime();
        }
        if (value instanceof Instant moment) {
            return moment.atOffset(ZoneOffset.UTC);
        }
        throw ScalarType.unfit("OffsetDateTime, ZonedDateTime or Instant", value);
    }

    static String time(Object value) {
        if (value instanceof LocalTime time) {
            return text(time);
        }
        throw ScalarType.unfit("LocalTime", value);
    }

    static String timeTz(Object value) {
        if (value instanceof OffsetTime time) {
            return text(time.toLocalTime()) + offset(time.getOffset());
        }
        throw ScalarType.unfit("OffsetTime", value);
    }

    static String interval(Object value) {
        if (value instanceof Interval || value instanceof Infinity) {
            return value.toString();
        }
        throw ScalarType.unfit("Interval", value);
    }

    private static String text(LocalDate date) {
        int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
        return "%04d-%02d-%02d".formatted(year, date.getMonthValue(), date.getDayOfMonth());
    }

    private static String era(LocalDate date) {
        return date.getYear() > 0 ? "" : " BC";
    }

    /** To the microsecond, without zeros at the end. */
    private static String text(LocalTime time) {
        String whole = "%02d:%02d:%02d".formatted(time.getHour(), time.getMinute(), time.getSecond());
        int micros = time.getNano() / 1000;
        return micros == 0 ? whole : whole + ("." + "%06d".formatted(micros)).replaceFirst("0+$", "");
    }

    private static String offset(ZoneOffset offset) {
        int seconds = Math.abs(offset.getTotalSeconds());
        String text = (offset.getTotalSeconds() < 0 ? "-" : "+") + "%02d".formatted(seconds / 3600);
        if (seconds % 3600 != 0) {
            text += ":%02d".formatted(seconds % 3600 / 60);
        }
        return seconds % 60 == 0 ? text : text + ":%02d".formatted(seconds % 60);
    }
}
