package dev.tributary.testkit.electric;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Builds responses with the headers of the real server, in its order. */
final class Responder {

    private static final String PRIVATE = "max-age=0, private, must-revalidate";
    /** The methods named by answers that do not come from the shape handler. */
    private static final String ELSEWHERE = "GET, HEAD";

    private static final String REQUEST_ID_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final long CURSOR_EPOCH_SECONDS = 1_728_432_000L;
    private static final byte[] MUST_REFETCH =
            "[{\"headers\":{\"control\":\"must-refetch\"}}]".getBytes(StandardCharsets.UTF_8);

    private final LongSupplier clock;
    private final RandomGenerator random;
    private final long pollSeconds;
    private long unique = -576_460_752_303_423_488L;

    Responder(LongSupplier clock, RandomGenerator random, long longPollMillis) {
        this.clock = clock;
        this.random = random;
        this.pollSeconds = Math.max(1, longPollMillis / 1000);
    }

    ModelResponse root() {
        return response(200, cors(start(PRIVATE), ELSEWHERE), new byte[0]);
    }

    ModelResponse notFound() {
        return response(404, cors(start(PRIVATE), ELSEWHERE), utf8("Not found"));
    }

    ModelResponse unauthorized() {
        return response(401, start(PRIVATE), utf8("{\"message\":\"Unauthorized - Invalid API secret\"}"));
    }

    ModelResponse health(boolean ready) {
        List<Header> headers = json(cors(start("no-cache, no-store, must-revalidate"), ELSEWHERE));
        return response(ready ? 200 : 202, headers, utf8("{\"status\":\"" + (ready ? "active" : "starting") + "\"}"));
    }

    ModelResponse options() {
        List<Header> headers = new ArrayList<>();
        identify(headers);
        cors(headers).add(new Header("access-control-max-age", "86400"));
        headers.add(new Header("connection", "keep-alive"));
        return new ModelResponse(204, headers, List.of(), false, null);
    }

    /** An error found by the shape handler. */
    ModelResponse error(ModelRequest request, int status, String body) {
        boolean cacheable = readOnly(request);
        List<Header> headers = json(cors(start(cacheable ? "no-store" : "no-cache")));
        if (cacheable) {
            headers.add(new Header("surrogate-control", "no-store"));
        }
        return response(status, headers, utf8(body));
    }

    ModelResponse message(ModelRequest request, int status, String message) {
        return error(request, status, "{\"message\":" + JsonBytes.quoted(message) + "}");
    }

    /** An error found before the shape handler, while reading the body. */
    ModelResponse badBody(int status, String body) {
        return response(status, json(cors(start(PRIVATE))), utf8(body));
    }

    ModelResponse deleted() {
        List<Header> headers = json(cors(start("no-cache")));
        headers.add(new Header("electric-has-data", "true"));
        return response(202, headers, new byte[0]);
    }

    ModelResponse mustRefetch(ModelRequest request, @Nullable String handle) {
        String age = "public, max-age=" + (handle == null ? 1 : 60) + ", must-revalidate";
        List<Header> headers = json(cors(start(readOnly(request) ? age : "no-cache")));
        if (handle != null) {
            headers.add(new Header("etag", '"' + handle + "::\""));
            headers.add(new Header("electric-handle", handle));
        }
        return response(409, headers, MUST_REFETCH);
    }

    ModelResponse answer(ModelRequest request, ShapeRequest asked, Shape shape, ShapeAnswer answer) {
        String etag = '"' + shape.handle() + ":" + asked.offsetText() + ":" + answer.offset()
                + (answer.unchanged() ? ":" + nextUnique() : "") + '"';
        boolean notModified = readOnly(request) && matches(request.headers().get("if-none-match"), etag);
        List<Header> headers = json(cors(start(cacheControl(request, asked))));
        if (asked.live()) {
            headers.add(new Header("electric-cursor", cursor(request)));
        }
        headers.add(new Header("etag", etag));
        headers.add(new Header("electric-handle", shape.handle()));
        if (!asked.live() && !notModified) {
            headers.add(new Header("electric-schema", shape.schema()));
        }
        if (answer.upToDate()) {
            headers.add(new Header("electric-up-to-date", ""));
        }
        headers.add(new Header("electric-has-data", String.valueOf(!answer.unchanged())));
        headers.add(new Header("electric-offset", answer.offset().toString()));
        return notModified
                ? new ModelResponse(304, headers, List.of(), false, null)
                : new ModelResponse(200, headers, answer.body(), !answer.unchanged(), null);
    }

    private static String cacheControl(ModelRequest request, ShapeRequest asked) {
        if (!readOnly(request)) {
            return "no-cache";
        }
        if (asked.live()) {
            return "public, max-age=5, stale-while-revalidate=5";
        }
        return LogOffset.BEFORE_ALL.equals(asked.offset())
                ? "public, max-age=604800, s-maxage=3600, stale-while-revalidate=2629746"
                : "public, max-age=60, stale-while-revalidate=300";
    }

    private String cursor(ModelRequest request) {
        long seconds = Math.max(0, roundedUp(clock.getAsLong(), 1000) - CURSOR_EPOCH_SECONDS);
        long cursor = roundedUp(seconds, pollSeconds) * pollSeconds;
        String sent = request.parameter("cursor");
        long previous = sent != null && sent.matches("[0-9]{1,18}") ? Long.parseLong(sent) : 0;
        return String.valueOf(cursor > previous ? cursor : previous + 1 + random.nextInt(3600));
    }

    private static long roundedUp(long value, long unit) {
        return -Math.floorDiv(-value, unit);
    }

    private long nextUnique() {
        unique += 1 + random.nextInt(1_000_000_000);
        return unique;
    }

    private static boolean matches(@Nullable String ifNoneMatch, String etag) {
        return ifNoneMatch != null
                && Arrays.stream(ifNoneMatch.split(","))
                        .anyMatch(one -> one.trim().equals(etag));
    }

    private static boolean readOnly(ModelRequest request) {
        return request.method().equals("GET") || request.method().equals("HEAD");
    }

    private List<Header> start(String cacheControl) {
        List<Header> headers = new ArrayList<>();
        headers.add(new Header("vary", "accept-encoding"));
        headers.add(new Header("cache-control", cacheControl));
        identify(headers);
        return headers;
    }

    private void identify(List<Header> headers) {
        StringBuilder id = new StringBuilder("GO");
        while (id.length() < 20) {
            id.append(REQUEST_ID_CHARS.charAt(random.nextInt(REQUEST_ID_CHARS.length())));
        }
        headers.add(new Header("x-request-id", id.toString()));
        headers.add(new Header("electric-server", "ElectricSQL/1.7.12"));
    }

    /** For shape requests. */
    private static List<Header> cors(List<Header> headers) {
        return cors(headers, "GET, POST, HEAD, DELETE, OPTIONS");
    }

    private static List<Header> cors(List<Header> headers, String methods) {
        headers.add(new Header("access-control-allow-origin", "*"));
        headers.add(new Header(
                "access-control-expose-headers",
                "electric-cursor,electric-handle,electric-has-data,electric-offset,electric-schema,"
                        + "electric-up-to-date,electric-internal-known-error,retry-after"));
        headers.add(new Header("access-control-allow-methods", methods));
        return headers;
    }

    private static List<Header> json(List<Header> headers) {
        headers.add(new Header("content-type", "application/json; charset=utf-8"));
        return headers;
    }

    private static ModelResponse response(int status, List<Header> headers, byte[] body) {
        return new ModelResponse(status, headers, body.length == 0 ? List.of() : List.of(body), false, null);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
