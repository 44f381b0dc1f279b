package dev.tributary.http;

import dev.tributary.ConfigurationException;
import dev.tributary.Options;
import java.net.http.HttpClient;
import org.jspecify.annotations.Nullable;

/**
 * The options of one source as read.
 *
 * @param client borrowed; null for clients of our own
 * @param http2 null for: over TLS only
 */
record HttpSettings(
        @Nullable HttpClient client,
        boolean gzip,
        long maxBodyBytes,
        int maxRedirects,
        int maxConcurrentStreams,
        @Nullable Boolean http2) {

    private static final int DEFAULT_REDIRECTS = 5;
    private static final int DEFAULT_STREAMS = 100;

    static HttpSettings of(Options options) {
        HttpClient client = options.get(HttpOptions.CLIENT).orElse(null);
        if (client != null && client.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new ConfigurationException("option '" + HttpOptions.CLIENT.name()
                    + "': the client follows redirects by itself and would carry credentials to other origins;"
                    + " build it with followRedirects(HttpClient.Redirect.NEVER)");
        }
        return new HttpSettings(
                client,
                options.get(HttpOptions.GZIP, true),
                options.get(HttpOptions.MAX_BODY_BYTES, defaultMaxBodyBytes()),
                options.get(HttpOptions.MAX_REDIRECTS, DEFAULT_REDIRECTS),
                options.get(HttpOptions.MAX_CONCURRENT_STREAMS, DEFAULT_STREAMS),
                options.get(HttpOptions.HTTP2).orElse(null));
    }

    private static long defaultMaxBodyBytes() {
        return Math.min(1L << 30, Runtime.getRuntime().maxMemory() / 4);
    }

    /** What to offer to this origin. */
    HttpClient.Version version(Origin origin) {
        boolean offered = http2 != null ? http2 : origin.isTls() && (client == null || wantsHttp2(client));
        return offered ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1;
    }

    private static boolean wantsHttp2(HttpClient borrowed) {
        return borrowed.version() == HttpClient.Version.HTTP_2;
    }
}
