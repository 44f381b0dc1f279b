package dev.tributary.testkit.driftdb;

import dev.tributary.testkit.model.RustJson;
import dev.tributary.testkit.socket.HttpRequest;
import dev.tributary.testkit.socket.HttpResponse;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The HTTP side of the model: which path does what, and how both servers answer. */
final class HttpRoutes {

    private static final int MAX_BODY = 2 * 1024 * 1024;
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final Map<String, String> STAND_ALONE_HEADERS = headers(
            "access-control-allow-origin",
            "*",
            "vary",
            "origin, access-control-request-method, access-control-request-headers");
    private static final Map<String, String> WORKER_HEADERS =
            headers("access-control-allow-origin", "*", "access-control-allow-methods", "GET, POST");

    private final DriftDbModel model;
    private final boolean worker;

    HttpRoutes(DriftDbModel model, boolean worker) {
        this.model = model;
        this.worker = worker;
    }

    Answer answer(HttpRequest request) {
        String method = request.method();
        boolean get = method.equals("GET") || method.equals("HEAD");
        boolean post = method.equals("POST");
        if (method.equals("OPTIONS") && !worker) {
            return respond(HttpResponse.of(200)
                    .with("access-control-allow-methods", "GET,POST")
                    .with("access-control-allow-headers", "authorization,accept,content-type"));
        }
        List<String> path = Arrays.asList(request.path().split("/", -1));
        if (path.equals(List.of("", ""))) {
            return worker && get ? text(200, "DriftDB Worker service.") : failed(404);
        }
        if (path.equals(List.of("", "new"))) {
            return post ? describe(request, model.newId(), true) : failed(405);
        }
        if (path.size() < 3
                || path.size() > 4
                || !path.get(1).equals("room")
                || path.get(2).isEmpty()) {
            return failed(404);
        }
        String id = decode(path.get(2));
        if (path.size() == 3) {
            return get ? describe(request, id, false) : failed(405);
        }
        return switch (path.get(3)) {
            case "send" -> post ? send(request, id) : failed(405);
            case "connect" -> get ? connect(request, id) : failed(405);
            default -> failed(404);
        };
    }

    private Answer describe(HttpRequest request, String id, boolean isNew) {
        if (isNew && !worker) {
            model.createRoom(id);
        }
        if (!worker && model.room(id) == null) {
            return failed(404);
        }
        String place = host(request) + "/room/" + id;
        StringBuilder body = new StringBuilder("{\"room\":");
        RustJson.quote(id, body);
        body.append(",\"socket_url\":");
        RustJson.quote("ws://" + place + "/connect", body);
        body.append(",\"http_url\":");
        RustJson.quote("http://" + place + "/send", body);
        return respond(HttpResponse.of(
                200,
                worker ? "text/plain;charset=UTF-8" : JSON,
                body.append('}').toString()));
    }

    /** The body is looked at before the room. */
    private Answer send(HttpRequest request, String id) {
        if (!worker && !isJson(request.headers().getOrDefault("content-type", ""))) {
            return text(415, "Expected request with `Content-Type: application/json`");
        }
        if (!worker && request.body().length > MAX_BODY) {
            return text(413, "Failed to buffer the request body: length limit exceeded");
        }
        ClientMessage message;
        try {
            message = JsonReader.message(utf8(request.body()), false);
        } catch (BadMessageException e) {
            if (worker) {
                return text(500, "could not decode the message");
            }
            return e.isSyntax()
                    ? text(400, "Failed to parse the request body as JSON: " + e.path() + ": " + e.getMessage())
                    : text(422, "Failed to deserialize the JSON body into the target type: .: " + e.getMessage());
        }
        DriftDbRoom room = model.enter(id);
        return room == null ? failed(404) : sent(apply(room, message));
    }

    private static @Nullable ServerMessage apply(DriftDbRoom room, ClientMessage message) {
        if (message instanceof ClientMessage.Push push) {
            return room.apply(push);
        }
        if (message instanceof ClientMessage.Get get) {
            return get.seq() == null ? null : room.above(get.key(), get.seq());
        }
        return new ServerMessage.Pong(((ClientMessage.Ping) message).nonce());
    }

    private Answer sent(@Nullable ServerMessage message) {
        StringBuilder body = new StringBuilder();
        if (message == null) {
            body.append("null");
        } else if (!JsonWriter.write(message.value(), body)) {
            return text(500, "key must be a string");
        }
        return respond(HttpResponse.of(200, JSON, body.toString()));
    }

    private Answer connect(HttpRequest request, String id) {
        Map<String, String> query = query(request.query());
        if (!worker) {
            for (String name : List.of("cbor", "debug")) {
                String value = query.get(name);
                if (value != null && !value.equals("true") && !value.equals("false")) {
                    return text(400, "Failed to deserialize query string: provided string was not `true` or `false`");
                }
            }
        }
        if (!request.isUpgrade()) {
            return text(400, "Connection header did not include 'upgrade'");
        }
        DriftDbRoom room = model.enter(id);
        if (room == null) {
            return new Answer.Cut();
        }
        DriftDbConnection connection = model.connect(room, isOn(query.get("cbor")), isOn(query.get("debug")));
        return new Answer.Open(connection, worker ? WORKER_HEADERS : STAND_ALONE_HEADERS);
    }

    private boolean isOn(@Nullable String value) {
        return value != null && (worker ? !value.isEmpty() : value.equals("true"));
    }

    private Answer failed(int status) {
        return worker
                ? text(status, status == 404 ? "not found" : "method not allowed")
                : respond(HttpResponse.of(status));
    }

    private Answer text(int status, String body) {
        return respond(HttpResponse.of(status, TEXT, body));
    }

    private Answer respond(HttpResponse response) {
        HttpResponse full = response;
        for (Map.Entry<String, String> header : (worker ? WORKER_HEADERS : STAND_ALONE_HEADERS).entrySet()) {
            full = full.with(header.getKey(), header.getValue());
        }
        return new Answer.Response(full);
    }

    private static String host(HttpRequest request) {
        for (String part : request.headers().getOrDefault("forwarded", "").split("[;,]")) {
            String pair = part.trim();
            if (pair.toLowerCase(Locale.ROOT).startsWith("host=")) {
                return pair.substring("host=".length()).replace("\"", "");
            }
        }
        String forwarded = request.header("x-forwarded-host");
        return forwarded != null ? forwarded : request.headers().getOrDefault("host", "localhost");
    }

    private static boolean isJson(String contentType) {
        int parameters = contentType.indexOf(';');
        String type = (parameters < 0 ? contentType : contentType.substring(0, parameters))
                .trim()
                .toLowerCase(Locale.ROOT);
        return type.equals(JSON) || (type.startsWith("application/") && type.endsWith("+json"));
    }

    private static String utf8(byte[] body) throws BadMessageException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw BadMessageException.syntax("invalid unicode code point");
        }
    }

    private static Map<String, String> query(@Nullable String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (query != null) {
            for (String pair : query.split("&")) {
                int equals = pair.indexOf('=');
                parameters.put(
                        decode(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decode(pair.substring(equals + 1)));
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

    private static Map<String, String> headers(String... pairs) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            headers.put(pairs[i], pairs[i + 1]);
        }
        return headers;
    }
}
