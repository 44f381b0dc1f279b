package dev.tributary.spi;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket.
 *
 * @param uri with its query
 * @param printable the address without its secrets
 * @param headers plain ones
 * @param credentials headers that hold secrets: never printed
 * @param subprotocols offered, in the order of preference
 * @param maxMessageBytes a larger message ends the wire
 * @param pingAfter after so much silence the wire sends a ping, and what comes back is a sign of life; null for servers
 *     that do not survive control frames: then the wire sends neither pings nor pongs
 */
public record WebSocketTarget(
        URI uri,
        String printable,
        Map<String, String> headers,
        Map<String, String> credentials,
        List<String> subprotocols,
        long maxMessageBytes,
        @Nullable Duration pingAfter,
        Deadlines deadlines)
        implements Target {

    public WebSocketTarget {
        headers = Map.copyOf(headers);
        credentials = Map.copyOf(credentials);
        subprotocols = List.copyOf(subprotocols);
    }

    /** This target with one more plain header. */
    public WebSocketTarget withHeader(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new WebSocketTarget(
                uri, printable, more, credentials, subprotocols, maxMessageBytes, pingAfter, deadlines);
    }

    @Override
    public String toString() {
        return printable;
    }
}
