package dev.tributary.testkit.socket;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An HTTP response with a whole body. {@code content-length} and {@code connection} are left to whoever sends it.
 *
 * @param status HTTP status
 * @param headers by lower-case name, in the order of sending
 * @param body shared, not to be changed
 */
public record HttpResponse(int status, Map<String, String> headers, byte[] body) {

    /** Keeps the order of headers. */
    public HttpResponse {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** A response with a text body; no content type is set for an empty one. */
    public static HttpResponse of(int status, String contentType, String body) {
        return new HttpResponse(
                status,
                body.isEmpty() ? Map.of() : Map.of("content-type", contentType),
                body.getBytes(StandardCharsets.UTF_8));
    }

    /** A response without a body. */
    public static HttpResponse of(int status) {
        return new HttpResponse(status, Map.of(), new byte[0]);
    }

    /** This response with one more header. */
    public HttpResponse with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpResponse(status, more, body);
    }

    /** The body as UTF-8 text. */
    public String bodyText() {
        return new String(body, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return status + " with " + body.length + " bytes";
    }
}
