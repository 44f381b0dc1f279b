package dev.tributary.testkit.driven;

import dev.tributary.spi.Head;
import dev.tributary.testkit.socket.HttpExchange;
import dev.tributary.testkit.socket.WriteStep;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** An HTTP response whose body comes bit by bit, in chunks. */
final class StreamedAnswer {

    /** What says where the message ends is for this class to say. */
    private static final Set<String> FRAMING = Set.of("content-length", "transfer-encoding", "connection");

    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final HttpExchange exchange;
    private final Cutter cutter;
    private boolean bodyAllowed;

    StreamedAnswer(HttpExchange exchange, Cutter cutter) {
        this.exchange = exchange;
        this.cutter = cutter;
    }

    void head(Head head) {
        boolean bare = head.status() < 200 || head.status() == 204 || head.status() == 304;
        bodyAllowed = !bare && !exchange.request().method().equals("HEAD");
        StringBuilder lines =
                new StringBuilder("HTTP/1.1 ").append(head.status()).append(" answered\r\n");
        head.headers().forEach((name, values) -> {
            if (!FRAMING.contains(name)) {
                values.forEach(value ->
                        lines.append(name).append(": ").append(onTheWire(value)).append("\r\n"));
            }
        });
        if (bodyAllowed) {
            lines.append("transfer-encoding: chunked\r\n");
        }
        if (exchange.isLast()) {
            lines.append("connection: close\r\n");
        }
        write(lines.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A header travels as bytes, one for each character here; what has none is sent as UTF-8. */
    private static String onTheWire(String value) {
        return value.chars().allMatch(c -> c <= 0xFF)
                ? value
                : new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    boolean takesBody() {
        return bodyAllowed;
    }

    void body(byte[] bytes) {
        for (ByteBuffer piece : cutter.cut(bytes)) {
            int length = piece.remaining();
            byte[] size = (Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            ByteBuffer chunk = ByteBuffer.allocate(size.length + length + LINE_END.length);
            write(chunk.put(size).put(piece).put(LINE_END).array());
        }
    }

    void complete() {
        List<WriteStep> steps = bodyAllowed ? steps(LAST_CHUNK) : new ArrayList<>();
        if (exchange.isLast()) {
            steps.add(new WriteStep.Close());
        }
        exchange.respond(steps);
    }

    /** Ends the connection, by a reset or by an end that comes too early. */
    void abort(boolean reset) {
        if (reset) {
            exchange.reset();
        } else {
            exchange.cut();
        }
    }

    private void write(byte[] bytes) {
        steps(bytes).forEach(exchange::write);
    }

    private List<WriteStep> steps(byte[] bytes) {
        List<WriteStep> steps = new ArrayList<>();
        cutter.cut(bytes).forEach(piece -> steps.add(new WriteStep.Bytes(piece)));
        return steps;
    }
}
