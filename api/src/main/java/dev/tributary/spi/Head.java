package dev.tributary.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The head of an HTTP response, or the answer to a WebSocket handshake.
 *
 * @param status of the last response, after redirects
 * @param headers by name; looked up without regard to case
 */
public record Head(int status, Map<String, List<String>> headers) {

    public Head {
        Map<String, List<String>> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, values) -> sorted.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
        headers = sorted;
    }

    /** The first value of a header; an empty value is a value. */
    public Optional<String> first(String name) {
        List<String> values = headers.get(name);
        return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }

    /**
     * How long the server asks to wait before the next attempt, by {@code Retry-After}: seconds, with decimals or without,
     * or a date, which counts an hour at most. Zero where it says nothing, or nothing that can be understood.
     */
    public Duration retryAfter(Instant now) {
        return first("retry-after").map(word -> RetryAfter.parse(word, now)).orElse(Duration.ZERO);
    }

    /** Whether the header is there, with whatever value. */
    public boolean has(String name) {
        return headers.containsKey(name);
    }
}
