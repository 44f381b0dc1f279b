package dev.tributary.engine;

import dev.tributary.ConfigurationException;
import dev.tributary.spi.Nearest;
import dev.tributary.spi.TransportProvider;
import dev.tributary.spi.WireProvider;
import java.net.URI;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/**
 * The transports and wires that were found: those registered by hand first, then those of the service loader. A provider
 * that fails to load harms only itself; two that claim one scheme are refused when that scheme is asked for.
 */
final class Providers {

    private static final System.Logger LOG = System.getLogger("dev.tributary");
    private static final String HOW_TO_ADD = "Add one to the class path or module path, or give it to"
            + " SourceBuilder.transport(...) where a shaded jar lost its service files";

    private final Map<String, List<TransportProvider>> transports = new LinkedHashMap<>();
    private final List<WireProvider> wires = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();

    private Providers() {}

    static Providers find(List<TransportProvider> givenTransports, List<WireProvider> givenWires) {
        Providers found = new Providers();
        givenTransports.forEach(provider -> found.transports
                .computeIfAbsent(provider.scheme(), scheme -> new ArrayList<>())
                .add(provider));
        Collection<String> byHand = List.copyOf(found.transports.keySet());
        found.load(TransportProvider.class).forEach(provider -> {
            if (!byHand.contains(provider.scheme())) {
                List<TransportProvider> same =
                        found.transports.computeIfAbsent(provider.scheme(), scheme -> new ArrayList<>());
                if (same.stream().noneMatch(other -> other.getClass() == provider.getClass())) {
                    same.add(provider);
                }
            }
        });
        found.wires.addAll(givenWires);
        found.wires.addAll(found.load(WireProvider.class));
        return found;
    }

    /** Providers are looked for where the application's code is, then where this library is. */
    private <S> List<S> load(Class<S> service) {
        List<S> loaded = new ArrayList<>();
        ClassLoader application = Thread.currentThread().getContextClassLoader();
        if (application != null) {
            loadAll(serviceLoader(service, application), loaded);
        }
        if (!Providers.class.getClassLoader().equals(application)) {
            loadAll(serviceLoader(service, Providers.class.getClassLoader()), loaded);
        }
        return loaded;
    }

    /** {@link ServiceLoader#load} must be called with a class that the module declares to use. */
    private static <S> ServiceLoader<S> serviceLoader(Class<S> service, ClassLoader from) {
        return ServiceLoader.load(service, from);
    }

    private <S> void loadAll(ServiceLoader<S> loader, List<S> loaded) {
        Iterator<S> providers = loader.iterator();
        while (true) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                loaded.add(providers.next());
            } catch (ServiceConfigurationError | LinkageError e) {
                broken.add(String.valueOf(e.getMessage()));
                LOG.log(System.Logger.Level.WARNING, "a provider could not be loaded: {0}", e.getMessage());
                if (e instanceof LinkageError) {
                    return;
                }
            }
        }
    }

    List<WireProvider> wires() {
        return wires;
    }

    /** The transport of a source URI. */
    TransportProvider transport(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        int plus = scheme.indexOf('+');
        String name = plus < 0 ? scheme : scheme.substring(0, plus);
        List<TransportProvider> claiming = transports.getOrDefault(name, List.of());
        if (claiming.isEmpty()) {
            throw new ConfigurationException("no transport for \"" + scheme + "\". Found: " + foundText()
                    + ". " + meant(scheme) + HOW_TO_ADD
                    + (broken.isEmpty() ? "" : "; not loaded: " + broken));
        }
        if (claiming.size() > 1) {
            throw new ConfigurationException("two transports claim \"" + name + "\": "
                    + claiming.stream().map(Providers::origin).toList());
        }
        return claiming.get(0);
    }

    String wireScheme(URI uri, TransportProvider transport) {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        int plus = scheme.indexOf('+');
        String wire = plus < 0 ? "" : scheme.substring(plus + 1);
        if (!transport.wireSchemes().contains(wire)) {
            throw new ConfigurationException("\"" + scheme + "\" is no scheme of the transport '" + transport.scheme()
                    + "'. Write " + schemes(transport));
        }
        return wire;
    }

    private String foundText() {
        return transports.isEmpty()
                ? "none"
                : transports.keySet().stream().sorted().collect(Collectors.joining(", "));
    }

    private String meant(String scheme) {
        List<String> whole = transports.values().stream()
                .flatMap(List::stream)
                .flatMap(transport -> schemes(transport).stream())
                .toList();
        String hint = Nearest.hint(scheme, whole);
        int quote = hint.indexOf('\'');
        return hint.startsWith("; did")
                ? "Did you mean " + hint.substring(quote + 1, hint.lastIndexOf('\'')) + "? "
                : "";
    }

    private static List<String> schemes(TransportProvider transport) {
        return transport.wireSchemes().stream()
                .sorted()
                .map(wire -> transport.scheme() + "+" + wire)
                .toList();
    }

    private static String origin(TransportProvider provider) {
        CodeSource source = provider.getClass().getProtectionDomain().getCodeSource();
        String jar = source == null ? "an unknown place" : source.getLocation().getPath();
        return provider.getClass().getName() + " in " + jar.substring(jar.lastIndexOf('/', jar.length() - 2) + 1);
    }
}
