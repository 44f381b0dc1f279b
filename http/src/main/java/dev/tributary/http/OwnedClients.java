package dev.tributary.http;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLParameters;

/**
 * Clients of our own, made when first needed: no proxy, no cookies, no redirects. Clear text and TLS have separate ones,
 * so that a process without TLS does not pay for it. Further lanes exist because a client neither queues streams beyond
 * the server's limit nor opens a second HTTP/2 connection.
 */
final class OwnedClients implements Clients {

    /** Each costs a selector thread: 3,200 streams at the usual limit, and what is beyond waits. */
    private static final int MOST_LANES = 32;

    private record Key(int lane, boolean tls, Duration connectTimeout) {}

    private final Map<Key, HttpClient> clients = new ConcurrentHashMap<>();
    private final WireThreads threads;
    private final Executor executor;
    private volatile boolean closed;

    OwnedClients(WireThreads threads, Executor executor) {
        this.threads = threads;
        this.executor = executor;
    }

    @Override
    public HttpClient client(int lane, boolean tls, Duration connectTimeout) {
        HttpClient client = clients.computeIfAbsent(new Key(lane, tls, connectTimeout), this::create);
        if (closed) {
            // It came while the others were ended.
            ClientShutdown.shutdown(client);
            close();
        }
        return client;
    }

    private HttpClient create(Key key) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .executor(executor)
                .proxy(HttpClient.Builder.NO_PROXY)
                .followRedirects(HttpClient.Redirect.NEVER);
        if (key.connectTimeout.compareTo(Duration.ZERO) > 0) {
            builder.connectTimeout(key.connectTimeout);
        }
        if (!key.tls) {
            builder.sslContext(NoTls.context()).sslParameters(new SSLParameters());
        }
        return builder.build();
    }

    @Override
    public int lanes() {
        return MOST_LANES;
    }

    @Override
    public void close() {
        closed = true;
        if (!ClientShutdown.isSupported()) {
            threads.interruptOthers();
        }
        clients.values().forEach(ClientShutdown::shutdown);
        clients.clear();
    }
}
