package dev.tributary.electric;

import dev.tributary.Backoff;
import dev.tributary.Capability;
import dev.tributary.ColumnType;
import dev.tributary.ConfigurationException;
import dev.tributary.SourceBuilder;
import dev.tributary.SourceListener;
import dev.tributary.SyncSource;
import dev.tributary.http.HttpOptions;
import dev.tributary.spi.Environment;
import dev.tributary.spi.WireProvider;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes an Electric source, by {@link Electric#source}. Whatever is given as a supplier is asked for with every request,
 * on the executor that the source shares, so it may block; one that gives null says nothing with that request. Not safe
 * for use by several threads at once.
 */
public final class ElectricSourceBuilder {

    private static final String SCHEME = "electric+";

    private final SourceBuilder builder;
    private final Map<String, Supplier<? extends @Nullable String>> headers = new LinkedHashMap<>();
    private final Map<String, Supplier<? extends @Nullable String>> parameters = new LinkedHashMap<>();
    private final Map<String, Function<ColumnInfo, ColumnType>> types = new LinkedHashMap<>();
    private @Nullable Supplier<? extends @Nullable String> token;
    private Electric.@Nullable ErrorHook hook;
    private boolean mayChange;

    ElectricSourceBuilder(URI address) {
        String text = address.toString();
        this.builder = SourceBuilder.of(text.startsWith(SCHEME) ? address : URI.create(SCHEME + text));
    }

    /** A bearer token for the proxy before the server. */
    public ElectricSourceBuilder token(String constant) {
        return setToken(() -> constant);
    }

    /** A bearer token for the proxy before the server; a new one is asked for when it is refused. */
    public ElectricSourceBuilder token(Supplier<? extends @Nullable String> supplier) {
        mayChange = true;
        return setToken(supplier);
    }

    private ElectricSourceBuilder setToken(Supplier<? extends @Nullable String> supplier) {
        if (token != null) {
            throw new ConfigurationException("the token is given twice");
        }
        token = supplier;
        return this;
    }

    /** The API secret of the server, for sources that talk to it without a proxy. */
    public ElectricSourceBuilder secret(String constant) {
        return put(parameters, ElectricOptions.SECRET.name(), () -> constant);
    }

    /** The API secret of the server, for sources that talk to it without a proxy. */
    public ElectricSourceBuilder secret(Supplier<? extends @Nullable String> supplier) {
        mayChange = true;
        return put(parameters, ElectricOptions.SECRET.name(), supplier);
    }

    /** A header of each request. */
    public ElectricSourceBuilder header(String name, String constant) {
        return put(headers, name.toLowerCase(Locale.ROOT), () -> constant);
    }

    /** A header of each request. */
    public ElectricSourceBuilder header(String name, Supplier<? extends @Nullable String> supplier) {
        mayChange = true;
        return put(headers, name.toLowerCase(Locale.ROOT), supplier);
    }

    /**
     * A parameter of each request, for a proxy.
     *
     * @throws ConfigurationException when the protocol or the query says something by that name
     */
    public ElectricSourceBuilder parameter(String name, String constant) {
        RequestUrl.checkFree(name);
        return put(parameters, name, () -> constant);
    }

    /**
     * A parameter of each request, for a proxy.
     *
     * @throws ConfigurationException when the protocol or the query says something by that name
     */
    public ElectricSourceBuilder parameter(String name, Supplier<? extends @Nullable String> supplier) {
        RequestUrl.checkFree(name);
        mayChange = true;
        return put(parameters, name, supplier);
    }

    private ElectricSourceBuilder put(
            Map<String, Supplier<? extends @Nullable String>> target,
            String name,
            Supplier<? extends @Nullable String> supplier) {
        if (target.put(name, supplier) != null) {
            throw new ConfigurationException("'" + name + "' is given twice");
        }
        return this;
    }

    /** Decides about refused requests; without it any refusal but that of a supplied credential fails the view. */
    public ElectricSourceBuilder onError(Electric.ErrorHook decides) {
        this.hook = decides;
        builder.set(ElectricOptions.ERROR_HOOK, decides);
        return this;
    }

    /** How columns are named here; those of the server if this is not called. */
    public ElectricSourceBuilder columnNames(ColumnNames names) {
        builder.set(ElectricOptions.COLUMN_NAMES, names);
        return this;
    }

    /**
     * How columns of a Postgres type are read here; of an array it reads the elements. It goes before what this library
     * does with the type. Views that are restored from a save are synced anew where such types are used.
     *
     * @param type as {@link ColumnInfo#type} has it
     */
    public ElectricSourceBuilder type(String type, Function<ColumnInfo, ColumnType> reader) {
        if (types.put(type, reader) != null) {
            throw new ConfigurationException("the type '" + type + "' is given twice");
        }
        return this;
    }

    /** A client to use for all requests. It is borrowed: TLS and proxy are its own, and it is never closed here. */
    public ElectricSourceBuilder httpClient(HttpClient client) {
        builder.set(HttpOptions.CLIENT, client);
        return this;
    }

    /** How many chunks to ask for ahead while catching up, 0 to 2; 2 if this is not called. */
    public ElectricSourceBuilder prefetch(int chunks) {
        if (chunks < 0 || chunks > ElectricOptions.MOST_PREFETCH) {
            throw new ConfigurationException("prefetch is 0, 1 or 2, got " + chunks);
        }
        builder.set(ElectricOptions.PREFETCH, chunks);
        return this;
    }

    /** How long a live request may stay unanswered before it is made again; 45 s if this is not called. */
    public ElectricSourceBuilder liveTimeout(Duration time) {
        builder.set(ElectricOptions.LIVE_TIMEOUT, time);
        return this;
    }

    /** How long to wait between attempts. */
    public ElectricSourceBuilder backoff(Backoff policy) {
        builder.backoff(policy);
        return this;
    }

    /** Where listeners, futures and suppliers run. It must have room for those that block. */
    public ElectricSourceBuilder executor(Executor shared) {
        builder.executor(shared);
        return this;
    }

    /** Hears what happens inside, for logs and metrics. */
    public ElectricSourceBuilder listener(SourceListener listener) {
        builder.listener(listener);
        return this;
    }

    /** Refuses to open unless the transport declares all of these. */
    public ElectricSourceBuilder require(Capability... capabilities) {
        builder.require(capabilities);
        return this;
    }

    /** Wires to use instead of those that are found, for tests and simulations. */
    public ElectricSourceBuilder wires(WireProvider provider) {
        builder.wires(provider);
        return this;
    }

    /** Time, randomness and threads, for tests and simulations. */
    public ElectricSourceBuilder environment(Environment other) {
        builder.environment(other);
        return this;
    }

    /**
     * Opens the source. Nothing is connected until a query is asked for.
     *
     * @throws ConfigurationException when the address or an option is wrong
     */
    public SyncSource open() {
        if (!types.isEmpty()) {
            builder.set(ElectricOptions.TYPES, Map.copyOf(types));
        }
        if (token != null || hook != null || !headers.isEmpty() || !parameters.isEmpty()) {
            builder.credentials(new RequestSuppliers(token, headers, parameters, hook, mayChange));
        }
        return builder.transport(new ElectricTransport()).open();
    }
}
