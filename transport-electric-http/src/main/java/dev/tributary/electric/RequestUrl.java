package dev.tributary.electric;

import dev.tributary.ConfigurationException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The address of one request. It is a cache key shared by all users behind a CDN, so two clients that ask the same make
 * the same bytes: parameters are sorted by name and form-encoded.
 *
 * @param uri with its query
 * @param printable without secrets
 */
record RequestUrl(URI uri, String printable) {

    /** What the protocol itself says; a proxy must pass them on. */
    private static final Set<String> PROTOCOL = Set.of(
            "live",
            "live_sse",
            "experimental_live_sse",
            "handle",
            "offset",
            "cursor",
            "expired_handle",
            "log",
            "subset__where",
            "subset__limit",
            "subset__offset",
            "subset__order_by",
            "subset__params",
            "subset__where_expr",
            "subset__order_by_expr",
            "cache-buster");

    /** What the query says. */
    private static final Set<String> SHAPE = Set.of("table", "where", "columns", "replica", "params");

    private static final Comparator<Parameter> BY_NAME =
            (a, b) -> Arrays.compareUnsigned(PgTypes.utf8(a.name()), PgTypes.utf8(b.name()));
    private static final Comparator<Parameter> BY_NAME_AND_VALUE = BY_NAME.thenComparing(Parameter::value);

    /**
     * One parameter.
     *
     * @param secret never printed
     */
    record Parameter(String name, String value, boolean secret) {}

    /** The address of these parameters at an endpoint. Those of its own that are not named here are kept. */
    static RequestUrl of(Endpoint endpoint, List<Parameter> parameters) {
        List<Parameter> all = merge(endpoint, parameters);
        all.sort(BY_NAME);
        return new RequestUrl(
                URI.create(endpoint.address() + '?' + join(all, RequestUrl::encoded)),
                endpoint.address() + '?' + join(all, RequestUrl::shown));
    }

    /**
     * Names the shape, whatever the position in it and the order of the parameters: the address without the parameters
     * of the protocol. It may hold secrets.
     */
    static String shapeKey(Endpoint endpoint, List<Parameter> parameters) {
        List<Parameter> all = merge(endpoint, parameters);
        all.removeIf(parameter -> PROTOCOL.contains(parameter.name()));
        all.sort(BY_NAME_AND_VALUE);
        return endpoint.address() + '?' + join(all, RequestUrl::encoded);
    }

    private static List<Parameter> merge(Endpoint endpoint, List<Parameter> parameters) {
        Set<String> names = parameters.stream().map(Parameter::name).collect(Collectors.toSet());
        List<Parameter> all = new ArrayList<>();
        endpoint.parameters().stream()
                .filter(own -> !names.contains(own.name()))
                .forEach(all::add);
        all.addAll(parameters);
        return all;
    }

    private static String join(List<Parameter> parameters, Function<Parameter, String> form) {
        return parameters.stream().map(form).collect(Collectors.joining("&"));
    }

    private static String encoded(Parameter parameter) {
        return encode(parameter.name()) + '=' + encode(parameter.value());
    }

    private static String shown(Parameter parameter) {
        return encode(parameter.name()) + '=' + (parameter.secret() ? "***" : encode(parameter.value()));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("the source URI has a malformed query: " + e.getMessage(), e);
        }
    }

    /**
     * Refuses a parameter of the application that would say what the protocol or the query says.
     *
     * @throws ConfigurationException when the name is taken
     */
    static void checkFree(String name) {
        if (PROTOCOL.contains(name) || name.startsWith("subset__")) {
            throw new ConfigurationException(
                    "parameter '" + name + "' belongs to the protocol; choose another name for your own");
        }
        if (SHAPE.contains(name) || name.startsWith("params[")) {
            throw new ConfigurationException("parameter '" + name + "' belongs to the query; say it there");
        }
    }

    @Override
    public String toString() {
        return printable;
    }
}
