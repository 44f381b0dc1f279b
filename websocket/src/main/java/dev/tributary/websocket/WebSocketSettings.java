package dev.tributary.websocket;

import dev.tributary.ConfigurationException;
import dev.tributary.Options;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The options of one source as read.
 *
 * @param sslContext null for the JVM's
 * @param proxy null for none
 */
record WebSocketSettings(
        Client client,
        @Nullable SSLContext sslContext,
        @Nullable HostAndPort proxy,
        long sendBuffer,
        long maxUnsentBytes) {

    private static final long DEFAULT_SEND_BUFFER = 1L << 20;
    private static final long DEFAULT_MAX_UNSENT = 64L << 20;
    private static final int HEAP_PART = 8;

    /** Who carries the sockets. */
    enum Client {
        JAVA_WEBSOCKET,
        JDK
    }

    static WebSocketSettings of(Options options) {
        long sendBuffer = options.get(WebSocketOptions.SEND_BUFFER, DEFAULT_SEND_BUFFER);
        long most = Math.min(DEFAULT_MAX_UNSENT, Runtime.getRuntime().maxMemory() / HEAP_PART);
        return new WebSocketSettings(
                client(options.get(WebSocketOptions.CLIENT, "java-websocket")),
                options.get(WebSocketOptions.SSL_CONTEXT).orElse(null),
                options.get(WebSocketOptions.PROXY)
                        .map(WebSocketSettings::proxy)
                        .orElse(null),
                sendBuffer,
                Math.max(sendBuffer, options.get(WebSocketOptions.MAX_UNSENT_BYTES, most)));
    }

    private static Client client(String name) {
        return switch (name) {
            case "java-websocket" -> Client.JAVA_WEBSOCKET;
            case "jdk" -> Client.JDK;
            default ->
                throw new ConfigurationException("option '" + WebSocketOptions.CLIENT.name()
                        + "': expected java-websocket or jdk, got '" + name + "'");
        };
    }

    private static HostAndPort proxy(String text) {
        HostAndPort proxy = HostAndPort.parse(text);
        if (proxy == null) {
            // Not repeated: it may hold a user and a password.
            throw new ConfigurationException(
                    "option '" + WebSocketOptions.PROXY.name() + "': expected host:port, and nothing else");
        }
        return proxy;
    }
}
