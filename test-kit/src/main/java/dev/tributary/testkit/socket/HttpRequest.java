package dev.tributary.testkit.socket;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request as a reference server sees it.
 *
 * @param method the method, e.g. {@code GET}
 * @param target path and query as sent
 * @param headers by lower-case name; of a repeated one the last
 * @param body empty when there is none; shared, not to be changed
 */
public record HttpRequest(String method, String target, Map<String, String> headers, byte[] body) {

    /** Names of headers may have any case. */
    public HttpRequest {
        Map<String, String> lower = new LinkedHashMap<>();
        headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
        headers = Collections.unmodifiableMap(lower);
    }

    /** A GET without headers. */
    public static HttpRequest get(String target) {
        return new HttpRequest("GET", target, Map.of(), new byte[0]);
    }

    /** A POST of JSON. */
    public static HttpRequest post(String target, String json) {
        return new HttpRequest(
                "POST", target, Map.of("content-type", "application/json"), json.getBytes(StandardCharsets.UTF_8));
    }

    /** The path alone, as sent. */
    public String path() {
        int question = target.indexOf('?');
        return question < 0 ? target : target.substring(0, question);
    }

    /** What stands behind the question mark, as sent, or null. */
    public @Nullable String query() {
        int question = target.indexOf('?');
        return question < 0 ? null : target.substring(question + 1);
    }

    /** A header by its lower-case name. */
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    /** Whether it asks for a WebSocket. */
    public boolean isUpgrade() {
        return "websocket".equalsIgnoreCase(headers.get("upgrade"))
                && headers.getOrDefault("connection", "")
                        .toLowerCase(Locale.ROOT)
                        .contains("upgrade")
                && headers.containsKey("sec-websocket-key");
    }

    /** Without headers and body, which may hold secrets. */
    @Override
    public String toString() {
        return method + " " + path();
    }
}
