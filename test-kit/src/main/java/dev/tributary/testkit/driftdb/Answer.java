package dev.tributary.testkit.driftdb;

import dev.tributary.testkit.socket.HttpResponse;
import java.util.Map;

/** What becomes of a request. A request that is never answered gets none of these. */
public sealed interface Answer {

    /** A response; an upgrade is refused by it. */
    record Response(HttpResponse response) implements Answer {}

    /**
     * An upgrade is accepted.
     *
     * @param connection to be attached to
     * @param headers of the answer, beside those of the handshake
     */
    record Open(DriftDbConnection connection, Map<String, String> headers) implements Answer {}

    /** The connection ends without an answer. */
    record Cut() implements Answer {}
}
