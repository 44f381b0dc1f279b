package dev.tributary.replay.electric;

import dev.tributary.Query;
import dev.tributary.replay.recording.Json;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A request as far as it says what is asked for: without the order and the spelling of its parameters, without those
 * that are empty, secret, or there only for caches.
 *
 * @param live whether it waits for changes
 * @param cursor what it echoes to caches; empty for none
 * @param rest all other parameters that count, by name
 * @param body JSON as a tree, any other text as it is, null for none
 */
record ElectricRequest(
        String method,
        String path,
        boolean live,
        String cursor,
        Map<String, List<String>> rest,
        @Nullable Object body) {

    private static final Set<String> NOT_COMPARED =
            Set.of("log", "cache-buster", "expired_handle", "experimental_live_sse", "secret", "api_secret", "token");

    private static final Set<String> POSITION = Set.of("offset", "handle", "live_sse");

    /** How a transcript spells what it must not hold. */
    private static final String REDACTED = "REDACTED";

    /**
     * @param target path and query
     * @param body as sent, null for none
     */
    static ElectricRequest of(String method, String target, @Nullable String body) {
        Map<String, List<String>> all = parameters(target);
        // Any value but this word means yes, even none.
        boolean live = all.containsKey("live") && !all.get("live").contains("false");
        String cursor = String.join(",", all.getOrDefault("cursor", List.of()));
        Map<String, List<String>> rest = new TreeMap<>();
        all.forEach((name, values) -> {
            if (!NOT_COMPARED.contains(name) && !name.equals("live") && !name.equals("cursor")) {
                List<String> kept = values.stream()
                        .map(value -> spelling(name, value))
                        .filter(value -> !value.isEmpty() && !value.contains(REDACTED))
                        .sorted()
                        .toList();
                if (!kept.isEmpty()) {
                    rest.put(name, kept);
                }
            }
        });
        if (isStart(rest.getOrDefault("offset", List.of("")).get(0))) {
            // The server drops it: before the beginning of a log it only makes the address another one.
            rest.remove("handle");
        }
        return new ElectricRequest(
                method.toUpperCase(Locale.ROOT),
                path(target),
                live,
                cursor,
                Collections.unmodifiableMap(rest),
                tree(body));
    }

    /** The {@link #shape} of all requests for a query, given in its text form. */
    static Map<String, List<String>> shapeOf(String text) {
        Query query = Query.parse(text);
        StringBuilder target = new StringBuilder("/v1/shape?table=").append(encode(query.name()));
        for (Query.Parameter parameter : query.parameters()) {
            target.append('&').append(encode(parameter.name())).append('=').append(encode(parameter.value()));
        }
        return of("GET", target.toString(), null).shape();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** All parameters as sent, decoded. */
    static Map<String, List<String>> parameters(String target) {
        Map<String, List<String>> parameters = new TreeMap<>();
        int mark = target.indexOf('?');
        if (mark < 0) {
            return parameters;
        }
        for (String pair : target.substring(mark + 1).split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals));
                String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
                parameters.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
            }
        }
        return parameters;
    }

    private static String path(String target) {
        int mark = target.indexOf('?');
        String path = decode((mark < 0 ? target : target.substring(0, mark)).replace("+", "%2B"));
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // A server would refuse it; here it is only compared.
            return text;
        }
    }

    private static String spelling(String name, String value) {
        return switch (name) {
            case "table" -> SqlNames.qualified(value);
            case "columns" ->
                String.join(",", SqlNames.list(value).stream().sorted().toList());
            case "replica" -> value.equals("default") ? "" : value;
            case "live_sse" -> value.equals("false") ? "" : "true";
            default -> value;
        };
    }

    private static @Nullable Object tree(@Nullable String body) {
        if (body == null || body.isBlank()) {
            return null;
        }
        try {
            return Json.parse(body);
        } catch (IOException e) {
            return body;
        }
    }

    /** Whether nothing that counts differs. */
    boolean sameAs(ElectricRequest other) {
        return live == other.live && cursor.equals(other.cursor) && sameBesidesLive(other);
    }

    /** Whether at most waiting and the cursor differ. */
    boolean sameBesidesLive(ElectricRequest other) {
        return method.equals(other.method)
                && path.equals(other.path)
                && rest.equals(other.rest)
                && Json.same(body, other.body);
    }

    /** What identifies the shape: all that counts but the position in its log. */
    Map<String, List<String>> shape() {
        Map<String, List<String>> shape = new TreeMap<>(rest);
        shape.keySet().removeAll(POSITION);
        shape.keySet().removeIf(name -> name.startsWith("subset__"));
        return shape;
    }

    /** The place in the log; empty when it is not given. */
    String offset() {
        return first("offset");
    }

    /** The incarnation of the log; empty when it is not given. */
    String handle() {
        return first("handle");
    }

    boolean isSubset() {
        return rest.keySet().stream().anyMatch(name -> name.startsWith("subset__"))
                || (method.equals("POST") && body instanceof Map<?, ?> members && !members.isEmpty());
    }

    /** Whether it asks for the log from before its beginning. */
    boolean isFromStart() {
        return isStart(offset());
    }

    private static boolean isStart(String offset) {
        return offset.equals("-1") || offset.equals("now");
    }

    private String first(String name) {
        return rest.containsKey(name) ? rest.get(name).get(0) : "";
    }

    /** For messages: the parameters that count. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(method).append(' ').append(path);
        char separator = '?';
        Map<String, List<String>> all = new TreeMap<>(rest);
        if (live) {
            all.put("live", List.of("true"));
        }
        if (!cursor.isEmpty()) {
            all.put("cursor", List.of(cursor));
        }
        for (Map.Entry<String, List<String>> entry : all.entrySet()) {
            for (String value : entry.getValue()) {
                text.append(separator).append(entry.getKey()).append('=').append(value);
                separator = '&';
            }
        }
        return text.toString();
    }
}
