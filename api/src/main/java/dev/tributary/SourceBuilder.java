package dev.tributary;

import dev.tributary.engine.Engine;
import dev.tributary.spi.Environment;
import dev.tributary.spi.TransportProvider;
import dev.tributary.spi.WireProvider;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link SyncSource} from a URI and options. Options in the URI's query have the same names as typed ones; giving
 * one twice is refused. Not safe for use by several threads at once.
 */
public final class SourceBuilder {

    private final URI uri;
    private final Map<Option<?>, Object> options = new LinkedHashMap<>();
    private final Set<Capability> required = EnumSet.noneOf(Capability.class);
    private final List<SourceListener> listeners = new ArrayList<>();
    private final List<TransportProvider> transports = new ArrayList<>();
    private final List<WireProvider> wires = new ArrayList<>();
    private Backoff backoff = Backoff.DEFAULT;
    private @Nullable CredentialProvider credentials;
    private @Nullable Executor executor;
    private @Nullable Environment environment;

    SourceBuilder(URI uri) {
        this.uri = uri;
    }

    /** A builder for this URI. */
    public static SourceBuilder of(URI uri) {
        return new SourceBuilder(uri);
    }

    /**
     * Sets a typed option.
     *
     * @throws ConfigurationException when the option was set before
     */
    public <T> SourceBuilder set(Option<T> option, T value) {
        if (options.putIfAbsent(option, Objects.requireNonNull(value, option.name())) != null) {
            throw new ConfigurationException("option '" + option.name() + "' is given twice");
        }
        return this;
    }

    /** Refuses to open unless the transport declares all of these. */
    public SourceBuilder require(Capability... capabilities) {
        required.addAll(List.of(capabilities));
        return this;
    }

    /** How long to wait between attempts. */
    public SourceBuilder backoff(Backoff policy) {
        this.backoff = policy;
        return this;
    }

    /**
     * A token, asked for at every attempt and thrown away when it is refused. The supplier may block.
     *
     * @throws ConfigurationException when credentials or a token were given before
     */
    public SourceBuilder token(Supplier<String> token) {
        return credentials(CredentialProvider.ofToken(token));
    }

    /**
     * Credentials, asked for at every attempt and thrown away when they are refused.
     *
     * @throws ConfigurationException when credentials or a token were given before
     */
    public SourceBuilder credentials(CredentialProvider provider) {
        if (credentials != null) {
            throw new ConfigurationException("credentials are given twice");
        }
        credentials = provider;
        return this;
    }

    /** Where listeners and futures run by default. It must have room for listeners that block. */
    public SourceBuilder executor(Executor shared) {
        this.executor = shared;
        return this;
    }

    /** Hears connection attempts, endings, faults, bytes and commits, for logs and metrics. */
    public SourceBuilder listener(SourceListener listener) {
        listeners.add(listener);
        return this;
    }

    /** Registers a transport explicitly, for jars that lost their service files. */
    public SourceBuilder transport(TransportProvider provider) {
        transports.add(provider);
        return this;
    }

    /** Registers a wire provider explicitly; it goes before those that are found. */
    public SourceBuilder wires(WireProvider provider) {
        wires.add(provider);
        return this;
    }

    /** Time, randomness and threads, for tests and simulations. */
    public SourceBuilder environment(Environment other) {
        this.environment = other;
        return this;
    }

    /**
     * Opens the source. Nothing is connected until a query is asked for.
     *
     * @throws ConfigurationException when the URI, an option or the transport is wrong or missing, or a required
     *     capability is not declared
     */
    public SyncSource open() {
        return Engine.open(new SourceConfig(
                uri, options, required, backoff, credentials, executor, listeners, transports, wires, environment));
    }
}
