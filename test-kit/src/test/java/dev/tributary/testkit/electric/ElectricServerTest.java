package dev.tributary.testkit.electric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ElectricServerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Instant START = Instant.parse("2026-11-21T02:10:43Z");

    private ElectricServer server = ElectricServer.builder().manualClock(START).start();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void longPollEndsByCommitAndByTime() throws Exception {
        String position = follow();
        CompletableFuture<HttpAnswer> poll = async(position + "&live=true");
        assertTrue(server.awaitHeld(1, PATIENCE));
        server.commit(tx -> tx.insert("t", Map.of("id", "1", "ä", "x")));
        HttpAnswer answer = poll.get();
        assertEquals(200, answer.status());
        assertTrue(answer.body().contains("\"operation\":\"insert\""));
        assertEquals("chunked", answer.header("transfer-encoding"));
        assertEquals("", answer.header("electric-up-to-date"));

        String next = position.replaceAll("offset=.*", "offset=") + answer.header("electric-offset");
        CompletableFuture<HttpAnswer> idle = async(next + "&live=true");
        assertTrue(server.awaitHeld(1, PATIENCE));
        server.advance(Duration.ofSeconds(20));
        assertEquals("false", idle.get().header("electric-has-data"));
    }

    @Test
    void schemaTravelsAsRawUtf8() throws Exception {
        server.with(m -> m.createTable(TableSpec.of("t", Column.of("ä", "text"))));
        String raw = new String(raw("GET", "offset=-1&table=t"), StandardCharsets.UTF_8);
        assertTrue(raw.contains("electric-schema: {\"ä\":{\"type\":\"text\"}}\r\n"), raw);
        assertTrue(raw.startsWith("HTTP/1.1 200 OK\r\ndate: Sat, 21 Nov 2026 02:10:43 GMT\r\n"), raw);
    }

    @Test
    void wireFaultsAreReal() throws Exception {
        table();
        faults(Fault.reset());
        assertThrows(SocketException.class, () -> raw("GET", "offset=-1&table=t"));

        faults(Fault.wire(new WireFault.Cut(10)));
        String cut = new String(raw("GET", "offset=-1&table=t"), StandardCharsets.UTF_8);
        assertTrue(cut.endsWith("\r\n[{\"headers"), cut);

        faults(Fault.wire(new WireFault.ResetInBody(10)));
        assertThrows(SocketException.class, () -> raw("GET", "offset=-1&table=t"));

        faults(Fault.wire(new WireFault.Cut(4)));
        assertThrows(IOException.class, () -> get("offset=-1&table=t"));
    }

    @Test
    void stallsAndDribblesFollowTheClock() throws Exception {
        table();
        String whole = get("offset=-1&table=t").body();

        faults(Fault.wire(new WireFault.Stall(5, 30_000)));
        try (Socket socket = send("GET", "offset=-1&table=t")) {
            String head = readUntil(socket.getInputStream(), "[{\"he");
            assertTrue(head.endsWith("[{\"he"));
            assertEquals(0, socket.getInputStream().available());
            server.advance(Duration.ofSeconds(30));
            readUntil(socket.getInputStream(), "\r\n0\r\n\r\n");
        }

        faults(Fault.wire(new WireFault.Dribble(7, 100)));
        try (Socket socket = send("GET", "offset=-1&table=t")) {
            readUntil(socket.getInputStream(), "\r\n\r\n");
            server.advance(Duration.ofSeconds(60));
            assertTrue(readUntil(socket.getInputStream(), "\r\n0\r\n\r\n").contains(whole));
        }
    }

    @Test
    void thousandsOfPollsHoldNoThread() throws Exception {
        int count = 2_000;
        String position = follow();
        int threads = Thread.activeCount();
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                sockets.add(send("GET", position + "&live=true"));
            }
            assertTrue(server.awaitHeld(count, PATIENCE));
            assertTrue(Thread.activeCount() <= threads, "threads were started");
            server.commit(tx -> tx.insert("t", Map.of("id", "1")));
            for (Socket socket : sockets) {
                readUntil(socket.getInputStream(), "up-to-date\",\"global");
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void aClientThatLeavesIsForgotten() throws Exception {
        String position = follow();
        Socket socket = send("GET", position + "&live=true");
        assertTrue(server.awaitHeld(1, PATIENCE));
        socket.close();
        assertTrue(server.awaitHeld(0, PATIENCE));
    }

    @Test
    void pipelinedRequestsAndTheFiftiethIsTheLast() throws Exception {
        table();
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            requests.append("GET /v1/health HTTP/1.1\r\nhost: x\r\n\r\n");
        }
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream().write(requests.toString().getBytes(StandardCharsets.US_ASCII));
            StringBuilder answers = new StringBuilder();
            try {
                answers.append(readUntil(socket.getInputStream(), "connection: close\r\n\r\n{\"status\":\"active\"}"));
            } finally {
                assertEquals(50, answers.toString().split("HTTP/1.1 200 OK", -1).length - 1);
            }
        }
    }

    @Test
    void gzip() throws Exception {
        server.close();
        server = ElectricServer.builder().gzip(true).manualClock(START).start();
        table();
        HttpAnswer packed = ask("GET", "offset=-1&table=t", Map.of("accept-encoding", "gzip"), "");
        assertEquals("gzip", packed.header("content-encoding"));
        byte[] body = new GZIPInputStream(new ByteArrayInputStream(packed.bytes())).readAllBytes();
        assertArrayEquals(get("offset=-1&table=t").body().getBytes(StandardCharsets.UTF_8), body);
    }

    @Test
    void bodiesAndTheirAbsence() throws Exception {
        table();
        HttpAnswer posted = ask("POST", "offset=-1&table=t", Map.of(), "[]");
        assertEquals("{\"error\":\"Request body must be a JSON object\"}", posted.body());
        HttpAnswer head = ask("HEAD", "offset=-1&table=t", Map.of(), "");
        assertEquals(200, head.status());
        assertEquals("", head.body());
        HttpAnswer same = ask("GET", "offset=-1&table=t", Map.of("if-none-match", head.header("etag")), "");
        assertEquals(304, same.status());
        assertTrue(new String(rawText("rubbish\r\n\r\n"), StandardCharsets.UTF_8).startsWith("HTTP/1.1 400 "));
    }

    @Test
    void theRealClockEndsPollsToo() throws Exception {
        server.close();
        server = ElectricServer.builder().longPoll(Duration.ofMillis(30)).start();
        String position = follow();
        assertEquals("false", get(position + "&live=true").header("electric-has-data"));
    }

    @Test
    void closeEndsConnectionsAndThread() throws Exception {
        String position = follow();
        String name = "electric-reference-server-" + server.port();
        CompletableFuture<HttpAnswer> poll = async(position + "&live=true");
        assertTrue(server.awaitHeld(1, PATIENCE));
        server.close();
        assertThrows(Exception.class, poll::get);
        assertFalse(Thread.getAllStackTraces().keySet().stream()
                .anyMatch(t -> t.getName().equals(name)));
        server.commit(tx -> tx.insert("t", Map.of("id", "1")));
        assertNull(server.uri().getQuery());
        assertEquals("electric+http", server.uri().getScheme());
    }

    private void table() {
        server.with(
                m -> m.createTable(TableSpec.of("t", Column.of("id", "int4").primaryKey(0), Column.of("ä", "text"))));
    }

    private String follow() throws Exception {
        table();
        HttpAnswer first = get("offset=-1&table=t");
        return "table=t&handle=" + first.header("electric-handle") + "&offset=0_inf";
    }

    private void faults(Fault fault) {
        server.with(m -> m.faults().next(fault));
    }

    private HttpAnswer get(String query) throws IOException {
        return ask("GET", query, Map.of(), "");
    }

    private HttpAnswer ask(String method, String query, Map<String, String> headers, String body) throws IOException {
        return HttpAnswer.of(server.httpUri().resolve("/v1/shape?" + query), method, headers, body);
    }

    private CompletableFuture<HttpAnswer> async(String query) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return get(query);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private Socket send(String method, String query) throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port());
        socket.getOutputStream()
                .write((method + " /v1/shape?" + query + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private byte[] raw(String method, String query) throws IOException {
        try (Socket socket = send(method, query)) {
            return socket.getInputStream().readAllBytes();
        }
    }

    private byte[] rawText(String text) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().readAllBytes();
        }
    }

    private static String readUntil(InputStream in, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("ended early: " + text);
            }
            text.append((char) b);
        }
        return text.toString();
    }
}
