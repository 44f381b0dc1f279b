package dev.tributary.sodp;

import dev.tributary.Backoff;
import dev.tributary.Capability;
import dev.tributary.ConfigurationException;
import dev.tributary.Credential;
import dev.tributary.CredentialProvider;
import dev.tributary.Option;
import dev.tributary.SourceBuilder;
import dev.tributary.SourceListener;
import dev.tributary.SyncSource;
import dev.tributary.spi.Environment;
import dev.tributary.spi.WireProvider;
import dev.tributary.websocket.WebSocketOptions;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Makes a SODP source, by {@link Sodp#source}. Not safe for use by several threads at once. */
public final class SodpSourceBuilder {

    private static final String SCHEME = "sodp+";
    private static final int DEFAULT_PORT = 7777;

    private final SourceBuilder builder;
    private final Map<String, String> headers = new LinkedHashMap<>();

    SodpSourceBuilder(URI address) {
        this.builder = SourceBuilder.of(addressOf(address));
    }

    /** The address in the form that every source has. */
    static URI addressOf(URI address) {
        String text = address.toString();
        String scheme = address.getScheme() == null ? "" : address.getScheme().toLowerCase(Locale.ROOT);
        return switch (scheme) {
            case "sodp" -> URI.create(SCHEME + "ws" + withPort(address, text.substring("sodp".length())));
            case "sodps" -> URI.create(SCHEME + "wss" + withPort(address, text.substring("sodps".length())));
            default -> text.startsWith(SCHEME) ? address : URI.create(SCHEME + text);
        };
    }

    private static String withPort(URI address, String rest) {
        String authority = address.getRawAuthority();
        if (authority == null || address.getPort() >= 0) {
            return rest;
        }
        int end = "://".length() + authority.length();
        String bare = authority.endsWith(":") ? authority.substring(0, authority.length() - 1) : authority;
        return "://" + bare + ":" + DEFAULT_PORT + rest.substring(end);
    }

    /** A token for servers that want one. It is refused for good when it is refused once. */
    public SodpSourceBuilder token(String constant) {
        builder.credentials(refusal -> CompletableFuture.<@Nullable Credential>completedFuture(
                refusal == null ? Credential.token(constant) : null));
        return this;
    }

    /** A token for servers that want one, asked for at every connection. The supplier may block. */
    public SodpSourceBuilder token(Supplier<String> supplier) {
        builder.token(supplier);
        return this;
    }

    /** A token for servers that want one, asked for at every connection. Only the token of a credential is used. */
    public SodpSourceBuilder credentials(CredentialProvider provider) {
        builder.credentials(provider);
        return this;
    }

    /** A header of the handshake, for a proxy. It is never printed. */
    public SodpSourceBuilder header(String name, String value) {
        if (headers.put(name.toLowerCase(Locale.ROOT), value) != null) {
            throw new ConfigurationException("the header '" + name + "' is given twice");
        }
        return this;
    }

    /** Which server is spoken to; found out if this is not called. */
    public SodpSourceBuilder dialect(SodpDialect dialect) {
        builder.set(SodpOptions.DIALECT, dialect.name().toLowerCase(Locale.ROOT));
        return this;
    }

    /**
     * Up to how many keys are asked for their missed steps after a reconnect, one after the other; with more of them, all
     * are read anew at once. 32 if this is not called, 0 for never.
     */
    public SodpSourceBuilder resume(int keys) {
        builder.set(SodpOptions.RESUME, keys);
        return this;
    }

    /**
     * How often keys are compared with the server. If this is not called it is done every 5 minutes where the server may
     * drop changes silently, and never elsewhere.
     */
    public SodpSourceBuilder audit(Duration every) {
        builder.set(SodpOptions.AUDIT, every);
        return this;
    }

    /**
     * How long a key that no view follows any more is still followed: a view that comes back within this time has its
     * content at once. If this is not called the server is told at once.
     */
    public SodpSourceBuilder linger(Duration time) {
        builder.set(SodpOptions.LINGER, time);
        return this;
    }

    /** The TLS context of the connection; that of the JVM if this is not called. */
    public SodpSourceBuilder sslContext(SSLContext context) {
        builder.set(WebSocketOptions.SSL_CONTEXT, context);
        return this;
    }

    /** Any other option, of this transport or of the wires. */
    public <T> SodpSourceBuilder set(Option<T> option, T value) {
        builder.set(option, value);
        return this;
    }

    /** How long to wait between attempts. */
    public SodpSourceBuilder backoff(Backoff policy) {
        builder.backoff(policy);
        return this;
    }

    /** Where listeners, futures and suppliers run. It must have room for those that block. */
    public SodpSourceBuilder executor(Executor shared) {
        builder.executor(shared);
        return this;
    }

    /** Hears what happens inside, for logs and metrics. */
    public SodpSourceBuilder listener(SourceListener listener) {
        builder.listener(listener);
        return this;
    }

    /** Refuses to open unless the transport declares all of these; ends connections that do not have them. */
    public SodpSourceBuilder require(Capability... capabilities) {
        builder.require(capabilities);
        return this;
    }

    /** Wires to use instead of those that are found, for tests and simulations. */
    public SodpSourceBuilder wires(WireProvider provider) {
        builder.wires(provider);
        return this;
    }

    /** Time, randomness and threads, for tests and simulations. */
    public SodpSourceBuilder environment(Environment other) {
        builder.environment(other);
        return this;
    }

    /**
     * Opens the source. Nothing is connected until a query is asked for.
     *
     * @throws ConfigurationException when the address or an option is wrong
     */
    public SyncSource open() {
        if (!headers.isEmpty()) {
            builder.set(SodpOptions.HEADERS, Map.copyOf(headers));
        }
        return builder.transport(new SodpTransport()).open();
    }
}
