package dev.tributary.websocket;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Where a socket goes.
 *
 * @param host an IPv6 address without its brackets
 */
record HostAndPort(String host, int port) {

    private static final int WS_PORT = 80;
    private static final int WSS_PORT = 443;

    /** The URI has a host. */
    static HostAndPort of(URI uri) {
        int standard = "wss".equalsIgnoreCase(uri.getScheme()) ? WSS_PORT : WS_PORT;
        return new HostAndPort(bare(uri.getHost()), uri.getPort() < 0 ? standard : uri.getPort());
    }

    /** Null when it is not {@code host:port}. */
    static @Nullable HostAndPort parse(String text) {
        try {
            URI uri = new URI("tcp://" + text);
            boolean plain = uri.getUserInfo() == null
                    && uri.getPath().isEmpty()
                    && uri.getQuery() == null
                    && uri.getFragment() == null;
            return uri.getHost() == null || uri.getPort() < 0 || !plain
                    ? null
                    : new HostAndPort(bare(uri.getHost()), uri.getPort());
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
