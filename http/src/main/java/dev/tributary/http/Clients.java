package dev.tributary.http;

import java.net.http.HttpClient;
import java.time.Duration;

/** Where the exchanges of one source get their client. Safe for any thread. */
interface Clients extends AutoCloseable {

    /**
     * The client for an exchange. Called on a thread of the wires; may take long the first time.
     *
     * @param lane each lane has connections of its own
     */
    HttpClient client(int lane, boolean tls, Duration connectTimeout);

    /** How many lanes there may be. */
    int lanes();

    /** Ends what is ours. Does not wait. */
    @Override
    void close();
}
