package dev.tributary;

import dev.tributary.spi.Environment;
import dev.tributary.spi.TransportProvider;
import dev.tributary.spi.WireProvider;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * All that a {@link SourceBuilder} gathered, for the engine. Applications use the builder.
 *
 * @param uri as given, with its options
 * @param options those set by type
 */
public record SourceConfig(
        URI uri,
        Map<Option<?>, Object> options,
        Set<Capability> required,
        Backoff backoff,
        @Nullable CredentialProvider credentials,
        @Nullable Executor executor,
        List<SourceListener> listeners,
        List<TransportProvider> transports,
        List<WireProvider> wires,
        @Nullable Environment environment) {

    public SourceConfig {
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
        required = Set.copyOf(required);
        listeners = List.copyOf(listeners);
        transports = List.copyOf(transports);
        wires = List.copyOf(wires);
    }

    /** Shows no option: their values may be secret. */
    @Override
    public String toString() {
        return "SourceConfig[" + uri.getScheme() + "]";
    }
}
