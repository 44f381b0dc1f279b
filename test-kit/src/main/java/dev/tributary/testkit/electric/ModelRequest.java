package dev.tributary.testkit.electric;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An HTTP request as the model sees it. */
public final class ModelRequest {

    private static final Set<String> PROTOCOL = Set.of(
            "offset",
            "handle",
            "live",
            "live_sse",
            "experimental_live_sse",
            "cursor",
            "expired_handle",
            "cache-buster",
            "secret",
            "api_secret");

    private final String method;
    private final String target;
    private final String path;
    private final Map<String, String> headers;
    private final byte[] body;
    private final Map<String, String> parameters;

    private ModelRequest(String method, String target, Map<String, String> headers, byte[] body) {
        this.method = method;
        this.target = target;
        this.body = body;
        Map<String, String> lower = new LinkedHashMap<>();
        headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
        this.headers = Collections.unmodifiableMap(lower);
        int question = target.indexOf('?');
        this.path = question < 0 ? target : target.substring(0, question);
        this.parameters = Collections.unmodifiableMap(
                question < 0 ? new LinkedHashMap<>() : parse(target.substring(question + 1)));
    }

    private ModelRequest(ModelRequest base, Map<String, String> parameters) {
        this.method = base.method;
        this.target = base.target;
        this.path = base.path;
        this.headers = base.headers;
        this.body = base.body;
        this.parameters = Collections.unmodifiableMap(parameters);
    }

    /** A GET without headers. */
    public static ModelRequest get(String target) {
        return new ModelRequest("GET", target, Map.of(), new byte[0]);
    }

    /** Any request; header names may have any case. */
    public static ModelRequest of(String method, String target, Map<String, String> headers, byte[] body) {
        return new ModelRequest(method, target, headers, body);
    }

    /** The method, e.g. {@code GET}. */
    public String method() {
        return method;
    }

    /** Path and query as sent. */
    public String target() {
        return target;
    }

    /** The path alone. */
    public String path() {
        return path;
    }

    /** Headers by lower-case name. */
    public Map<String, String> headers() {
        return headers;
    }

    /** The body, empty when there is none. */
    public byte[] body() {
        return body;
    }

    /** Decoded query parameters; of a repeated one the last. */
    public Map<String, String> parameters() {
        return parameters;
    }

    /** A decoded query parameter. */
    public @Nullable String parameter(String name) {
        return parameters.get(name);
    }

    /** Whether this asks for a live answer. */
    public boolean isLive() {
        String live = parameter("live");
        return live != null && !live.equals("false");
    }

    /** Whether this asks for the start of a shape. */
    public boolean isInitial() {
        return "-1".equals(parameter("offset"));
    }

    /** Whether this is addressed to the shape endpoint (preflight requests are not meant). */
    public boolean isShape() {
        return path.equals("/v1/shape") && !method.equals("OPTIONS");
    }

    /** The same request with other parameters replaced or added, as a JSON body of a POST does. */
    ModelRequest merged(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(parameters);
        all.putAll(more);
        return new ModelRequest(this, all);
    }

    /** Names the shape asked for, whatever the position in it. */
    String shapeKey() {
        Map<String, String> key = new TreeMap<>(parameters);
        key.keySet().removeAll(PROTOCOL);
        key.remove("log", "full");
        return key.toString();
    }

    private static Map<String, String> parse(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                parameters.put(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    @Override
    public String toString() {
        return method + " " + target;
    }
}
