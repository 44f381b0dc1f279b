package dev.tributary.websocket;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The body of an answer that is no handshake: as much of it as anybody will read. */
final class RefusalBody {

    /** What is longer is cut here. */
    static final int MOST_BYTES = 64 << 10;

    private static final int LONGEST_LINE = 1 << 10;
    private static final int HEX = 16;
    private static final List<Integer> WITHOUT_BODY = List.of(204, 304);

    private final InputStream in;

    RefusalBody(InputStream in) {
        this.in = in;
    }

    /** Empty when there is none. One that ends too early, or is badly chunked, ends there. */
    byte[] read(ResponseHead head) throws IOException {
        if (WITHOUT_BODY.contains(head.status())) {
            return new byte[0];
        }
        if (head.all("transfer-encoding").stream().anyMatch("chunked"::equalsIgnoreCase)) {
            return chunked();
        }
        List<String> lengths = head.all("content-length");
        return in.readNBytes(lengths.isEmpty() ? MOST_BYTES : bound(lengths.get(0)));
    }

    private static int bound(String length) {
        try {
            return (int) Math.max(0, Math.min(MOST_BYTES, Long.parseLong(length)));
        } catch (NumberFormatException e) {
            return MOST_BYTES;
        }
    }

    private byte[] chunked() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (body.size() < MOST_BYTES) {
            int size = chunkSize(line());
            if (size <= 0) {
                break;
            }
            byte[] chunk = in.readNBytes(Math.min(size, MOST_BYTES - body.size()));
            body.writeBytes(chunk);
            if (chunk.length < size) {
                break;
            }
            line();
        }
        return body.toByteArray();
    }

    private static int chunkSize(String line) {
        String digits = line.replaceFirst(";.*", "").strip();
        try {
            return Integer.parseInt(digits, HEX);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n' && line.size() < LONGEST_LINE; b = in.read()) {
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }
}
