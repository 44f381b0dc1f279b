package dev.tributary;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A typed option of a transport or of a wire. In a source URI it is {@code name=text}. One that holds a secret is never
 * printed.
 *
 * @param <T> the type of its value
 */
public final class Option<T> {

    /** Nobody waits longer, and no sum of such times overflows. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private final String name;
    private final String about;
    private final boolean sensitive;
    private final @Nullable Function<String, T> parser;

    private Option(String name, String about, boolean sensitive, @Nullable Function<String, T> parser) {
        this.name = Objects.requireNonNull(name, "name");
        this.about = Objects.requireNonNull(about, "about");
        this.sensitive = sensitive;
        this.parser = parser;
    }

    /** A text. */
    public static Option<String> text(String name, String about) {
        return new Option<>(name, about, false, Function.identity());
    }

    /** A text that is never printed. */
    public static Option<String> secret(String name, String about) {
        return new Option<>(name, about, true, Function.identity());
    }

    /** {@code true} or {@code false}; in a URI the name alone is {@code true}. */
    public static Option<Boolean> flag(String name, String about) {
        return new Option<>(name, about, false, text -> switch (text) {
            case "true", "" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("expected true or false");
        });
    }

    /** A whole number of at least this. */
    public static Option<Integer> number(String name, int least, String about) {
        return new Option<>(name, about, false, text -> {
            int value;
            try {
                value = Integer.parseInt(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("expected a whole number", e);
            }
            if (value < least) {
                throw new IllegalArgumentException("expected at least " + least);
            }
            return value;
        });
    }

    /** A number of bytes: {@code 4096}, {@code 64k}, {@code 10m}, {@code 1g}. */
    public static Option<Long> size(String name, String about) {
        return new Option<>(name, about, false, Option::parseSize);
    }

    /** A time from 0 to 365 days: {@code 500ms}, {@code 10s}, {@code 2m}, or ISO 8601 as {@code PT10S}. */
    public static Option<Duration> duration(String name, String about) {
        return new Option<>(name, about, false, Option::parseDuration);
    }

    /** An object that no URI can hold, for example a shared client; set by type only. */
    public static <T> Option<T> object(String name, String about) {
        return new Option<>(name, about, true, null);
    }

    private static long parseSize(String text) {
        Map<Character, Long> units = Map.of('k', 1L << 10, 'm', 1L << 20, 'g', 1L << 30);
        String lower = text.toLowerCase(Locale.ROOT);
        Long unit = lower.isEmpty() ? null : units.get(lower.charAt(lower.length() - 1));
        try {
            long number = Long.parseLong(unit == null ? lower : lower.substring(0, lower.length() - 1));
            if (number <= 0) {
                throw new IllegalArgumentException("expected a size above 0");
            }
            return Math.multiplyExact(number, unit == null ? 1 : unit);
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException("expected a size such as 4096, 64k, 10m or 1g", e);
        }
    }

    private static Duration parseDuration(String text) {
        Duration time;
        try {
            time = durationOf(text.toLowerCase(Locale.ROOT));
        } catch (NumberFormatException | DateTimeParseException | ArithmeticException e) {
            throw new IllegalArgumentException("expected a time such as 500ms, 10s, 2m or PT10S", e);
        }
        if (time.isNegative() || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("expected a time of 0 to 365 days");
        }
        return time;
    }

    private static Duration durationOf(String text) {
        if (text.endsWith("ms")) {
            return Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)));
        }
        boolean iso = text.startsWith("p") || text.startsWith("-p");
        if (!iso && text.endsWith("s")) {
            return Duration.ofSeconds(Long.parseLong(text.substring(0, text.length() - 1)));
        }
        if (!iso && text.endsWith("m")) {
            return Duration.ofMinutes(Long.parseLong(text.substring(0, text.length() - 1)));
        }
        return Duration.parse(text);
    }

    /** The name, as a source URI has it. */
    public String name() {
        return name;
    }

    /** What it does, in one sentence, for help texts. */
    public String about() {
        return about;
    }

    /** Whether its value must never be printed. */
    public boolean isSensitive() {
        return sensitive;
    }

    /**
     * Reads the text form.
     *
     * @throws ConfigurationException when the text is no value of this option; a sensitive text is not repeated
     */
    public T parse(String text) {
        if (parser == null) {
            throw new ConfigurationException("option '" + name + "' cannot be given in a URI; set it on the builder");
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            String problem = "option '" + name + "': " + e.getMessage();
            // The cause may repeat the text, as a NumberFormatException does.
            throw sensitive
                    ? new ConfigurationException(problem)
                    : new ConfigurationException(problem + ", got '" + text + "'", e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
