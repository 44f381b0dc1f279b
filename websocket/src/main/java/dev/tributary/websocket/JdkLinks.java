package dev.tributary.websocket;

import dev.tributary.ConfigurationException;
import dev.tributary.spi.WebSocketTarget;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Links over the JDK's client: all sockets of a source share a few threads. The client's only timeout is its own, for
 * making the connection; sources use one value, so there is one client.
 */
final class JdkLinks implements Links {

    private static final System.Logger LOG = System.getLogger(JdkLinks.class.getName());

    /** Since Java 21. On 17 a client ends when its selector thread is interrupted. */
    private static final @Nullable MethodHandle SHUTDOWN_NOW = findShutdown();

    private final Map<Duration, HttpClient> clients = new ConcurrentHashMap<>();
    private final WebSocketSettings settings;
    private final WireThreads threads;
    private final Executor executor;

    JdkLinks(WebSocketSettings settings, WireThreads threads, Executor executor) {
        this.settings = settings;
        this.threads = threads;
        this.executor = executor;
    }

    private static @Nullable MethodHandle findShutdown() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(HttpClient.class, "shutdownNow", MethodType.methodType(void.class));
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return null;
        }
    }

    @Override
    public Link link(WebSocketTarget target, LinkListener listener) {
        if (target.pingAfter() == null) {
            throw new ConfigurationException("option '" + WebSocketOptions.CLIENT.name()
                    + "': the JDK's WebSocket answers pings by itself, and the server of " + target.printable()
                    + " does not survive control frames; use java-websocket");
        }
        return new JdkLink(this::client, target, listener, executor);
    }

    /** On a thread of the wires, so that the selector thread is in their group. May take long the first time. */
    private HttpClient client(Duration connectTimeout) {
        return clients.computeIfAbsent(connectTimeout, this::create);
    }

    private HttpClient create(Duration connectTimeout) {
        HostAndPort proxy = settings.proxy();
        HttpClient.Builder builder = HttpClient.newBuilder()
                .executor(executor)
                .proxy(
                        proxy == null
                                ? HttpClient.Builder.NO_PROXY
                                : ProxySelector.of(new InetSocketAddress(proxy.host(), proxy.port())))
                .followRedirects(HttpClient.Redirect.NEVER);
        SSLContext context = settings.sslContext();
        if (context != null) {
            builder.sslContext(context);
        }
        if (connectTimeout.compareTo(Duration.ZERO) > 0) {
            builder.connectTimeout(connectTimeout);
        }
        return builder.build();
    }

    @Override
    public void close() {
        if (SHUTDOWN_NOW == null) {
            threads.interruptOthers();
        } else {
            clients.values().forEach(client -> shutdown(SHUTDOWN_NOW, client));
        }
        clients.clear();
    }

    @SuppressWarnings("CatchThrowable")
    private static void shutdown(MethodHandle shutdownNow, HttpClient client) {
        try {
            shutdownNow.invokeExact(client);
        } catch (Throwable e) {
            LOG.log(System.Logger.Level.WARNING, "a WebSocket client did not shut down", e);
        }
    }
}
