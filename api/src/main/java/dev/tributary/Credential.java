package dev.tributary;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What proves who the application is: a token, headers, parameters, or several of them. Immutable; never printed. Names
 * of headers are the same in upper and in lower case.
 */
public final class Credential {

    /** Nothing at all. */
    public static final Credential NONE = new Credential(null, Map.of(), Map.of());

    private final @Nullable String token;
    private final Map<String, String> headers;
    private final Map<String, String> parameters;

    private Credential(@Nullable String token, Map<String, String> headers, Map<String, String> parameters) {
        this.token = token;
        Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(headers);
        this.headers = Collections.unmodifiableMap(byName);
        this.parameters = Map.copyOf(parameters);
    }

    /**
     * A token, used as the transport documents: as a bearer token where it speaks HTTP.
     *
     * @throws ConfigurationException when it holds a character that no HTTP header may have, such as the line break at the
     *     end of a file; the message does not repeat it
     */
    public static Credential token(String token) {
        checkPrintable("the token", token);
        return new Credential(token, Map.of(), Map.of());
    }

    /**
     * This credential with one more header.
     *
     * @throws ConfigurationException when the value holds a character that no HTTP header may have; the message does not
     *     repeat it
     */
    public Credential withHeader(String name, String value) {
        checkPrintable("the header '" + name + "'", value);
        Map<String, String> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        more.putAll(headers);
        more.put(name, value);
        return new Credential(token, more, parameters);
    }

    /** This credential with one more parameter of the request. */
    public Credential withParameter(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(parameters);
        more.put(name, Objects.requireNonNull(value, "value"));
        return new Credential(token, headers, more);
    }

    /** This credential with what the other one has put over it. */
    public Credential merge(Credential other) {
        Map<String, String> moreHeaders = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        moreHeaders.putAll(headers);
        moreHeaders.putAll(other.headers);
        Map<String, String> moreParameters = new LinkedHashMap<>(parameters);
        moreParameters.putAll(other.parameters);
        return new Credential(other.token == null ? token : other.token, moreHeaders, moreParameters);
    }

    // An HTTP client would refuse such a value later, with an exception that shows it.
    private static void checkPrintable(String what, String secret) {
        if (secret.chars().anyMatch(c -> Character.isISOControl(c) || c > 0xff)) {
            throw new ConfigurationException(
                    what + " holds a line break or another character that no HTTP header may have");
        }
    }

    /** The token, if there is one. A secret. */
    public Optional<String> token() {
        return Optional.ofNullable(token);
    }

    /** The headers by name, whatever its case. Secrets; the map prints them. */
    public Map<String, String> headers() {
        return headers;
    }

    /** The parameters of the request by name. Secrets; the map prints them. */
    public Map<String, String> parameters() {
        return parameters;
    }

    @Override
    public String toString() {
        return "Credential[***]";
    }
}
