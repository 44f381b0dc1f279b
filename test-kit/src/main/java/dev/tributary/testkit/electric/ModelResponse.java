package dev.tributary.testkit.electric;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP response of the model. {@code date}, {@code content-length} and {@code transfer-encoding} are left to
 * whoever sends it.
 *
 * @param status HTTP status
 * @param headers headers in the real server's order
 * @param body the body in pieces; they are shared and must not be changed
 * @param chunked whether the real server sends it with chunked transfer encoding
 * @param wireFault what goes wrong on the way, or null
 */
public record ModelResponse(
        int status,
        List<Header> headers,
        List<byte[]> body,
        boolean chunked,
        @Nullable WireFault wireFault) {

    /** Keeps unmodifiable lists. */
    public ModelResponse {
        headers = List.copyOf(headers);
        body = List.copyOf(body);
    }

    /** A response with a text body. */
    public static ModelResponse of(int status, List<Header> headers, String body) {
        return new ModelResponse(status, headers, List.of(body.getBytes(StandardCharsets.UTF_8)), false, null);
    }

    /** The value of a header, or null. */
    public @Nullable String header(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return headers.stream()
                .filter(h -> h.name().equals(wanted))
                .map(Header::value)
                .findFirst()
                .orElse(null);
    }

    /** Total length of the body. */
    public long bodyLength() {
        return body.stream().mapToLong(piece -> piece.length).sum();
    }

    /** The whole body copied into one array. */
    public byte[] bodyBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(Math.toIntExact(bodyLength()));
        body.forEach(out::writeBytes);
        return out.toByteArray();
    }

    /** The body as UTF-8 text. */
    public String bodyText() {
        return new String(bodyBytes(), StandardCharsets.UTF_8);
    }

    /** This response with something going wrong on the way. */
    public ModelResponse with(WireFault fault) {
        return new ModelResponse(status, headers, body, chunked, fault);
    }

    /** This response without some headers. */
    public ModelResponse without(String... names) {
        Set<String> dropped =
                Stream.of(names).map(n -> n.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
        return new ModelResponse(
                status,
                headers.stream().filter(h -> !dropped.contains(h.name())).toList(),
                body,
                chunked,
                wireFault);
    }

    /** This response with a header replaced in place, or added at the end. */
    public ModelResponse withHeader(String name, String value) {
        List<Header> changed = new ArrayList<>();
        boolean found = false;
        for (Header header : headers) {
            boolean hit = header.name().equals(name);
            changed.add(hit ? new Header(name, value) : header);
            found |= hit;
        }
        if (!found) {
            changed.add(new Header(name, value));
        }
        return new ModelResponse(status, changed, body, chunked, wireFault);
    }

    /** This response with another body. */
    public ModelResponse withBody(String text) {
        return new ModelResponse(status, headers, List.of(text.getBytes(StandardCharsets.UTF_8)), chunked, wireFault);
    }

    /** This response without a body, as for HEAD. */
    ModelResponse withoutBody() {
        return new ModelResponse(status, headers, List.of(), false, wireFault);
    }
}
