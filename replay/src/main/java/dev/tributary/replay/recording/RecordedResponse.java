package dev.tributary.replay.recording;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request, as a wire hands it over: contents are unpacked, since a wire does that.
 *
 * @param line in the file
 * @param end when the body was complete
 * @param headers lower-case names
 * @param pieces of the body with the time of each
 * @param endedBy who ended it before its own end; null when nobody did
 */
public record RecordedResponse(
        int line,
        Duration headTime,
        Duration end,
        int status,
        Map<String, List<String>> headers,
        List<Piece> pieces,
        @Nullable String endedBy) {

    /** A part of the body. */
    public record Piece(Duration time, byte[] bytes) {}

    @SuppressWarnings("ReferenceEquality") // what was not packed is the same array
    public static RecordedResponse of(Transcript.Event event) throws TranscriptException {
        if (!(event.members().get("status") instanceof BigDecimal status)) {
            throw new TranscriptException(event.line(), "the http-response has no number 'status'");
        }
        Map<String, List<String>> headers = multiple(event.members().get("headers"));
        byte[] sent = sentBody(event);
        byte[] body = unpacked(event.line(), sent, headers);
        // Lengths of pieces are those of what was sent.
        List<Piece> pieces = body == sent ? pieces(event, body) : List.of(new Piece(event.time(), body));
        Duration first = pieces.isEmpty() ? event.time() : pieces.get(0).time();
        return new RecordedResponse(
                event.line(),
                event.time("t_headers", first),
                event.time(),
                status.intValue(),
                headers,
                pieces.stream().filter(piece -> piece.bytes().length > 0).toList(),
                event.text("ended_by"));
    }

    private static byte[] sentBody(Transcript.Event event) throws TranscriptException {
        String base64 = event.text("body64");
        if (base64 != null) {
            try {
                return Base64.getDecoder().decode(base64);
            } catch (IllegalArgumentException e) {
                throw new TranscriptException(event.line(), "body64 is no base64: " + e.getMessage());
            }
        }
        String body = event.text("body");
        return body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] unpacked(int line, byte[] sent, Map<String, List<String>> headers)
            throws TranscriptException {
        List<String> encodings = headers.getOrDefault("content-encoding", List.of());
        String encoding = String.join(",", encodings).strip().toLowerCase(Locale.ROOT);
        if (encoding.isEmpty() || encoding.equals("identity")) {
            return sent;
        }
        headers.remove("content-encoding");
        headers.remove("content-length");
        boolean isGzip = sent.length > 1 && (sent[0] & 0xff) == 0x1f && (sent[1] & 0xff) == 0x8b;
        if (!isGzip && isText(sent)) {
            // The recorder unpacked it already and kept the header.
            return sent.clone();
        }
        try (InputStream packed = new ByteArrayInputStream(sent);
                InputStream plain = switch (encoding) {
                    case "gzip", "x-gzip" -> new GZIPInputStream(packed);
                    case "deflate" -> new InflaterInputStream(packed);
                    default ->
                        throw new TranscriptException(
                                line, "the replayer cannot unpack content-encoding '" + encoding + "'");
                }) {
            return plain.readAllBytes();
        } catch (IOException e) {
            throw new TranscriptException(line, "the body is no " + encoding + ": " + e.getMessage());
        }
    }

    private static boolean isText(byte[] bytes) {
        return bytes.length == 0 || bytes[0] == '[' || bytes[0] == '{' || bytes[0] == ' ' || bytes[0] == '\n';
    }

    private static List<Piece> pieces(Transcript.Event event, byte[] body) throws TranscriptException {
        List<Piece> pieces = new ArrayList<>();
        int at = 0;
        for (Object chunk : Json.elements(event.members().get("body_chunks"))) {
            List<@Nullable Object> pair = Json.elements(chunk);
            if (pair.size() != 2
                    || !(pair.get(0) instanceof BigDecimal time)
                    || !(pair.get(1) instanceof BigDecimal length)
                    || length.intValue() < 0
                    || length.intValue() > body.length - at) {
                throw new TranscriptException(event.line(), "body_chunks do not fit the body");
            }
            pieces.add(new Piece(Transcript.millis(time), slice(body, at, length.intValue())));
            at += length.intValue();
        }
        if (at < body.length) {
            pieces.add(new Piece(event.time(), slice(body, at, body.length - at)));
        }
        return pieces;
    }

    private static byte[] slice(byte[] bytes, int offset, int length) {
        byte[] slice = new byte[length];
        System.arraycopy(bytes, offset, slice, 0, length);
        return slice;
    }

    private static Map<String, List<String>> multiple(@Nullable Object headers) {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        Json.members(headers).forEach((name, value) -> {
            List<String> values = new ArrayList<>();
            for (Object one :
                    value instanceof List<?> ? Json.elements(value) : List.<Object>of(value == null ? "" : value)) {
                values.add(String.valueOf(one));
            }
            lists.put(name.toLowerCase(Locale.ROOT), values);
        });
        return lists;
    }

    public static Map<String, String> single(@Nullable Object headers) {
        Map<String, String> first = new LinkedHashMap<>();
        multiple(headers).forEach((name, values) -> first.put(name, values.isEmpty() ? "" : values.get(0)));
        return first;
    }

    /** The first value of a header, or null. */
    @Nullable
    public String header(String name) {
        List<String> values = headers.get(name);
        return values == null || values.isEmpty() ? null : values.get(0);
    }

    /** The whole body. */
    public byte[] body() {
        int length = pieces.stream().mapToInt(piece -> piece.bytes().length).sum();
        byte[] body = new byte[length];
        int at = 0;
        for (Piece piece : pieces) {
            System.arraycopy(piece.bytes(), 0, body, at, piece.bytes().length);
            at += piece.bytes().length;
        }
        return body;
    }

    /** Whether it says what was asked for, to its end. */
    public boolean isGood() {
        return status >= 200 && status < 300 && isWhole();
    }

    /** Whether the body, if it is JSON, is there to its end. */
    public boolean isWhole() {
        if (endedBy == null) {
            return true;
        }
        try {
            Json.parse(new String(body(), StandardCharsets.UTF_8));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
