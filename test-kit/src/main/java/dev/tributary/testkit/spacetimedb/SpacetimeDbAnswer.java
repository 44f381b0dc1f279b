package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.socket.HttpResponse;
import java.util.Map;

/** What becomes of a request. */
public sealed interface SpacetimeDbAnswer {

    /** A plain response. */
    record Response(HttpResponse response) implements SpacetimeDbAnswer {}

    /**
     * A WebSocket.
     *
     * @param subprotocol what is named in the answer
     * @param headers further ones of the answer
     * @param session what is to be attached to the socket
     */
    record Open(String subprotocol, Map<String, String> headers, SpacetimeDbSession session)
            implements SpacetimeDbAnswer {

        public Open {
            headers = Map.copyOf(headers);
        }
    }

    /** The end of the connection without an answer. */
    record Cut() implements SpacetimeDbAnswer {}
}
