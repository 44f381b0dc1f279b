package dev.tributary.testkit.socket;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an upgrade is accepted.
 *
 * @param subprotocol what is named in the answer, or null
 * @param headers further ones; one of the handshake's own name takes its place, which spoils it
 * @param maxFrameBytes a longer frame is malformed
 * @param maxMessageBytes a longer message is malformed
 */
public record WebSocketOptions(
        @Nullable String subprotocol, Map<String, String> headers, int maxFrameBytes, int maxMessageBytes) {

    private static final WebSocketOptions DEFAULTS =
            new WebSocketOptions(null, Map.of(), 16 * 1024 * 1024, 64 * 1024 * 1024);
    private static final String ACCEPT_SALT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /** Keeps the order of headers. */
    public WebSocketOptions {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** No subprotocol, frames up to 16 MiB, messages up to 64 MiB. */
    public static WebSocketOptions defaults() {
        return DEFAULTS;
    }

    /** These options with a subprotocol named in the answer. */
    public WebSocketOptions subprotocol(@Nullable String name) {
        return new WebSocketOptions(name, headers, maxFrameBytes, maxMessageBytes);
    }

    /** These options with one more header. */
    public WebSocketOptions header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new WebSocketOptions(subprotocol, more, maxFrameBytes, maxMessageBytes);
    }

    /** These options with other bounds. */
    public WebSocketOptions limits(int frameBytes, int messageBytes) {
        return new WebSocketOptions(subprotocol, headers, frameBytes, messageBytes);
    }

    Map<String, String> handshake(String key) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("connection", "upgrade");
        all.put("upgrade", "websocket");
        all.put("sec-websocket-accept", proof(key));
        if (subprotocol != null) {
            all.put("sec-websocket-protocol", subprotocol);
        }
        all.putAll(headers);
        return all;
    }

    private static String proof(String key) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder()
                    .encodeToString(sha1.digest((key + ACCEPT_SALT).getBytes(StandardCharsets.ISO_8859_1)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
