package dev.tributary.testkit.electric;

import dev.tributary.testkit.socket.WriteStep;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Turns a response into the steps that put it on the wire, wire faults included. */
final class ResponseEncoder {

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(200, "OK"),
            Map.entry(202, "Accepted"),
            Map.entry(204, "No Content"),
            Map.entry(302, "Found"),
            Map.entry(304, "Not Modified"),
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(409, "Conflict"),
            Map.entry(413, "Request Entity Too Large"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(502, "Bad Gateway"),
            Map.entry(503, "Service Unavailable"));

    private final boolean gzip;

    ResponseEncoder(boolean gzip) {
        this.gzip = gzip;
    }

    List<WriteStep> encode(ModelRequest request, ModelResponse response, long nowMillis, boolean close) {
        boolean bodyless = request.method().equals("HEAD") || response.status() == 204 || response.status() == 304;
        boolean compressed = gzip && !bodyless && response.status() == 200 && acceptsGzip(request);
        List<byte[]> body = bodyless ? List.of() : compressed ? compress(response.body()) : response.body();
        long length = body.stream().mapToLong(piece -> piece.length).sum();
        boolean chunked = !bodyless && length > 0 && (response.chunked() || compressed);
        List<WriteStep> steps = new ArrayList<>();
        WireFault fault = response.wireFault();
        if (fault instanceof WireFault.ResetBeforeHeaders) {
            return List.of(new WriteStep.Reset());
        }
        if (fault instanceof WireFault.Delay delay) {
            steps.add(new WriteStep.Pause(delay.millis()));
        }
        StringBuilder head = head(response, nowMillis, bodyless ? "" : framing(chunked, length), compressed, close);
        if (chunked) {
            head.append(Long.toHexString(length)).append("\r\n");
        }
        steps.add(bytes(head.toString().getBytes(StandardCharsets.UTF_8)));
        boolean ended = body(steps, body, fault);
        if (!ended) {
            if (chunked) {
                steps.add(bytes("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            }
            if (close) {
                steps.add(new WriteStep.Close());
            }
        }
        return steps;
    }

    /** Adds the body; says whether the connection ends inside it. */
    private static boolean body(List<WriteStep> steps, List<byte[]> body, @Nullable WireFault fault) {
        if (fault instanceof WireFault.Cut cut) {
            slice(steps, body, 0, cut.bodyBytes());
            steps.add(new WriteStep.Close());
            return true;
        }
        if (fault instanceof WireFault.ResetInBody reset) {
            slice(steps, body, 0, reset.bodyBytes());
            steps.add(new WriteStep.Reset());
            return true;
        }
        if (fault instanceof WireFault.Stall stall) {
            slice(steps, body, 0, stall.bodyBytes());
            steps.add(new WriteStep.Pause(stall.millis()));
            slice(steps, body, stall.bodyBytes(), Long.MAX_VALUE);
        } else if (fault instanceof WireFault.Dribble dribble) {
            long length = body.stream().mapToLong(piece -> piece.length).sum();
            for (long from = 0; from < length; from += dribble.bytesPerStep()) {
                steps.add(new WriteStep.Pause(dribble.millisPerStep()));
                slice(steps, body, from, from + dribble.bytesPerStep());
            }
        } else {
            slice(steps, body, 0, Long.MAX_VALUE);
        }
        return false;
    }

    /** Adds the bytes of the body between two positions. */
    private static void slice(List<WriteStep> steps, List<byte[]> body, long from, long to) {
        long start = 0;
        for (byte[] piece : body) {
            long first = Math.max(from - start, 0);
            long end = Math.min(to - start, piece.length);
            if (first < end) {
                steps.add(new WriteStep.Bytes(ByteBuffer.wrap(piece, (int) first, (int) (end - first))));
            }
            start += piece.length;
        }
    }

    private static String framing(boolean chunked, long length) {
        return chunked ? "transfer-encoding: chunked\r\n" : "content-length: " + length + "\r\n";
    }

    private static StringBuilder head(
            ModelResponse response, long nowMillis, String framing, boolean compressed, boolean close) {
        StringBuilder head = new StringBuilder("HTTP/1.1 ")
                .append(response.status())
                .append(' ')
                .append(REASONS.getOrDefault(response.status(), "Unknown"))
                .append("\r\ndate: ")
                .append(DATE.format(Instant.ofEpochMilli(nowMillis)))
                .append("\r\n")
                .append(framing);
        if (compressed) {
            head.append("content-encoding: gzip\r\n");
        }
        for (Header header : response.headers()) {
            if (!close || !header.name().equals("connection")) {
                head.append(header.name()).append(": ").append(header.value()).append("\r\n");
            }
        }
        return head.append(close ? "connection: close\r\n\r\n" : "\r\n");
    }

    private static boolean acceptsGzip(ModelRequest request) {
        return request.headers().getOrDefault("accept-encoding", "").contains("gzip");
    }

    private static List<byte[]> compress(List<byte[]> body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
            for (byte[] piece : body) {
                packed.write(piece);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of(out.toByteArray());
    }

    private static WriteStep bytes(byte[] bytes) {
        return new WriteStep.Bytes(ByteBuffer.wrap(bytes));
    }
}
