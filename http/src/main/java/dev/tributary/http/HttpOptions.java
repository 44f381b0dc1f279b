package dev.tributary.http;

import dev.tributary.Option;
import java.net.http.HttpClient;
import java.util.List;

/**
 * The options of the HTTP wire, for every transport that runs over {@code http} or {@code https}. In a source URI they
 * are given by name; {@link #CLIENT} is set on the builder only. Immutable and safe for any thread.
 */
public final class HttpOptions {

    /**
     * A client to borrow, for its proxy, authenticator, cookies, trust and pool. It is never closed here. It must not
     * follow redirects by itself ({@link HttpClient.Redirect#NEVER}): it would carry credentials to other origins.
     * Its own connect timeout is the one that counts.
     *
     * <p>Without this option a source has clients of its own, which use no proxy, not even the system's, and trust
     * what the JVM trusts by default.
     */
    public static final Option<HttpClient> CLIENT =
            Option.object("httpClient", "The java.net.http client to use; it is borrowed and never closed.");

    /** Whether to ask for gzip; true by default. Content that arrives compressed is decoded in any case. */
    public static final Option<Boolean> GZIP =
            Option.flag("gzip", "Whether to ask the server for gzip (default true).");

    /**
     * The largest body of one response in bytes, as received and as decoded. By default the smaller of 1 GiB and a
     * quarter of the JVM's largest heap.
     */
    public static final Option<Long> MAX_BODY_BYTES = Option.size(
            "maxBodyBytes", "The largest response body (default: the smaller of 1g and a quarter of the heap).");

    /** How many redirects of one request are followed; 5 by default. */
    public static final Option<Integer> MAX_REDIRECTS =
            Option.number("maxRedirects", 0, "How many redirects are followed (default 5).");

    /**
     * How many exchanges share one HTTP/2 connection to an origin; 100 by default. With clients of our own more
     * connections are opened for more exchanges; with a borrowed client, more exchanges wait.
     */
    public static final Option<Integer> MAX_CONCURRENT_STREAMS =
            Option.number("maxConcurrentStreams", 1, "How many exchanges share one HTTP/2 connection (default 100).");

    /**
     * Whether to offer HTTP/2. By default it is offered over TLS and not in clear text, where it costs an upgrade;
     * {@code true} offers it everywhere, {@code false} nowhere.
     */
    public static final Option<Boolean> HTTP2 =
            Option.flag("http2", "Whether to offer HTTP/2 (default: over https only).");

    static final List<Option<?>> ALL =
            List.of(CLIENT, GZIP, MAX_BODY_BYTES, MAX_REDIRECTS, MAX_CONCURRENT_STREAMS, HTTP2);

    private HttpOptions() {}
}
