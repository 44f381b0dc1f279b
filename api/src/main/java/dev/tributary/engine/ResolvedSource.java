package dev.tributary.engine;

import dev.tributary.Backoff;
import dev.tributary.Capability;
import dev.tributary.ConfigurationException;
import dev.tributary.CredentialProvider;
import dev.tributary.Option;
import dev.tributary.Options;
import dev.tributary.SourceConfig;
import dev.tributary.SourceListener;
import dev.tributary.spi.Environment;
import dev.tributary.spi.Nearest;
import dev.tributary.spi.TransportProvider;
import dev.tributary.spi.WireProvider;
import java.net.URI;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A source's configuration with its transport found, its URI taken apart and its options checked. */
final class ResolvedSource {

    private final SourceConfig config;
    private final TransportProvider transport;
    private final List<WireProvider> wireProviders;
    private final URI endpoint;
    private final Options options;
    private final String address;

    private ResolvedSource(
            SourceConfig config,
            TransportProvider transport,
            List<WireProvider> wireProviders,
            URI endpoint,
            Options options,
            String address) {
        this.config = config;
        this.transport = transport;
        this.wireProviders = wireProviders;
        this.endpoint = endpoint;
        this.options = options;
        this.address = address;
    }

    /**
     * @throws ConfigurationException naming what is wrong and what would be right
     */
    static ResolvedSource of(SourceConfig config) {
        URI uri = config.uri();
        Providers providers = Providers.find(config.transports(), config.wires());
        TransportProvider transport = providers.transport(uri);
        String wireScheme = providers.wireScheme(uri, transport);
        if (uri.getHost() == null) {
            throw new ConfigurationException(
                    "the source URI needs a host: " + transport.scheme() + "+" + wireScheme + "://host[:port]/path");
        }
        if (uri.getRawUserInfo() != null) {
            throw new ConfigurationException("the source URI of " + uri.getHost()
                    + " holds a user or password; give credentials to the builder instead");
        }
        requireCapabilities(config.required(), transport);
        List<Option<?>> known = new ArrayList<>(EngineOptions.ALL);
        known.addAll(transport.options());
        providers.wires().forEach(provider -> known.addAll(provider.options()));
        Map<Option<?>, Object> values = new IdentityHashMap<>(config.options());
        Map<String, String> shown = new LinkedHashMap<>();
        readUriOptions(uri, known, values);
        refuseForeign(config.options().keySet(), known, transport);
        values.forEach((option, value) -> shown.put(option.name(), option.isSensitive() ? "***" : value.toString()));
        if (config.credentials() != null) {
            shown.put("token", "***");
        }
        URI endpoint = endpointOf(uri, wireScheme);
        Options options = Options.of(values);
        transport.check(endpoint, options);
        return new ResolvedSource(
                config,
                transport,
                providers.wires(),
                endpoint,
                options,
                addressOf(transport.printable(endpoint), transport.scheme(), shown));
    }

    private static void requireCapabilities(Set<Capability> required, TransportProvider transport) {
        Set<Capability> missing = new TreeSet<>(required);
        missing.removeAll(transport.capabilities());
        if (!missing.isEmpty()) {
            throw new ConfigurationException("the transport '" + transport.scheme() + "' does not have " + missing
                    + "; it has " + new TreeSet<>(transport.capabilities()));
        }
    }

    private static void readUriOptions(URI uri, List<Option<?>> known, Map<Option<?>, Object> values) {
        if (uri.getRawQuery() == null) {
            return;
        }
        // The same text form as that of a query: percent-decoded, a plus is a plus.
        for (dev.tributary.Query.Parameter parameter :
                dev.tributary.Query.parse("?" + uri.getRawQuery()).parameters()) {
            Option<?> option = known.stream()
                    .filter(candidate -> candidate.name().equals(parameter.name()))
                    .findFirst()
                    .orElseThrow(() -> new ConfigurationException("unknown option '" + parameter.name() + "'"
                            + Nearest.hint(
                                    parameter.name(),
                                    known.stream().map(Option::name).toList())));
            if (values.put(option, option.parse(parameter.value())) != null) {
                throw new ConfigurationException("option '" + option.name() + "' is given twice");
            }
        }
    }

    private static void refuseForeign(Set<Option<?>> given, List<Option<?>> known, TransportProvider transport) {
        for (Option<?> option : given) {
            if (known.stream().noneMatch(candidate -> candidate == option)) {
                throw new ConfigurationException(
                        "option '" + option.name() + "' is none of the transport '" + transport.scheme() + "'");
            }
        }
    }

    /** The raw parts are kept: a percent-encoded slash in a path is no slash. */
    private static URI endpointOf(URI uri, String wireScheme) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return URI.create(wireScheme + "://" + uri.getRawAuthority() + path);
    }

    private static String addressOf(String endpoint, String scheme, Map<String, String> shown) {
        StringBuilder text = new StringBuilder(scheme).append('+').append(endpoint);
        char separator = '?';
        for (Map.Entry<String, String> option : shown.entrySet()) {
            text.append(separator).append(option.getKey()).append('=').append(option.getValue());
            separator = '&';
        }
        return text.toString();
    }

    TransportProvider transport() {
        return transport;
    }

    URI endpoint() {
        return endpoint;
    }

    Options options() {
        return options;
    }

    String address() {
        return address;
    }

    WireProvider wires(String scheme) {
        return wireProviders.stream()
                .filter(provider -> provider.schemes().contains(scheme))
                .findFirst()
                .orElseThrow(() -> new ConfigurationException("no wires for '" + scheme
                        + "'; add the module that brings them, for example tributary-http for http"));
    }

    Environment environment() {
        Environment given = config.environment();
        return given == null ? SharedEnvironment.INSTANCE : given;
    }

    Set<Capability> required() {
        return config.required();
    }

    Backoff backoff() {
        return config.backoff();
    }

    @Nullable
    CredentialProvider credentials() {
        return config.credentials();
    }

    @Nullable
    Executor executor() {
        return config.executor();
    }

    List<SourceListener> listeners() {
        return config.listeners();
    }

    long maxTransaction() {
        return options.get(EngineOptions.MAX_TRANSACTION, EngineOptions.defaultMaxTransaction());
    }

    int changesBuffer() {
        return options.get(EngineOptions.CHANGES_BUFFER, 256);
    }
}
