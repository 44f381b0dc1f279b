package dev.tributary.spi;

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

    /** Whether the header is there, with whatever value. */
    public boolean has(String name) {
        return headers.containsKey(name);
    }
}
