package dev.tributary.spi;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP exchange. Redirects are followed for GET and HEAD; credentials never go to another origin.
 *
 * @param method in upper case
 * @param uri with its query
 * @param printable the address without its secrets
 * @param headers plain ones
 * @param credentials headers that hold secrets: never printed, dropped when a redirect leaves the origin
 * @param body null for none
 */
public record HttpTarget(
        String method,
        URI uri,
        String printable,
        Map<String, String> headers,
        Map<String, String> credentials,
        byte @Nullable [] body,
        Deadlines deadlines)
        implements Target {

    public HttpTarget {
        headers = Map.copyOf(headers);
        credentials = Map.copyOf(credentials);
    }

    /** This target with one more plain header. */
    public HttpTarget withHeader(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new HttpTarget(method, uri, printable, more, credentials, body, deadlines);
    }

    /** A request without a body. */
    public static HttpTarget withoutBody(
            String method,
            URI uri,
            String printable,
            Map<String, String> headers,
            Map<String, String> credentials,
            Deadlines deadlines) {
        return new HttpTarget(method, uri, printable, headers, credentials, null, deadlines);
    }

    @Override
    public String toString() {
        return method + " " + printable;
    }
}
