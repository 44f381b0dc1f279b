package dev.tributary.websocket;

import dev.tributary.spi.Head;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The head of an HTTP response, bounded. */
final class ResponseHead {

    static final int SWITCHING_PROTOCOLS = 101;

    /** It must fit the library's read buffer. */
    static final int LONGEST = 16 << 10;

    private static final String BEGINNING = "HTTP/1.";
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.\\d (\\d{3})(?: .*)?");
    private static final int MOST_INTERIM = 8;
    private static final int FIRST_FINAL = 200;

    private final int status;
    private final Map<String, List<String>> headers;
    private final byte[] bytes;

    private ResponseHead(int status, Map<String, List<String>> headers, byte[] bytes) {
        this.status = status;
        this.headers = headers;
        this.bytes = bytes;
    }

    /** Reads a head and not a byte more. Interim answers before it are passed over. */
    static ResponseHead read(InputStream in) throws IOException, WireFault {
        for (int i = 0; i < MOST_INTERIM; i++) {
            ResponseHead head = parse(readBytes(in));
            if (head.status >= FIRST_FINAL || head.isSwitch()) {
                return head;
            }
        }
        throw WireFault.malformed("more than " + MOST_INTERIM + " interim answers and no final one");
    }

    private static byte[] readBytes(InputStream in) throws IOException, WireFault {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int ends = 0;
        while (ends < 4) {
            int b = in.read();
            if (b < 0) {
                String when = head.size() == 0 ? "before the answer" : "within the head of the answer";
                throw WireFault.broken("the connection ended " + when, null);
            }
            if (head.size() < BEGINNING.length() && b != BEGINNING.charAt(head.size())) {
                throw WireFault.malformed("the answer is not HTTP");
            }
            if (head.size() == LONGEST) {
                throw WireFault.malformed("the head of the answer is longer than " + LONGEST + " bytes");
            }
            head.write(b);
            boolean fits = b == (ends % 2 == 0 ? '\r' : '\n');
            ends = fits ? ends + 1 : b == '\r' ? 1 : 0;
        }
        return head.toByteArray();
    }

    private static ResponseHead parse(byte[] bytes) throws WireFault {
        String[] lines = new String(bytes, StandardCharsets.ISO_8859_1).split("\r\n");
        Matcher first = STATUS_LINE.matcher(lines[0]);
        if (!first.matches()) {
            throw WireFault.malformed("the answer is not HTTP");
        }
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon <= 0) {
                throw WireFault.malformed("line " + (i + 1) + " of the answer is no header");
            }
            String name = lines[i].substring(0, colon).strip().toLowerCase(Locale.ROOT);
            headers.computeIfAbsent(name, any -> new ArrayList<>())
                    .add(lines[i].substring(colon + 1).strip());
        }
        return new ResponseHead(Integer.parseInt(first.group(1)), headers, bytes);
    }

    int status() {
        return status;
    }

    boolean isSwitch() {
        return status == SWITCHING_PROTOCOLS;
    }

    /** All values of a header. */
    List<String> all(String name) {
        return headers.getOrDefault(name, List.of());
    }

    /** As it was received. */
    byte[] bytes() {
        return bytes;
    }

    Head head() {
        return new Head(status, headers);
    }
}
