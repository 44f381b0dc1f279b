package dev.tributary.spacetimedb;

import dev.tributary.Backoff;
import dev.tributary.Capability;
import dev.tributary.ConfigurationException;
import dev.tributary.Credential;
import dev.tributary.CredentialProvider;
import dev.tributary.Option;
import dev.tributary.ProtocolException;
import dev.tributary.SourceBuilder;
import dev.tributary.SourceListener;
import dev.tributary.SyncSource;
import dev.tributary.spacetimedb.types.DatabaseSchema;
import dev.tributary.spi.Environment;
import dev.tributary.spi.WireProvider;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes a SpacetimeDB source, by {@link SpacetimeDb#source}. Not safe for use by several threads at once. */
public final class SpacetimeDbSourceBuilder {

    private static final String SCHEME = "spacetimedb+";

    private final SourceBuilder builder;
    private final Map<String, String> headers = new LinkedHashMap<>();

    SpacetimeDbSourceBuilder(URI address) {
        String text = address.toString();
        this.builder = SourceBuilder.of(text.startsWith(SCHEME) ? address : URI.create(SCHEME + text));
        DatabaseAddress.of(URI.create(text.startsWith(SCHEME) ? text.substring(SCHEME.length()) : text));
    }

    /** A token that says who we are. It is refused for good when it is refused once. */
    public SpacetimeDbSourceBuilder token(String constant) {
        builder.credentials(refusal -> CompletableFuture.<@Nullable Credential>completedFuture(
                refusal == null ? Credential.token(constant) : null));
        return this;
    }

    /** A token that says who we are, asked for at every connection. The supplier may block. */
    public SpacetimeDbSourceBuilder token(Supplier<String> supplier) {
        builder.token(supplier);
        return this;
    }

    /** Credentials, asked for at every connection: the token says who we are, headers and parameters are for a proxy. */
    public SpacetimeDbSourceBuilder credentials(CredentialProvider provider) {
        builder.credentials(provider);
        return this;
    }

    /** Changes the token for one of 60 seconds that goes into the address, as browsers have to. */
    public SpacetimeDbSourceBuilder exchangeToken() {
        builder.set(SpacetimeDbOptions.TOKEN_EXCHANGE, true);
        return this;
    }

    /** A header of the handshake and of requests, for a proxy. It is never printed. */
    public SpacetimeDbSourceBuilder header(String name, String value) {
        if (headers.put(name.toLowerCase(Locale.ROOT), value) != null) {
            throw new ConfigurationException("the header '" + name + "' is given twice");
        }
        return this;
    }

    /** The protocols that are offered; all but {@code v1.json} if this is not called. The server takes the newest. */
    public SpacetimeDbSourceBuilder protocols(ProtocolVersion... offered) {
        if (offered.length == 0) {
            throw new ConfigurationException("at least one protocol is to be offered");
        }
        builder.set(
                SpacetimeDbOptions.PROTOCOLS,
                Arrays.stream(offered).map(ProtocolVersion::toString).collect(Collectors.joining(",")));
        return this;
    }

    /** How the server compresses long messages; {@link Compression#GZIP} if this is not called. */
    public SpacetimeDbSourceBuilder compression(Compression wanted) {
        builder.set(SpacetimeDbOptions.COMPRESSION, wanted.name().toLowerCase(Locale.ROOT));
        return this;
    }

    /** Whether changes by others come without what caused them. For v1. */
    public SpacetimeDbSourceBuilder light(boolean wanted) {
        builder.set(SpacetimeDbOptions.LIGHT, wanted);
        return this;
    }

    /** Whether only what is durable is shown; if this is not called that is so from v2 on. */
    public SpacetimeDbSourceBuilder confirmed(boolean wanted) {
        builder.set(SpacetimeDbOptions.CONFIRMED, wanted);
        return this;
    }

    /** The id of the connections; if this is not called the server draws one for each. */
    public SpacetimeDbSourceBuilder connectionId(ConnectionId id) {
        builder.set(SpacetimeDbOptions.CONNECTION_ID, id.toString());
        return this;
    }

    /**
     * The description of the module, so that it is not fetched: for where the server's HTTP cannot be reached.
     *
     * @param json as the server answers it, version 9 or 10
     * @throws ConfigurationException when it is none
     */
    public SpacetimeDbSourceBuilder schema(String json) {
        try {
            DatabaseSchema.parse(json);
        } catch (ProtocolException e) {
            throw new ConfigurationException("the schema: " + e.getMessage(), e);
        }
        builder.set(SpacetimeDbOptions.SCHEMA, json);
        return this;
    }

    /**
     * Uses no schema: each row is the bytes of its BSATN, as the only column {@code bytes}, and the whole row is its key.
     * For where the schema can neither be fetched nor given. Only for v2 and v3. Arguments of calls are those of {@link
     * Arguments#bsatn}; what comes back is bytes as well.
     */
    public SpacetimeDbSourceBuilder rawRows() {
        builder.set(SpacetimeDbOptions.RAW_ROWS, true);
        return this;
    }

    /** Does not connect again: when the connection is lost, the views fail. */
    public SpacetimeDbSourceBuilder withoutReconnect() {
        builder.set(SpacetimeDbOptions.RECONNECT, false);
        return this;
    }

    /** After how much silence the server is asked for a sign, and how long that is waited for; 20 s each if not called. */
    public SpacetimeDbSourceBuilder liveness(Duration ping, Duration silence) {
        builder.set(SpacetimeDbOptions.PING, ping);
        builder.set(SpacetimeDbOptions.SILENCE, silence);
        return this;
    }

    /** The longest message that is read, as it is sent; 1 GiB if this is not called. */
    public SpacetimeDbSourceBuilder maxMessage(long bytes) {
        builder.set(SpacetimeDbOptions.MAX_MESSAGE, bytes);
        return this;
    }

    /** Any other option, of this transport or of the wires. */
    public <T> SpacetimeDbSourceBuilder set(Option<T> option, T value) {
        builder.set(option, value);
        return this;
    }

    /** How long to wait between attempts: {@code Backoff.exponential(first, largest)}. */
    public SpacetimeDbSourceBuilder backoff(Backoff policy) {
        builder.backoff(policy);
        return this;
    }

    /** Where listeners, futures and suppliers run. It must have room for those that block. */
    public SpacetimeDbSourceBuilder executor(Executor shared) {
        builder.executor(shared);
        return this;
    }

    /** Hears what happens inside, for logs and metrics. */
    public SpacetimeDbSourceBuilder listener(SourceListener listener) {
        builder.listener(listener);
        return this;
    }

    /** Refuses to open unless the transport declares all of these; ends connections that do not have them. */
    public SpacetimeDbSourceBuilder require(Capability... capabilities) {
        builder.require(capabilities);
        return this;
    }

    /** Wires to use instead of those that are found, for tests and simulations. */
    public SpacetimeDbSourceBuilder wires(WireProvider provider) {
        builder.wires(provider);
        return this;
    }

    /** Time, randomness and threads, for tests and simulations. */
    public SpacetimeDbSourceBuilder environment(Environment other) {
        builder.environment(other);
        return this;
    }

    /**
     * Opens the source. Nothing is connected until something is asked for.
     *
     * @throws ConfigurationException when the address or an option is wrong
     */
    public SyncSource open() {
        if (!headers.isEmpty()) {
            builder.set(SpacetimeDbOptions.HEADERS, Map.copyOf(headers));
        }
        return builder.transport(new SpacetimeDbTransport()).open();
    }
}
