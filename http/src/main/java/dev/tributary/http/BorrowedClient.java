package dev.tributary.http;

import java.net.http.HttpClient;
import java.time.Duration;

/** The application's client: one lane, never closed. */
record BorrowedClient(HttpClient client) implements Clients {

    @Override
    public HttpClient client(int lane, boolean tls, Duration connectTimeout) {
        return client;
    }

    @Override
    public int lanes() {
        return 1;
    }

    @Override
    public void close() {}
}
