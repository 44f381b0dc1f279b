package dev.tributary.testkit.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.handshake.ServerHandshake;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SocketServerTest {

    private static final long START = 1_000_000;

    private final ServerClock clock = ServerClock.manual(START);
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final BlockingQueue<ServerWebSocket> sockets = new LinkedBlockingQueue<>();
    private Consumer<HttpExchange> onRequest = exchange -> {
        if (exchange.request().isUpgrade()) {
            sockets.add(exchange.accept(new Recorder()));
        } else {
            exchange.respond(HttpResponse.of(
                    200, "text/plain", "you said " + exchange.request().method()));
        }
    };
    private final SocketServer server =
            SocketServer.start("socket-test", 0, clock, exchange -> onRequest.accept(exchange));

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void httpAndWebSocketsShareOnePort() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            client.write("GET / HTTP/1.1\r\n\r\nPOST / HTTP/1.1\r\ncontent-length: 2\r\n\r\nab");
            assertThat(client.head()).startsWith("HTTP/1.1 200 OK\r\n").contains("content-length: 12\r\n");
            assertThat(client.body(12)).isEqualTo("you said GET");
            client.head();
            assertThat(client.body(13)).isEqualTo("you said POST");
            // The example of RFC 6455, on a connection that was HTTP until now.
            assertThat(client.upgrade("/x"))
                    .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
                    .contains("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
            client.text("hello");
            assertThat(heard.take()).isEqualTo("text hello");
        }
        assertThat(heard.take()).isEqualTo("gone");
    }

    @Test
    void messagesOfEveryLengthAndInFragmentsArrive() throws Exception {
        try (RawClient client = RawClient.webSocket(server.port(), "/")) {
            ServerWebSocket socket = sockets.take();
            for (int length : new int[] {0, 125, 126, 65_535, 65_536, 1_000_000}) {
                String message = "x".repeat(length);
                client.text(message);
                assertThat(heard.take()).isEqualTo("text " + message);
                socket.text(message);
                assertThat(client.next()).isEqualTo("text " + message);
                socket.binary(message.getBytes(UTF_8));
                assertThat(client.next()).isEqualTo("binary " + message);
            }
            byte[] parts = "grün".getBytes(UTF_8);
            client.frame(RawClient.TEXT, false, new byte[] {parts[0], parts[1], parts[2]});
            client.frame(RawClient.PING, true, "in between".getBytes(UTF_8));
            client.frame(RawClient.CONTINUATION, true, new byte[] {parts[3], parts[4]});
            assertThat(heard.take()).isEqualTo("ping in between");
            assertThat(heard.take()).isEqualTo("text grün");
            assertThat(client.next()).isEqualTo("pong in between");
            socket.textInFragments("abcde", 2);
            assertThat(client.next()).isEqualTo("text+ ab");
            assertThat(client.next()).isEqualTo("more+ cd");
            assertThat(client.next()).isEqualTo("more e");
        }
    }

    @Test
    void framesBehindTheHandshakeInOnePacketAreNotLost() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            byte[] head = ("GET / HTTP/1.1\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Key: a\r\n\r\n")
                    .getBytes(UTF_8);
            byte[] frame = RawClient.frameBytes(RawClient.TEXT, true, "early".getBytes(UTF_8));
            byte[] both = new byte[head.length + frame.length];
            System.arraycopy(head, 0, both, 0, head.length);
            System.arraycopy(frame, 0, both, head.length, frame.length);
            client.write(both);
            client.head();
            assertThat(heard.take()).isEqualTo("text early");
        }
    }

    @Test
    void eitherSideMayBeginToClose() throws Exception {
        try (RawClient client = RawClient.webSocket(server.port(), "/")) {
            client.frame(RawClient.CLOSE, true, new byte[] {0x03, (byte) 0xe8, 'b', 'y', 'e'});
            assertThat(heard.take()).isEqualTo("close 1000 bye");
            assertThat(client.next()).isEqualTo("close 1000 bye");
            assertThat(client.next()).isEqualTo("end");
            assertThat(heard.take()).isEqualTo("gone");
        }
        sockets.take();
        try (RawClient client = RawClient.webSocket(server.port(), "/")) {
            ServerWebSocket socket = sockets.take();
            socket.text("last words");
            socket.close(4001, "enough");
            socket.text("never sent");
            assertThat(client.next()).isEqualTo("text last words");
            assertThat(client.next()).isEqualTo("close 4001 enough");
            client.frame(RawClient.CLOSE, true, new byte[0]);
            assertThat(heard.take()).isEqualTo("close 1000 ");
            assertThat(client.next()).isEqualTo("end");
        }
    }

    @Test
    void anEndWithoutCloseFrameLosesNothing() throws Exception {
        try (RawClient client = RawClient.webSocket(server.port(), "/")) {
            ServerWebSocket socket = sockets.take();
            // What the client sends is not read any more, and must not turn the end into a reset.
            socket.text("x".repeat(3_000_000));
            socket.end();
            client.text("nobody reads this");
            assertThat(client.next()).hasSize(3_000_005);
            assertThat(client.next()).isEqualTo("end");
        }
    }

    @Test
    void connectionsBreakOnDemand() throws Exception {
        try (RawClient client = RawClient.webSocket(server.port(), "/")) {
            sockets.take().abort();
            assertThat(client.next()).isEqualTo("reset");
            assertThat(heard.take()).isEqualTo("gone");
        }
        try (RawClient client = RawClient.webSocket(server.port(), "/")) {
            ServerWebSocket socket = sockets.take();
            socket.text("whole");
            socket.cutNextFrame(4);
            socket.text("cut here");
            socket.text("not sent");
            assertThat(client.next()).isEqualTo("text whole");
            assertThat(client.body(100)).hasSize(4).endsWith("cu");
        }
        sockets.clear();
        try (RawClient client = RawClient.webSocket(server.port(), "/")) {
            sockets.take().raw(new byte[] {(byte) 0xc1, 1, 'x'});
            assertThat(client.body(3)).endsWith("x");
        }
    }

    @Test
    void aStalledSocketReadsWhenItResumes() throws Exception {
        try (RawClient client = RawClient.webSocket(server.port(), "/")) {
            ServerWebSocket socket = sockets.take();
            socket.stall();
            socket.text("stalled");
            assertThat(client.next()).isEqualTo("text stalled");
            client.text("unread");
            socket.text("fence");
            assertThat(client.next()).isEqualTo("text fence");
            assertThat(heard).isEmpty();
            socket.resume();
            assertThat(heard.take()).isEqualTo("text unread");
        }
    }

    @Test
    void aPauseFollowsTheClock() throws Exception {
        try (RawClient client = RawClient.webSocket(server.port(), "/")) {
            ServerWebSocket socket = sockets.take();
            socket.text("before");
            socket.pause(500);
            socket.text("after");
            assertThat(client.next()).isEqualTo("text before");
            // What the client sends now is heard after the server's thread has begun the pause.
            client.text("fence");
            assertThat(heard.take()).isEqualTo("text fence");
            assertThat(client.available()).isZero();
            assertThat(socket.queuedBytes()).isEqualTo(7);
            clock.set(START + 500);
            server.wake();
            assertThat(client.next()).isEqualTo("text after");
        }
    }

    @Test
    @Tag("L9")
    void whatTheClientDoesNotTakeIsCounted() throws Exception {
        try (RawClient client = RawClient.webSocket(server.port(), "/")) {
            ServerWebSocket socket = sockets.take();
            int length = 30_000_000;
            socket.binary(new byte[length]);
            socket.ping(new byte[0]);
            assertThat(socket.queuedBytes()).isPositive();
            client.next();
            assertThat(client.next()).isEqualTo("ping ");
            // A pong passes the server's thread after it wrote the ping.
            client.text("fence");
            assertThat(heard.take()).isEqualTo("text fence");
            assertThat(socket.queuedBytes()).isZero();
        }
    }

    @Test
    @Tag("L10")
    void malformedFramesEndTheConnectionWithTheirCode() throws Exception {
        Map<byte[], String> bad = Map.of(
                RawClient.frameBytes(RawClient.CONTINUATION, true, new byte[1]), "close 1002 ",
                RawClient.frameBytes(RawClient.TEXT, true, new byte[] {'a', (byte) 0xc3}), "close 1007 ",
                RawClient.frameBytes(11, true, new byte[1]), "close 1002 ",
                RawClient.frameBytes(RawClient.BINARY, true, new byte[2_000]), "close 1009 ");
        onRequest = exchange -> exchange.accept(WebSocketOptions.defaults().limits(1_000, 1_500), new Recorder());
        for (Map.Entry<byte[], String> one : bad.entrySet()) {
            try (RawClient client = RawClient.webSocket(server.port(), "/")) {
                client.write(one.getKey());
                assertThat(client.next()).startsWith(one.getValue());
                assertThat(client.next()).isEqualTo("end");
            }
        }
        try (RawClient client = RawClient.webSocket(server.port(), "/")) {
            client.frame(RawClient.BINARY, false, new byte[900]);
            client.frame(RawClient.CONTINUATION, true, new byte[900]);
            assertThat(client.next()).startsWith("close 1009 ");
        }
    }

    @Test
    void anUpgradeMayBeRefusedCutOrSpoilt() throws Exception {
        onRequest = exchange -> exchange.respond(HttpResponse.of(503, "text/plain", "later"));
        try (RawClient client = new RawClient(server.port())) {
            assertThat(client.upgrade("/")).startsWith("HTTP/1.1 503 Service Unavailable\r\n");
            assertThat(client.body(5)).isEqualTo("later");
            // The connection is still good for another try.
            assertThat(client.upgrade("/")).startsWith("HTTP/1.1 503");
        }
        onRequest = HttpExchange::cut;
        try (RawClient client = new RawClient(server.port())) {
            assertThatThrownBy(() -> client.upgrade("/")).isInstanceOf(IOException.class);
        }
        onRequest = HttpExchange::reset;
        try (RawClient client = new RawClient(server.port())) {
            assertThatThrownBy(() -> client.upgrade("/")).isInstanceOf(IOException.class);
        }
        onRequest = exchange -> exchange.accept(
                WebSocketOptions.defaults().subprotocol("v1").header("sec-websocket-accept", "wrong"), new Recorder());
        try (RawClient client = new RawClient(server.port())) {
            assertThat(client.upgrade("/"))
                    .contains("sec-websocket-accept: wrong\r\n")
                    .contains("sec-websocket-protocol: v1\r\n");
        }
    }

    @Test
    void aClientThatLeavesWithoutAnAnswerIsNoticed() throws Exception {
        onRequest = exchange -> {
            exchange.onGone(() -> heard.add("left"));
            heard.add("asked");
        };
        try (RawClient client = new RawClient(server.port())) {
            client.write("GET / HTTP/1.1\r\n\r\n");
            assertThat(heard.take()).isEqualTo("asked");
        }
        assertThat(heard.take()).isEqualTo("left");
    }

    @Test
    void aServerThatLeftItsPortRefusesUntilItReturns() throws Exception {
        try (RawClient client = RawClient.webSocket(server.port(), "/")) {
            server.leavePort();
            assertThat(client.next()).isIn("end", "reset");
            assertThatThrownBy(() -> new RawClient(server.port()).close()).isInstanceOf(ConnectException.class);
        }
        server.returnToPort();
        RawClient.webSocket(server.port(), "/").close();
    }

    @Test
    void anOrdinaryClientTalksToIt() throws Exception {
        onRequest = exchange -> exchange.accept(new Recorder() {
            @Override
            public void text(ServerWebSocket socket, String message) {
                socket.text("echo " + message);
                socket.close(1001, "bye");
            }
        });
        BlockingQueue<String> client = new LinkedBlockingQueue<>();
        WebSocketClient socket =
                new WebSocketClient(new URI("ws://127.0.0.1:" + server.port() + "/"), new Draft_6455()) {
                    @Override
                    public void onOpen(ServerHandshake handshake) {
                        send("hello");
                    }

                    @Override
                    public void onMessage(String message) {
                        client.add(message);
                    }

                    @Override
                    public void onClose(int code, String reason, boolean remote) {
                        client.add("closed " + code + " " + reason + " " + remote);
                    }

                    @Override
                    public void onError(Exception e) {
                        client.add("error " + e);
                    }
                };
        socket.connect();
        assertThat(client.take()).isEqualTo("echo hello");
        assertThat(client.take()).isEqualTo("closed 1001 bye true");
        socket.closeBlocking();
    }

    @Test
    @Tag("L12")
    void closingLeavesNothing() throws Exception {
        try (RawClient client = RawClient.webSocket(server.port(), "/")) {
            sockets.take();
            server.close();
            server.close();
            assertThat(client.next()).isIn("end", "reset");
            assertThat(heard.take()).isEqualTo("gone");
        }
        String name = "socket-test-" + server.port();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals(name));
    }

    private class Recorder implements WebSocketListener {

        @Override
        public void text(ServerWebSocket socket, String message) {
            heard.add("text " + message);
        }

        @Override
        public void ping(ServerWebSocket socket, byte[] payload) {
            heard.add("ping " + new String(payload, UTF_8));
            socket.pong(payload);
        }

        @Override
        public void close(ServerWebSocket socket, int code, String reason) {
            heard.add("close " + code + " " + reason);
            WebSocketListener.super.close(socket, code, reason);
        }

        @Override
        public void drained(ServerWebSocket socket) {
            if (socket.queuedBytes() < 0) {
                heard.add("miscounted");
            }
        }

        @Override
        public void gone(ServerWebSocket socket) {
            heard.add("gone");
        }
    }
}
