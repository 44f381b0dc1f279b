package dev.tributary.websocket;

import static dev.tributary.websocket.Rig.await;
import static dev.tributary.websocket.Rig.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.WireEnd;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.event.Level;

/** What Java-WebSocket does and the JDK's client does not, or in its own way. */
@Timeout(120)
class JavaWebSocketTest {

    @AutoClose
    private final Rig rig = new Rig(TestedClient.JAVA_WEBSOCKET.word);

    @Tag("L5")
    @Test
    void tcpNoDelay() throws Exception {
        try (ScriptedServer server = ScriptedServer.saying()) {
            SocketOpening opening =
                    new SocketOpening(WebSocketSettings.of(dev.tributary.Options.of(Map.of())), server.uri());
            try (Socket socket = opening.open()) {
                assertThat(socket.getTcpNoDelay()).isTrue();
            }
        }
    }

    @Tag("L5")
    @Test
    void noControlFramesForServersThatDoNotSurviveThem() throws Exception {
        BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            peer.write(Frame.of(Frame.PING, true, new byte[0]));
            peer.write(Frame.text("hello"));
            while (true) {
                frames.add(Frame.read(peer.in));
            }
        })) {
            Rig.Heard wire = rig.open(Rig.withoutControlFrames(server.uri()));
            // The ping is heard, and not answered.
            wire.listener().awaitSign();
            wire.listener().awaitMessage();
            rig.environment.advance(Rig.PING_AFTER.multipliedBy(10));
            wire.connection().send(DataKind.TEXT, bytes("first"));
            assertThat(await(frames).string()).isEqualTo("first");
        }
    }

    @Tag("L5")
    @Test
    void tlsThatIsNeverAnsweredMeetsTheConnectDeadline() throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(
                peer -> {
                    connected.countDown();
                    try {
                        peer.readToEnd();
                    } finally {
                        gone.countDown();
                    }
                },
                null,
                false)) {
            RecordingListener heard = rig.open(URI.create("wss://localhost:" + server.port() + "/room"))
                    .listener();
            await(connected);
            rig.environment.advance(Rig.CONNECT);
            assertThat(heard.awaitEnd(WireEnd.Kind.REFUSED).reason()).contains("no connection within 30000 ms");
            await(gone);
        }
    }

    @Tag("L10")
    @Test
    void anEndRightBehindAMessageAndTheHandshakeIsTold() throws Exception {
        for (int i = 0; i < 50; i++) {
            try (ScriptedServer server = ScriptedServer.accepting(peer -> peer.write(Frame.text("good")))) {
                RecordingListener heard = rig.open(server.uri()).listener();
                assertThat(heard.awaitEnd(WireEnd.Kind.BROKEN).reason()).contains("without a close frame");
                assertThat(heard.awaitMessage().text()).isEqualTo("good");
            }
        }
    }

    @Tag("L10")
    @Test
    void theWholeHeadIsTold() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.write("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
            peer.accept("X-Server: one", "X-Server: two");
            peer.readToEnd();
        })) {
            assertThat(rig.open(server.uri()).listener().awaitHead().headers().get("x-server"))
                    .containsExactly("one", "two");
        }
    }

    @Tag("L10")
    @Test
    void aProxyMayAnswerTheConnectionHeaderInManyWords() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.write("HTTP/1.1 101 OK\r\nupgrade: WebSocket\r\nconnection: keep-alive, Upgrade\r\n"
                    + "sec-websocket-accept: " + peer.acceptKey() + "\r\n\r\n");
            peer.write(Frame.text("hello"));
            peer.readToEnd();
        })) {
            assertThat(rig.open(server.uri()).listener().awaitMessage().text()).isEqualTo("hello");
        }
    }

    @Tag("L9")
    @Test
    void anEndlessHeadIsMalformed() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.write("HTTP/1.1 101 Switching Protocols\r\n");
            while (true) {
                peer.write("X-More: and more\r\n");
            }
        })) {
            assertThat(rig.open(server.uri())
                            .listener()
                            .awaitEnd(WireEnd.Kind.MALFORMED)
                            .reason())
                    .contains("16384 bytes");
        }
    }

    @Tag("L9")
    @Test
    void anEndlessRefusalIsCut() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.write("HTTP/1.1 503 Busy\r\n\r\n");
            byte[] block = "sorry ".repeat(1_000).getBytes(StandardCharsets.US_ASCII);
            while (true) {
                peer.write(block);
            }
        })) {
            RecordingListener heard = rig.open(server.uri()).listener();
            assertThat(heard.awaitHead().status()).isEqualTo(503);
            assertThat(heard.awaitEnd().kind()).isEqualTo(WireEnd.Kind.COMPLETE);
            assertThat(heard.length.get()).isEqualTo(RefusalBody.MOST_BYTES);
        }
    }

    @Tag("L5")
    @Test
    void aRefusalThatDoesNotEndMeetsTheDeadline() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.write("HTTP/1.1 503 Busy\r\nContent-Length: 10\r\n\r\nabc");
            try {
                peer.readToEnd();
            } finally {
                gone.countDown();
            }
        })) {
            RecordingListener heard = rig.open(server.uri()).listener();
            assertThat(heard.awaitHead().status()).isEqualTo(503);
            rig.environment.advance(Rig.HEAD);
            assertThat(heard.awaitEnd(WireEnd.Kind.SILENT).reason()).contains("no end of the answer");
            await(gone);
        }
    }

    @Tag("L10")
    @Test
    void aChunkedRefusalIsTakenApart() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(
                "HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n")) {
            RecordingListener heard = rig.open(server.uri()).listener();
            heard.awaitEnd();
            assertThat(heard.awaitMessage().text()).isEqualTo("abcde");
        }
    }

    @Tag("L10")
    @Test
    void aProxyThatRefusesIsNamed() throws Exception {
        try (ScriptedServer proxy = ScriptedServer.answering(
                        "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
                Rig behind = new Rig("java-websocket", Map.of(WebSocketOptions.PROXY, "localhost:" + proxy.port()))) {
            assertThat(behind.open(URI.create("ws://no-such-host.invalid/room"))
                            .listener()
                            .awaitEnd(WireEnd.Kind.REFUSED)
                            .reason())
                    .contains("the proxy answered 407");
        }
    }

    @Tag("L10")
    @Test
    void theServerIsToldWhatWasWrong() throws Exception {
        BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            peer.write(Frame.of(Frame.BINARY, true, new byte[1_001]));
            frames.add(peer.next());
        })) {
            rig.open(Rig.target(server.uri(), List.of(), 1_000, Rig.PING_AFTER))
                    .listener()
                    .awaitEnd(WireEnd.Kind.MALFORMED);
            assertThat(await(frames).code()).isEqualTo(1009);
        }
    }

    @Tag("L9")
    @Test
    void aFloodOfPingsIsAnsweredByTheNewestPongOnly() throws Exception {
        CountDownLatch flooded = new CountDownLatch(1);
        BlockingQueue<String> last = new LinkedBlockingQueue<>();
        int count = 300_000;
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            byte[] payload = "x".repeat(125).getBytes(StandardCharsets.US_ASCII);
            java.io.BufferedOutputStream out = new java.io.BufferedOutputStream(peer.out, 1 << 16);
            for (int i = 0; i < count; i++) {
                out.write(Frame.of(Frame.PING, true, payload));
            }
            out.write(Frame.of(Frame.PING, true, "last".getBytes(StandardCharsets.US_ASCII)));
            out.write(Frame.text("done"));
            out.flush();
            await(flooded);
            int pongs = 0;
            for (Frame frame = Frame.read(peer.in); !frame.string().equals("last"); frame = Frame.read(peer.in)) {
                pongs++;
            }
            last.add(pongs < count ? "fewer" : "all " + pongs);
            peer.readToEnd();
        })) {
            RecordingListener heard = rig.open(server.uri()).listener();
            assertThat(heard.awaitMessage().text()).isEqualTo("done");
            flooded.countDown();
            assertThat(await(last)).isEqualTo("fewer");
        }
    }

    @Tag("L8")
    @Test
    void credentialsAreInNoLogOfTheLibraryNotEvenAtTrace() throws Exception {
        List<LibraryLog.Line> lines = LibraryLog.listen();
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            peer.write(Frame.text("hello"));
            peer.write(Frame.of(3, true, new byte[0]));
            peer.readToEnd();
        })) {
            RecordingListener heard = rig.open(server.uri()).listener();
            heard.awaitEnd(WireEnd.Kind.MALFORMED);
            assertThat(server.requests.get(0)).contains(Rig.TOKEN);
            assertThat(lines).isNotEmpty().noneMatch(line -> line.text().contains("very-secret"));
            // Bad input of a server is told by the end of the wire, not by stack traces in a log.
            assertThat(lines).noneMatch(line -> line.level() == Level.ERROR || line.level() == Level.WARN);
        } finally {
            LibraryLog.stop();
        }
    }

    @Tag("L12")
    @Test
    void aPeerThatNeverStopsTalkingDoesNotHoldUpTheEnd() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            byte[] noise = Frame.of(Frame.BINARY, true, new byte[8_000]);
            try {
                while (true) {
                    peer.write(noise);
                }
            } catch (IOException e) {
                gone.countDown();
            }
        })) {
            Rig.Heard wire = rig.open(Rig.target(server.uri()), new RecordingListener().countOnly(), 5);
            wire.listener().awaitHead();
            wire.connection().close(1000, "");
            rig.environment.advance(java.time.Duration.ofNanos(SocketWire.GRACE_NANOS));
            await(gone);
        }
    }
}
