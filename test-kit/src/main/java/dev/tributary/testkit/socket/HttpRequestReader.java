package dev.tributary.testkit.socket;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the bytes of a connection and cuts HTTP/1.1 requests out of them. */
final class HttpRequestReader {

    private static final int MAX_HEAD = 256 * 1024;
    private static final int MAX_BODY = 8_000_000;

    private byte[] buffer = new byte[4096];
    private int size;
    private boolean continueAsked;

    void add(ByteBuffer bytes) {
        if (size + bytes.remaining() > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + bytes.remaining()));
        }
        int count = bytes.remaining();
        bytes.get(buffer, size, count);
        size += count;
    }

    /** The next complete request, or null while bytes are missing. */
    @Nullable
    ParsedRequest poll() throws BadRequestException {
        int headEnd = headEnd();
        if (headEnd < 0) {
            if (size > MAX_HEAD) {
                throw new BadRequestException(414);
            }
            return null;
        }
        String[] lines = new String(buffer, 0, headEnd, StandardCharsets.UTF_8).split("\r\n");
        String[] first = lines[0].split(" ");
        if (first.length != 3 || !first[2].startsWith("HTTP/1.")) {
            throw new BadRequestException(400);
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon <= 0) {
                throw new BadRequestException(400);
            }
            headers.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).trim());
        }
        int bodyStart = headEnd + 4;
        Body body = body(headers, bodyStart);
        if (body == null) {
            continueAsked |= "100-continue".equalsIgnoreCase(headers.get("expect"));
            return null;
        }
        System.arraycopy(buffer, body.end(), buffer, 0, size - body.end());
        size -= body.end();
        String connection = headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
        boolean close = connection.contains("close") || first[2].equals("HTTP/1.0");
        return new ParsedRequest(new HttpRequest(first[0], path(first[1]), headers, body.bytes()), close);
    }

    /** Whether the client waits for permission to send the body; true once. */
    boolean takeContinue() {
        boolean asked = continueAsked;
        continueAsked = false;
        return asked;
    }

    /** What came after the last request: it belongs to another protocol from now on. */
    ByteBuffer takeRest() {
        ByteBuffer rest = ByteBuffer.wrap(Arrays.copyOf(buffer, size));
        size = 0;
        return rest;
    }

    private int headEnd() {
        for (int i = 0; i + 3 < size; i++) {
            if (buffer[i] == '\r' && buffer[i + 1] == '\n' && buffer[i + 2] == '\r' && buffer[i + 3] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private @Nullable Body body(Map<String, String> headers, int start) throws BadRequestException {
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            return chunkedBody(start);
        }
        long length = number(headers.getOrDefault("content-length", "0"), 10);
        if (length > MAX_BODY) {
            throw tooLarge();
        }
        int end = start + (int) length;
        return end > size ? null : new Body(Arrays.copyOfRange(buffer, start, end), end);
    }

    private @Nullable Body chunkedBody(int start) throws BadRequestException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = start;
        while (true) {
            int lineEnd = lineEnd(at);
            if (lineEnd < 0) {
                return null;
            }
            String line = new String(buffer, at, lineEnd - at, StandardCharsets.US_ASCII);
            int extension = line.indexOf(';');
            long length = number((extension < 0 ? line : line.substring(0, extension)).trim(), 16);
            if (length + out.size() > MAX_BODY) {
                throw tooLarge();
            }
            int data = lineEnd + 2;
            if (data + length + 2 > size) {
                return null;
            }
            out.write(buffer, data, (int) length);
            at = data + (int) length + 2;
            if (length == 0) {
                return new Body(out.toByteArray(), at);
            }
        }
    }

    private int lineEnd(int from) {
        for (int i = from; i + 1 < size; i++) {
            if (buffer[i] == '\r' && buffer[i + 1] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static long number(String text, int radix) throws BadRequestException {
        try {
            long value = Long.parseLong(text, radix);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new BadRequestException(400);
        }
        throw new BadRequestException(400);
    }

    private static String path(String target) {
        int scheme = target.indexOf("://");
        if (scheme < 0 || target.startsWith("/")) {
            return target;
        }
        int slash = target.indexOf('/', scheme + 3);
        return slash < 0 ? "/" : target.substring(slash);
    }

    private static BadRequestException tooLarge() {
        return new BadRequestException(413);
    }

    /**
     * A request read.
     *
     * @param request the request
     * @param close whether the connection ends after it
     */
    record ParsedRequest(HttpRequest request, boolean close) {}

    private record Body(byte[] bytes, int end) {}

    /** Bytes that are no acceptable request; the connection ends after the answer. */
    static final class BadRequestException extends Exception {

        private static final long serialVersionUID = 1L;

        private final int status;

        BadRequestException(int status) {
            super("status " + status, null, false, false);
            this.status = status;
        }

        int status() {
            return status;
        }
    }
}
