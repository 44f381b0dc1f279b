package dev.tributary.testkit.driven;

import dev.tributary.spi.Deadlines;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.Target;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.testkit.socket.HttpRequest;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A target as it arrived: made of what the request says, not of what the client meant. */
final class RequestTarget {

    /** Those of the client do not travel. */
    private static final Deadlines UNKNOWN = new Deadlines(Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private RequestTarget() {}

    /** What was secret cannot be told: all headers are plain ones, their names in lower case. */
    static Target of(HttpRequest request) {
        Map<String, String> headers = request.headers();
        String scheme = request.isUpgrade() ? "ws" : "http";
        URI uri = URI.create(scheme + "://" + headers.getOrDefault("host", "127.0.0.1") + request.target());
        if (request.isUpgrade()) {
            List<String> offered = Stream.of(
                            headers.getOrDefault("sec-websocket-protocol", "").split(","))
                    .map(String::strip)
                    .filter(name -> !name.isEmpty())
                    .toList();
            return new WebSocketTarget(uri, request.path(), headers, Map.of(), offered, Long.MAX_VALUE, null, UNKNOWN);
        }
        return new HttpTarget(request.method(), uri, request.path(), headers, Map.of(), request.body(), UNKNOWN);
    }
}
