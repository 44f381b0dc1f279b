package dev.tributary.driftdb;

import dev.tributary.Credential;
import dev.tributary.Options;
import dev.tributary.spi.Deadlines;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.WebSocketTarget;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Addresses with everything that goes with them. No socket ever sends control pings: the server does not survive them. */
final class Targets {

    static final Duration PING_AFTER = Duration.ofSeconds(20);

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Deadlines HTTP = new Deadlines(PATIENCE, PATIENCE, PATIENCE);
    private static final Deadlines SOCKET = new Deadlines(PATIENCE, PATIENCE, PING_AFTER.multipliedBy(2));

    private final RoomAddress address;
    private final Map<String, String> headers;
    private final long maxMessage;
    private Credential credential = Credential.NONE;

    Targets(RoomAddress address, Options options) {
        this.address = address;
        this.headers = options.get(DriftDbOptions.HEADERS, Map.of());
        this.maxMessage = options.get(DriftDbOptions.MAX_MESSAGE, DriftDbOptions.DEFAULT_MAX_MESSAGE);
    }

    void credential(Credential given) {
        credential = given;
    }

    long maxMessage() {
        return maxMessage;
    }

    HttpTarget newRoom() {
        return bare("POST", address.newRoom(), address.printable("new"));
    }

    HttpTarget findRoom(String id) {
        return bare("GET", address.room(id), address.printable("room/" + RoomAddress.shortened(id)));
    }

    private HttpTarget bare(String method, URI uri, String printable) {
        return HttpTarget.withoutBody(method, with(uri, parameters(uri)), printable, headers, secrets(uri), HTTP);
    }

    HttpTarget message(Room room, byte[] body) {
        URI uri = room.httpUrl();
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Type", "application/json");
        return new HttpTarget(
                "POST",
                with(uri, parameters(uri)),
                RoomAddress.printable(uri, room.id(), "/send"),
                all,
                secrets(uri),
                body,
                HTTP);
    }

    WebSocketTarget socket(Room room, Encoding encoding, boolean debug) {
        return socket(room, encoding, debug, SOCKET);
    }

    /** A socket for one answer, which is not waited for longer than for one over HTTP. */
    WebSocketTarget probe(Room room, Encoding encoding) {
        return socket(room, encoding, false, HTTP);
    }

    private WebSocketTarget socket(Room room, Encoding encoding, boolean debug, Deadlines deadlines) {
        URI url = room.socketUrl();
        Map<String, String> parameters = parameters(url);
        if (encoding == Encoding.CBOR) {
            parameters.put("cbor", "true");
        }
        if (debug) {
            parameters.put("debug", "true");
        }
        return new WebSocketTarget(
                with(url, parameters),
                RoomAddress.printable(url, room.id(), "/connect"),
                headers,
                secrets(url),
                List.of(),
                maxMessage,
                null,
                deadlines);
    }

    private Map<String, String> parameters(URI uri) {
        return address.isTrusted(uri) ? new LinkedHashMap<>(credential.parameters()) : new LinkedHashMap<>();
    }

    private Map<String, String> secrets(URI uri) {
        if (!address.isTrusted(uri)) {
            return Map.of();
        }
        Map<String, String> secrets = new LinkedHashMap<>(credential.headers());
        credential.token().ifPresent(token -> secrets.put("Authorization", "Bearer " + token));
        return secrets;
    }

    private static URI with(URI uri, Map<String, String> parameters) {
        if (parameters.isEmpty()) {
            return uri;
        }
        StringBuilder text = new StringBuilder(uri.toString());
        char separator = uri.getRawQuery() == null ? '?' : '&';
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            text.append(separator)
                    .append(encoded(parameter.getKey()))
                    .append('=')
                    .append(encoded(parameter.getValue()));
            separator = '&';
        }
        return URI.create(text.toString());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
