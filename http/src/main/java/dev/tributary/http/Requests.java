package dev.tributary.http;

import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.WireEnd;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;

/** Makes the client's requests. */
final class Requests {

    private static final String ACCEPT_ENCODING = "accept-encoding";

    private final boolean gzip;

    Requests(boolean gzip) {
        this.gzip = gzip;
    }

    /**
     * @throws WireFault when the client takes no such address, method or header; told without its value, which may be
     *     a secret
     */
    HttpRequest request(HttpTarget target, Hop hop, HttpClient.Version version) throws WireFault {
        HttpRequest.Builder builder = HttpRequest.newBuilder().version(version);
        try {
            builder.uri(hop.uri());
        } catch (IllegalArgumentException e) {
            throw refused("it is no address that the HTTP client takes");
        }
        if (gzip && target.headers().keySet().stream().noneMatch(ACCEPT_ENCODING::equalsIgnoreCase)) {
            builder.setHeader(ACCEPT_ENCODING, "gzip");
        }
        setHeaders(builder, target.headers());
        if (hop.trusted()) {
            setHeaders(builder, target.credentials());
        }
        return method(builder, target, hop).build();
    }

    private static void setHeaders(HttpRequest.Builder builder, Map<String, String> headers) throws WireFault {
        for (Map.Entry<String, String> header : headers.entrySet()) {
            try {
                builder.setHeader(header.getKey(), header.getValue());
            } catch (IllegalArgumentException e) {
                throw refused("the HTTP client takes no header '" + header.getKey() + "' with this value");
            }
        }
    }

    private static HttpRequest.Builder method(HttpRequest.Builder builder, HttpTarget target, Hop hop)
            throws WireFault {
        byte[] body = target.body();
        if (body == null && target.method().equals("GET")) {
            return builder.GET();
        }
        try {
            // Only GET and HEAD are redirected, and there a body means nothing.
            boolean empty = body == null || hop.redirects() > 0;
            return builder.method(target.method(), empty ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        } catch (IllegalArgumentException e) {
            throw refused("the HTTP client knows no such method");
        }
    }

    private static WireFault refused(String reason) {
        return new WireFault(WireEnd.Kind.REFUSED, reason, null);
    }
}
