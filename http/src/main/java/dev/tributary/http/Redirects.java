package dev.tributary.http;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides where a response sends a request next. */
final class Redirects {

    private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);
    private static final Set<String> METHODS = Set.of("GET", "HEAD");

    private final int most;

    Redirects(int most) {
        this.most = most;
    }

    /**
     * @return null when the response is the answer
     * @throws WireFault when it sends the request where it must not go
     */
    @Nullable
    Hop next(Hop hop, String method, int status, HttpHeaders headers) throws WireFault {
        Optional<String> location = headers.firstValue("location");
        if (!STATUSES.contains(status) || !METHODS.contains(method) || location.isEmpty()) {
            return null;
        }
        if (hop.redirects() >= most) {
            throw WireFault.malformed("redirected more than " + most + " times");
        }
        URI next = resolve(hop.uri(), location.get());
        if (!Origin.isIn(next)) {
            throw WireFault.malformed("redirected to an address that is not http or https");
        }
        if (Origin.of(hop.uri()).isTls() && !Origin.of(next).isTls()) {
            throw WireFault.malformed("redirected from https to http, which is not followed");
        }
        return hop.to(next);
    }

    private static URI resolve(URI base, String location) throws WireFault {
        try {
            URI given = URI.create(ascii(location));
            // URI.resolve drops the path's end for a bare query, where a browser keeps it.
            URI next = given.getRawPath() != null
                            && given.getRawPath().isEmpty()
                            && given.getRawAuthority() == null
                            && given.getRawQuery() != null
                    ? base.resolve(base.getRawPath() + "?" + given.getRawQuery())
                    : base.resolve(given);
            String text = next.toString();
            int fragment = text.indexOf('#');
            return fragment < 0 ? next : URI.create(text.substring(0, fragment));
        } catch (IllegalArgumentException e) {
            // Without the cause: its message repeats the address, which may hold a secret.
            throw WireFault.malformed("redirected to an address that cannot be read");
        }
    }

    /** Servers send other characters as raw bytes, which arrive as Latin-1 characters. */
    private static String ascii(String location) {
        StringBuilder text = new StringBuilder(location.length());
        for (byte b : location.strip().getBytes(StandardCharsets.ISO_8859_1)) {
            if (b > ' ' && b < 127) {
                text.append((char) b);
            } else {
                text.append('%').append(String.format("%02X", b & 0xFF));
            }
        }
        return text.toString();
    }
}
