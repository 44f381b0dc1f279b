package dev.tributary.websocket;

import dev.tributary.Option;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * The options of the WebSocket wire, for every transport that runs over {@code ws} or {@code wss}. In a source URI they
 * are given by name; {@link #SSL_CONTEXT} is set on the builder only. Immutable and safe for any thread.
 */
public final class WebSocketOptions {

    /**
     * Which client carries the sockets.
     *
     * <table>
     *   <caption>The two clients</caption>
     *   <tr><th></th><th>{@code java-websocket} (default)</th><th>{@code jdk}</th></tr>
     *   <tr><td>threads</td><td>two for each socket</td><td>a few for all sockets of a source</td></tr>
     *   <tr><td>for</td><td>a handful of sockets</td><td>hundreds and more</td></tr>
     *   <tr><td>servers that do not survive control frames</td><td>yes</td><td>no: it answers pings by itself, so such
     *       a target is refused with a {@link dev.tributary.ConfigurationException}</td></tr>
     *   <tr><td>servers that pour out much before they hear anything</td><td>yes</td><td>no: the JDK (17 and 25) may
     *       lose or mix up bytes that come in bulk right behind the answer to the handshake, without a word; a
     *       greeting, and all that the server sends once the client has asked, arrives as it was</td></tr>
     *   <tr><td>a connection that ends without a close frame right behind a message</td><td>told at once</td><td>the
     *       JDK (17 and 25) may not notice it; then the engine's deadline for silence ends it</td></tr>
     *   <tr><td>a refused handshake</td><td>head and body, bounded</td><td>head; the body only where the JDK keeps it,
     *       and read whole there before it is bounded</td></tr>
     *   <tr><td>the head of an accepted handshake</td><td>all headers</td><td>only the chosen subprotocol</td></tr>
     *   <tr><td>{@code Connection: keep-alive, Upgrade} in the answer</td><td>taken</td><td>refused by the
     *       JDK</td></tr>
     *   <tr><td>why a socket is closed after bad input</td><td>told to the server</td><td>mostly not</td></tr>
     * </table>
     */
    public static final Option<String> CLIENT = Option.text(
            "webSocketClient",
            "Which client carries WebSockets: java-websocket (default), or jdk for very many sockets.");

    /**
     * The TLS context for {@code wss}: what is trusted, and the client's own certificate. By default what the JVM trusts.
     * The host name is verified in any case.
     */
    public static final Option<SSLContext> SSL_CONTEXT =
            Option.object("webSocketSslContext", "The TLS context of WebSockets (default: that of the JVM).");

    /**
     * An HTTP proxy, {@code host:port}, that is asked by CONNECT for a way to the server, for {@code ws} too. None by
     * default, not even the system's.
     */
    public static final Option<String> PROXY =
            Option.text("webSocketProxy", "host:port of an HTTP proxy for WebSockets (default: none).");

    /** From so many unsent bytes on a socket says that it is full; 1 MiB by default. */
    public static final Option<Long> SEND_BUFFER =
            Option.size("sendBuffer", "Unsent bytes from which on a WebSocket is full (default 1m).");

    /**
     * With more unsent bytes than this a socket ends: the server does not read. By default the smaller of 64 MiB and an
     * eighth of the JVM's largest heap; never less than {@link #SEND_BUFFER}.
     */
    public static final Option<Long> MAX_UNSENT_BYTES = Option.size(
            "maxUnsentBytes",
            "Unsent bytes beyond which a WebSocket ends (default: the smaller of 64m and an eighth of the heap).");

    static final List<Option<?>> ALL = List.of(CLIENT, SSL_CONTEXT, PROXY, SEND_BUFFER, MAX_UNSENT_BYTES);

    private WebSocketOptions() {}
}
