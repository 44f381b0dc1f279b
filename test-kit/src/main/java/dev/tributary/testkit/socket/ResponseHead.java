package dev.tributary.testkit.socket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Puts status line, headers and body of a plain response on the wire. */
final class ResponseHead {

    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(101, "Switching Protocols"),
            Map.entry(200, "OK"),
            Map.entry(400, "Bad Request"),
            Map.entry(401, "Unauthorized"),
            Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(413, "Payload Too Large"),
            Map.entry(415, "Unsupported Media Type"),
            Map.entry(422, "Unprocessable Entity"),
            Map.entry(426, "Upgrade Required"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(502, "Bad Gateway"),
            Map.entry(503, "Service Unavailable"));

    private ResponseHead() {}

    static ByteBuffer of(int status, Map<String, String> headers) {
        StringBuilder head = new StringBuilder("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(REASONS.getOrDefault(status, "Unknown"))
                .append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return ByteBuffer.wrap(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    }

    static List<WriteStep> steps(String method, HttpResponse response, boolean last) {
        HttpResponse sent = response.with("content-length", String.valueOf(response.body().length));
        sent = last ? sent.with("connection", "close") : sent;
        List<WriteStep> steps = new ArrayList<>();
        steps.add(new WriteStep.Bytes(of(sent.status(), sent.headers())));
        if (!method.equals("HEAD")) {
            steps.add(new WriteStep.Bytes(ByteBuffer.wrap(sent.body())));
        }
        if (last) {
            steps.add(new WriteStep.Close());
        }
        return steps;
    }
}
