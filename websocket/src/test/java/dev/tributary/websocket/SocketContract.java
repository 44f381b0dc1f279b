package dev.tributary.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tributary.spi.Deadlines;
import dev.tributary.spi.Head;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.WireEnd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a WebSocket wire promises, whichever client carries it. Every test ends by looking for threads that stay. */
@Timeout(120)
abstract class SocketContract {

    private final String client;
    Rig rig;

    SocketContract(String client) {
        this.client = client;
    }

    @BeforeEach
    void start() {
        rig = new Rig(client);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(RecordingListener.GENEROUS_SECONDS, TimeUnit.SECONDS);
    }

    static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(RecordingListener.GENEROUS_SECONDS, TimeUnit.SECONDS))
                .isTrue();
    }

    static <T> T await(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(RecordingListener.GENEROUS_SECONDS, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }

    // The ordinary way

    @Tag("L2")
    @Test
    void messagesGoBothWaysInOrder() throws Exception {
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            for (Frame frame = peer.next(); frame.opcode() != Frame.CLOSE; frame = peer.next()) {
                peer.write(Frame.of(frame.opcode(), true, frame.payload()));
            }
        })) {
            Rig.Heard wire = rig.open(server.uri());
            assertThat(wire.listener().awaitHead().status()).isEqualTo(101);
            assertThat(wire.connection().send(DataKind.TEXT, bytes("grüß dich 🐟")))
                    .isTrue();
            assertThat(wire.connection().send(DataKind.BINARY, ByteBuffer.wrap(new byte[] {0, -1, 2})))
                    .isTrue();
            assertThat(wire.connection().send(DataKind.TEXT, bytes(""))).isTrue();
            RecordingListener.Message first = wire.listener().awaitMessage();
            assertThat(first.kind()).isEqualTo(DataKind.TEXT);
            assertThat(first.text()).isEqualTo("grüß dich 🐟");
            RecordingListener.Message second = wire.listener().awaitMessage();
            assertThat(second.kind()).isEqualTo(DataKind.BINARY);
            assertThat(second.bytes()).containsExactly(0, -1, 2);
            assertThat(wire.listener().awaitMessage().bytes()).isEmpty();
            wire.listener().assertFaultless();
        }
    }

    @Tag("L2")
    @Test
    void whatIsSentBeforeTheHandshakeIsDoneWaits() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            await(sent);
            peer.accept();
            heard.add(peer.next().string());
            peer.readToEnd();
        })) {
            Rig.Heard wire = rig.open(server.uri());
            wire.connection().send(DataKind.TEXT, bytes("early"));
            sent.countDown();
            assertThat(await(heard)).isEqualTo("early");
        }
    }

    @Tag("L8")
    @Test
    void headersAndCredentialsAreSent() throws Exception {
        CompletableFuture<ScriptedServer.Peer> asked = new CompletableFuture<>();
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            asked.complete(peer);
            peer.readToEnd();
        })) {
            rig.open(Rig.target(server.uri(), List.of("b", "a"), 1_000, Rig.PING_AFTER))
                    .listener()
                    .awaitHead();
            ScriptedServer.Peer peer = await(asked);
            assertThat(peer.request).startsWith("GET /room?token=secret HTTP/1.1\r\n");
            assertThat(peer.header("authorization")).isEqualTo(Rig.TOKEN);
            assertThat(peer.header("x-plain")).isEqualTo("yes");
            assertThat(peer.header("host")).isEqualTo("localhost:" + server.port());
            assertThat(peer.header("sec-websocket-protocol")).isEqualTo("b, a");
            assertThat(peer.headerNames()).doesNotHaveDuplicates().doesNotContain("sec-websocket-extensions");
        }
    }

    @Tag("L10")
    @ParameterizedTest
    @MethodSource
    void aRequestThatNoHandshakeTakesIsRefused(Map<String, String> headers, List<String> subprotocols)
            throws Exception {
        URI uri = URI.create("ws://localhost:1/room");
        WireEnd end = rig.open(Rig.target(uri, headers, subprotocols, 1_000, Rig.PING_AFTER))
                .listener()
                .awaitEnd(WireEnd.Kind.REFUSED);
        assertThat(end.reason()).contains("no handshake").doesNotContain("evil");
    }

    static Stream<Arguments> aRequestThatNoHandshakeTakesIsRefused() {
        return Stream.of(
                Arguments.of(Map.of("x", "a\r\nX-Other: evil"), List.of()),
                Arguments.of(Map.of("x y", "a"), List.of()),
                Arguments.of(Map.of("Sec-WebSocket-Key", "evil"), List.of()),
                Arguments.of(Map.of("Host", "evil"), List.of()),
                Arguments.of(Map.of("authorization", "evil"), List.of()),
                Arguments.of(Map.of("x", "gr\u00fc\u00df"), List.of()),
                Arguments.of(Map.of(), List.of("a b")),
                Arguments.of(Map.of(), List.of("a", "a")));
    }

    @Tag("L10")
    @Test
    void anAddressWithoutAHostIsRefused() throws Exception {
        rig.open(URI.create("ws://bad_host/room")).listener().awaitEnd(WireEnd.Kind.REFUSED);
    }

    @Test
    @Tag("L10")
    void onlyWebSocketsAreOpened() {
        URI uri = URI.create("http://localhost/");
        HttpTarget http = new HttpTarget(
                "GET", uri, "http", Map.of(), Map.of(), null, new Deadlines(Rig.CONNECT, Rig.HEAD, Rig.HEAD));
        assertThatThrownBy(() -> rig.wires.open(http, new RecordingListener()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // The handshake

    @Tag("L10")
    @Test
    void theChosenSubprotocolIsInTheHead() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.accept("Sec-WebSocket-Protocol: v1");
            peer.readToEnd();
        })) {
            Head head = rig.open(Rig.target(server.uri(), List.of("v2", "v1"), 1_000, Rig.PING_AFTER))
                    .listener()
                    .awaitHead();
            assertThat(head.first("sec-websocket-protocol")).contains("v1");
        }
    }

    @Tag("L10")
    @Test
    void aServerMayChooseNoSubprotocol() throws Exception {
        try (ScriptedServer server = ScriptedServer.saying(Frame.text("hello"))) {
            RecordingListener heard = rig.open(Rig.target(server.uri(), List.of("v2"), 1_000, Rig.PING_AFTER))
                    .listener();
            assertThat(heard.awaitHead().has("sec-websocket-protocol")).isFalse();
            assertThat(heard.awaitMessage().text()).isEqualTo("hello");
        }
    }

    @Tag("L10")
    @Test
    void aSubprotocolThatWasNotOfferedIsMalformed() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.accept("Sec-WebSocket-Protocol: v3");
            peer.readToEnd();
        })) {
            RecordingListener heard = rig.open(Rig.target(server.uri(), List.of("v2"), 1_000, Rig.PING_AFTER))
                    .listener();
            heard.awaitEnd(WireEnd.Kind.MALFORMED);
            assertThat(heard.head).isNotDone();
        }
    }

    @Tag("L10")
    @Test
    void aWrongAcceptKeyIsMalformed() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n");
            peer.readToEnd();
        })) {
            RecordingListener heard = rig.open(server.uri()).listener();
            assertThat(heard.awaitEnd(WireEnd.Kind.MALFORMED).reason()).contains("does not fit");
            assertThat(heard.head).isNotDone();
        }
    }

    @Tag("L9")
    @Test
    void compressionBombPastTheFrameLimit() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.accept("Sec-WebSocket-Extensions: permessage-deflate");
            peer.readToEnd();
        })) {
            // It is not offered, so a server that uses it all the same is refused before its first frame.
            rig.open(server.uri()).listener().awaitEnd(WireEnd.Kind.MALFORMED);
            assertThat(server.requests.get(0).toLowerCase(java.util.Locale.ROOT))
                    .doesNotContain("deflate");
        }
    }

    @Tag("L10")
    @Test
    void aRefusedHandshakeIsTold() throws Exception {
        String body = "{\"error\":\"no\"}";
        try (ScriptedServer server = ScriptedServer.answering("HTTP/1.1 401 Unauthorized\r\nX-Why: token\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n" + body)) {
            RecordingListener heard = rig.open(server.uri()).listener();
            assertThat(heard.awaitHead().status()).isEqualTo(401);
            assertThat(heard.awaitHead().first("x-why")).contains("token");
            assertThat(heard.awaitEnd().kind()).isEqualTo(WireEnd.Kind.COMPLETE);
            heard.messages.forEach(message -> assertThat(message.kind()).isEqualTo(DataKind.BODY));
            if (tellsBodies()) {
                assertThat(heard.awaitMessage().text()).isEqualTo(body);
            }
        }
    }

    /** Whether the body of a refusal is told by this client on this Java. */
    abstract boolean tellsBodies();

    @Tag("L8")
    @Test
    void aRedirectIsToldAndNotFollowed() throws Exception {
        try (ScriptedServer other = ScriptedServer.saying();
                ScriptedServer server = ScriptedServer.answering("HTTP/1.1 302 Found\r\nLocation: http://localhost:"
                        + other.port() + "/\r\nContent-Length: 0\r\n\r\n")) {
            RecordingListener heard = rig.open(server.uri()).listener();
            assertThat(heard.awaitHead().status()).isEqualTo(302);
            assertThat(heard.awaitHead().has("location")).isTrue();
            assertThat(heard.awaitEnd().kind()).isEqualTo(WireEnd.Kind.COMPLETE);
            assertThat(other.requests).isEmpty();
        }
    }

    @Tag("L10")
    @Test
    void anotherProtocolIsMalformed() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering("SSH-2.0-OpenSSH_9.2\r\n\r\n")) {
            assertThat(rig.open(server.uri())
                            .listener()
                            .awaitEnd(WireEnd.Kind.MALFORMED)
                            .reason())
                    .contains("not HTTP");
        }
    }

    @Tag("L10")
    @Test
    void aConnectionThatEndsBeforeTheAnswerIsBroken() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering("")) {
            rig.open(server.uri()).listener().awaitEnd(WireEnd.Kind.BROKEN);
        }
    }

    @Tag("L10")
    @Test
    void aConnectionThatEndsWithinTheAnswerIsBroken() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering("HTTP/1.1 101 Switching Proto")) {
            rig.open(server.uri()).listener().awaitEnd(WireEnd.Kind.BROKEN);
        }
    }

    @Tag("L10")
    @Test
    void aResetBeforeTheAnswerIsBroken() throws Exception {
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.Peer::reset)) {
            rig.open(server.uri()).listener().awaitEnd(WireEnd.Kind.BROKEN);
        }
    }

    @Tag("L10")
    @Test
    void nobodyListens() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThat(rig.open(URI.create("ws://localhost:" + port + "/room"))
                        .listener()
                        .awaitEnd(WireEnd.Kind.REFUSED)
                        .reason())
                .contains("refused");
    }

    @Tag("L10")
    @Test
    void theHostIsUnknown() throws Exception {
        assertThat(rig.open(URI.create("ws://no-such-host.invalid/room"))
                        .listener()
                        .awaitEnd(WireEnd.Kind.REFUSED)
                        .reason())
                .contains("host is unknown");
    }

    @Tag("L5")
    @Test
    void handshakeWithoutDeadline() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(peer -> {
            asked.countDown();
            try {
                peer.readToEnd();
            } finally {
                gone.countDown();
            }
        })) {
            RecordingListener heard = rig.open(server.uri()).listener();
            await(asked);
            rig.environment.advance(Rig.HEAD);
            assertThat(heard.awaitEnd(WireEnd.Kind.REFUSED).reason()).contains("60000 ms");
            await(gone);
        }
    }

    // TLS

    private Rig trusting() throws Exception {
        return new Rig(client, Map.of(WebSocketOptions.SSL_CONTEXT, Certificates.trusting()));
    }

    private static ScriptedServer tls(String alias) throws Exception {
        return new ScriptedServer(
                peer -> {
                    peer.accept();
                    peer.write(Frame.text("hello"));
                    peer.readToEnd();
                },
                Certificates.server(alias),
                true);
    }

    @Tag("L10")
    @Test
    void tlsWithACertificateThatIsTrusted() throws Exception {
        try (ScriptedServer server = tls("localhost");
                Rig trusting = trusting()) {
            assertThat(trusting.open(server.uri()).listener().awaitMessage().text())
                    .isEqualTo("hello");
        }
    }

    @Tag("L10")
    @ParameterizedTest
    @MethodSource
    void tlsThatIsNotGood(String alias, boolean trusted, String reason) throws Exception {
        try (ScriptedServer server = tls(alias);
                Rig other = trusted ? trusting() : new Rig(client)) {
            RecordingListener heard = other.open(server.uri()).listener();
            assertThat(heard.awaitEnd(WireEnd.Kind.REFUSED).reason())
                    .contains("TLS failed")
                    .contains(reason);
            assertThat(server.requests).isEmpty();
        }
    }

    static Stream<Arguments> tlsThatIsNotGood() {
        return Stream.of(
                Arguments.of("localhost", false, "not trusted"), Arguments.of("elsewhere", true, "does not fit"));
    }

    @Tag("L10")
    @Test
    void clearTextWhereTlsIsExpected() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> peer.write("no TLS here\r\n\r\n"), null, false)) {
            URI uri = URI.create("wss://localhost:" + server.port() + "/room");
            assertThat(rig.open(uri).listener().awaitEnd(WireEnd.Kind.REFUSED).reason())
                    .contains("TLS failed");
        }
    }

    @Tag("L12")
    @Test
    void tlsIsClosedLikeClearText() throws Exception {
        CompletableFuture<Frame> last = new CompletableFuture<>();
        CountDownLatch gone = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(
                        peer -> {
                            peer.accept();
                            peer.write(Frame.text("hello"));
                            last.complete(peer.next());
                            gone.countDown();
                        },
                        Certificates.server("localhost"),
                        true);
                Rig trusting = trusting()) {
            Rig.Heard wire = trusting.open(server.uri());
            wire.listener().awaitMessage();
            wire.connection().close(1000, "done");
            assertThat(await(last).code()).isEqualTo(1000);
            await(gone);
        }
    }

    // A proxy

    private static void carry(ScriptedServer.Peer peer, int port) throws Exception {
        try (java.net.Socket server = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
            peer.write("HTTP/1.1 200 Connection established\r\n\r\n");
            Thread back = new Thread(() -> {
                try {
                    server.getInputStream().transferTo(peer.out);
                    peer.socket.shutdownOutput();
                } catch (IOException e) {
                    // over
                }
            });
            back.start();
            byte[] block = new byte[4096];
            for (int n = peer.in.read(block); n >= 0; n = peer.in.read(block)) {
                server.getOutputStream().write(block, 0, n);
            }
            server.shutdownOutput();
            back.join();
        }
    }

    @Tag("L8")
    @Test
    void aProxyIsAskedForTheWayAndNothingElse() throws Exception {
        try (ScriptedServer server = ScriptedServer.saying(Frame.text("through"));
                ScriptedServer proxy = new ScriptedServer(peer -> carry(peer, server.port()));
                Rig behind = new Rig(client, Map.of(WebSocketOptions.PROXY, "localhost:" + proxy.port()))) {
            assertThat(behind.open(server.uri()).listener().awaitMessage().text())
                    .isEqualTo("through");
            assertThat(proxy.requests)
                    .singleElement()
                    .asString()
                    .startsWith("CONNECT localhost:" + server.port() + " HTTP/1.1\r\n")
                    .doesNotContain("secret");
        }
    }

    // Frames

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static Stream<Arguments> badFrames() {
        byte[] none = new byte[0];
        return Stream.of(
                Arguments.of("reserved bit 1, as compression sets it", Frame.bytes(0xC1, 0, 1, new byte[1])),
                Arguments.of("reserved bit 3", Frame.bytes(0x91, 0, 1, new byte[1])),
                Arguments.of("opcode 3", Frame.of(3, true, none)),
                Arguments.of("opcode 11", Frame.of(11, true, none)),
                Arguments.of("masked", Frame.bytes(0x81, 0x80, 2, new byte[2])),
                Arguments.of("fragmented ping", Frame.of(Frame.PING, false, none)),
                Arguments.of("long ping", Frame.of(Frame.PING, true, new byte[126])),
                Arguments.of("fragment of nothing", Frame.of(Frame.CONTINUATION, true, none)),
                Arguments.of(
                        "message within a message",
                        concat(Frame.of(Frame.TEXT, false, none), Frame.of(Frame.TEXT, true, none))),
                Arguments.of("text that is not UTF-8", Frame.of(Frame.TEXT, true, new byte[] {'a', (byte) 0xC0, 'b'})),
                Arguments.of("text that ends within a character", Frame.of(Frame.TEXT, true, new byte[] {(byte) 0xE2})),
                Arguments.of(
                        "fragments that are not UTF-8 together",
                        concat(
                                Frame.of(Frame.TEXT, false, new byte[] {(byte) 0xE2}),
                                Frame.of(Frame.CONTINUATION, true, new byte[] {'x'}))),
                Arguments.of("half a close code", Frame.of(Frame.CLOSE, true, new byte[1])),
                Arguments.of("close code 999", Frame.close(999, "")),
                Arguments.of("close code 1005", Frame.close(1005, "")),
                Arguments.of("close code 1006", Frame.close(1006, "")),
                Arguments.of(
                        "close reason that is not UTF-8",
                        Frame.of(Frame.CLOSE, true, new byte[] {3, (byte) 0xE8, (byte) 0xFF})),
                Arguments.of("negative length", Frame.bytes(0x82, 0, Long.MIN_VALUE, none)));
    }

    @Tag("L10")
    @ParameterizedTest(name = "{0}")
    @MethodSource("badFrames")
    void aBadFrameIsMalformedAndWhatCameBeforeIsTold(String what, byte[] bad) throws Exception {
        try (ScriptedServer server = ScriptedServer.saying(concat(Frame.text("good"), bad, Frame.text("after")))) {
            RecordingListener heard = rig.open(server.uri()).listener();
            heard.awaitEnd(WireEnd.Kind.MALFORMED);
            assertThat(heard.awaitMessage().text()).isEqualTo("good");
            assertThat(heard.messages).isEmpty();
        }
    }

    @Tag("L9")
    @Test
    void aHugeLengthIsNotReserved() throws Exception {
        try (ScriptedServer server = ScriptedServer.asked(peer -> {
            peer.write(Frame.bytes(0x82, 0, 1L << 62, new byte[0]));
            // However it is found out, it must not be by running out of memory.
            byte[] block = new byte[1 << 16];
            while (true) {
                peer.write(block);
            }
        })) {
            RecordingListener heard = rig.open(server.uri()).ask().listener();
            assertThat(heard.awaitEnd(WireEnd.Kind.MALFORMED).reason()).contains("1048576 bytes");
            assertThat(heard.length.get()).isLessThanOrEqualTo(Rig.MAX_MESSAGE);
        }
    }

    @Tag("L9")
    @Test
    void fragmentsTogetherMayNotExceedTheBound() throws Exception {
        try (ScriptedServer server = ScriptedServer.asked(peer -> {
            peer.write(Frame.of(Frame.BINARY, false, new byte[1_000]));
            byte[] fragment = Frame.of(Frame.CONTINUATION, false, new byte[1_000]);
            while (true) {
                peer.write(fragment);
            }
        })) {
            RecordingListener heard = rig.open(server.uri()).ask().listener();
            assertThat(heard.awaitEnd(WireEnd.Kind.MALFORMED).reason()).contains("larger than 1048576");
            assertThat(heard.length.get()).isLessThanOrEqualTo(Rig.MAX_MESSAGE);
        }
    }

    @Tag("L9")
    @Test
    void aMessageOfTheBoundIsTakenAndOneByteMoreIsNot() throws Exception {
        try (ScriptedServer server = ScriptedServer.saying(
                Frame.of(Frame.BINARY, true, new byte[1_000]), Frame.of(Frame.BINARY, true, new byte[1_001]))) {
            RecordingListener heard = rig.open(Rig.target(server.uri(), List.of(), 1_000, Rig.PING_AFTER))
                    .listener();
            assertThat(heard.awaitMessage().bytes()).hasSize(1_000);
            heard.awaitEnd(WireEnd.Kind.MALFORMED);
            assertThat(heard.messages).isEmpty();
        }
    }

    @Tag("L9")
    @Test
    void aFloodOfEmptyFragmentsHoldsNothing() throws Exception {
        try (ScriptedServer server = ScriptedServer.asked(peer -> {
            peer.write(Frame.of(Frame.TEXT, false, new byte[] {'a'}));
            byte[] empty = Frame.of(Frame.CONTINUATION, false, new byte[0]);
            ByteArrayOutputStream flood = new ByteArrayOutputStream();
            for (int i = 0; i < 20_000; i++) {
                flood.writeBytes(empty);
            }
            peer.write(flood.toByteArray());
            peer.write(Frame.of(Frame.CONTINUATION, true, new byte[] {'b'}));
            peer.readToEnd();
        })) {
            assertThat(rig.open(server.uri()).ask().listener().awaitMessage().text())
                    .isEqualTo("ab");
        }
    }

    // Ends

    /** Whether the client never misses an end without a close frame that comes right behind content. */
    abstract boolean noticesEveryEnd();

    @Tag("L10")
    @Test
    void aTruncatedFrameIsBroken() throws Exception {
        assumeTrue(noticesEveryEnd());
        Semaphore heardIt = new Semaphore(0);
        try (ScriptedServer server = ScriptedServer.asked(peer -> {
            peer.write(Frame.text("good"));
            peer.write(Frame.bytes(0x81, 0, 10, new byte[] {'a', 'b'}));
            heardIt.acquire();
        })) {
            RecordingListener heard = rig.open(server.uri()).ask().listener();
            assertThat(heard.awaitMessage().text()).isEqualTo("good");
            heardIt.release();
            heard.awaitEnd(WireEnd.Kind.BROKEN);
        }
    }

    @Tag("L10")
    @Test
    void aResetWithinAFrameIsBroken() throws Exception {
        assumeTrue(noticesEveryEnd());
        Semaphore heardIt = new Semaphore(0);
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            peer.write(Frame.text("good"));
            peer.write(Frame.bytes(0x81, 0, 10, new byte[] {'a', 'b'}));
            heardIt.acquire();
            peer.reset();
        })) {
            RecordingListener heard = rig.open(server.uri()).listener();
            assertThat(heard.awaitMessage().text()).isEqualTo("good");
            heardIt.release();
            heard.awaitEnd(WireEnd.Kind.BROKEN);
        }
    }

    @Tag("L10")
    @Test
    void anEndWithoutACloseFrameIsBroken() throws Exception {
        assumeTrue(noticesEveryEnd());
        Semaphore heardIt = new Semaphore(0);
        try (ScriptedServer server = ScriptedServer.asked(peer -> {
            peer.write(Frame.text("good"));
            heardIt.acquire();
        })) {
            RecordingListener heard = rig.open(server.uri()).ask().listener();
            assertThat(heard.awaitMessage().text()).isEqualTo("good");
            heardIt.release();
            heard.awaitEnd(WireEnd.Kind.BROKEN);
        }
    }

    @Tag("L10")
    @Test
    void aCloseFrameBringsCodeAndReasonAfterTheLastMessageAndIsAnswered() throws Exception {
        CompletableFuture<Frame> answer = new CompletableFuture<>();
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            peer.write(concat(Frame.text("why"), Frame.close(4001, "slow"), Frame.text("never")));
            answer.complete(peer.next());
        })) {
            RecordingListener heard = rig.open(server.uri()).listener();
            WireEnd end = heard.awaitEnd(WireEnd.Kind.CLOSED);
            assertThat(end.code()).isEqualTo(4001);
            assertThat(end.reason()).contains("4001").contains("slow");
            assertThat(heard.awaitMessage().text()).isEqualTo("why");
            assertThat(heard.messages).isEmpty();
            assertThat(await(answer).opcode()).isEqualTo(Frame.CLOSE);
        }
    }

    @Tag("L10")
    @Test
    void aCloseFrameWithoutACodeIs1005() throws Exception {
        try (ScriptedServer server = ScriptedServer.saying(Frame.of(Frame.CLOSE, true, new byte[0]))) {
            assertThat(rig.open(server.uri())
                            .listener()
                            .awaitEnd(WireEnd.Kind.CLOSED)
                            .code())
                    .isEqualTo(1005);
        }
    }

    @Tag("L10")
    @Test
    void theEndWaitsForWhatCameBeforeIt() throws Exception {
        try (ScriptedServer server = ScriptedServer.saying(Frame.text("why"), Frame.close(4001, ""))) {
            Rig.Heard wire = rig.open(Rig.target(server.uri()), new RecordingListener(), 0);
            wire.listener().awaitHead();
            assertThat(wire.listener().end).isNotDone();
            wire.connection().request(1);
            assertThat(wire.listener().awaitMessage().text()).isEqualTo("why");
            wire.listener().awaitEnd(WireEnd.Kind.CLOSED);
        }
    }

    // Liveness

    @Tag("L5")
    @Tag("S44")
    @Test
    void pingsAreAnsweredAndAreASignOfLife() throws Exception {
        BlockingQueue<Frame> pongs = new LinkedBlockingQueue<>();
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            peer.write(Frame.of(Frame.PING, true, "there?".getBytes(StandardCharsets.UTF_8)));
            pongs.add(Frame.read(peer.in));
            peer.readToEnd();
        })) {
            RecordingListener heard = rig.open(server.uri()).listener();
            heard.awaitSign();
            Frame pong = await(pongs);
            assertThat(pong.opcode()).isEqualTo(Frame.PONG);
            assertThat(pong.string()).isEqualTo("there?");
        }
    }

    @Tag("L5")
    @Tag("S44")
    @Test
    @Tag("T12")
    void pingsAreAnsweredWithinAMessageThatNobodyTakes() throws Exception {
        BlockingQueue<Frame> pongs = new LinkedBlockingQueue<>();
        try (ScriptedServer server = ScriptedServer.asked(peer -> {
            peer.write(Frame.of(Frame.BINARY, false, new byte[100_000]));
            peer.write(Frame.of(Frame.PING, true, new byte[0]));
            pongs.add(Frame.read(peer.in));
            peer.write(Frame.of(Frame.CONTINUATION, true, new byte[1]));
            peer.readToEnd();
        })) {
            Rig.Heard wire = rig.open(Rig.target(server.uri()), new RecordingListener(), 0)
                    .ask();
            assertThat(await(pongs).opcode()).isEqualTo(Frame.PONG);
            assertThat(wire.listener().pieces).hasValue(0);
            wire.connection().request(Rig.PLENTY);
            assertThat(wire.listener().awaitMessage().bytes()).hasSize(100_001);
        }
    }

    @Tag("L5")
    @Test
    @Tag("T13")
    @Tag("T62")
    void aPingIsSentAfterSilenceAndOnlyOneIsUnanswered() throws Exception {
        BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
        Semaphore answer = new Semaphore(0);
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            frames.add(Frame.read(peer.in));
            answer.acquire();
            peer.write(Frame.of(Frame.PONG, true, new byte[0]));
            while (true) {
                frames.add(Frame.read(peer.in));
            }
        })) {
            Rig.Heard wire = rig.open(server.uri());
            wire.listener().awaitHead();
            rig.environment.advance(Rig.PING_AFTER.minusNanos(1));
            wire.connection().send(DataKind.TEXT, bytes("first"));
            // Had a ping been due, it would have come first.
            assertThat(await(frames).string()).isEqualTo("first");
            answer.release();
            wire.listener().awaitSign();
            rig.environment.advance(Rig.PING_AFTER);
            assertThat(await(frames).opcode()).isEqualTo(Frame.PING);
            rig.environment.advance(Rig.PING_AFTER.multipliedBy(3));
            wire.connection().send(DataKind.TEXT, bytes("second"));
            assertThat(await(frames).string()).isEqualTo("second");
        }
    }

    @Tag("L5")
    @Test
    void contentIsASignOfLifeToo() throws Exception {
        BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
        Semaphore speak = new Semaphore(0);
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            speak.acquire();
            peer.write(Frame.text("hello"));
            while (true) {
                frames.add(Frame.read(peer.in));
            }
        })) {
            Rig.Heard wire = rig.open(server.uri());
            wire.listener().awaitHead();
            rig.environment.advance(Rig.PING_AFTER.minusSeconds(1));
            speak.release();
            wire.listener().awaitMessage();
            rig.environment.advance(Rig.PING_AFTER.minusSeconds(1));
            wire.connection().send(DataKind.TEXT, bytes("first"));
            assertThat(await(frames).string()).isEqualTo("first");
        }
    }

    // Bounds

    @Tag("L9")
    @Test
    void nothingIsToldWithoutAGrant() throws Exception {
        try (ScriptedServer server = ScriptedServer.saying(Frame.text("one"), Frame.text("two"), Frame.text("three"))) {
            Rig.Heard wire = rig.open(Rig.target(server.uri()), new RecordingListener(), 1);
            assertThat(wire.listener().awaitMessage().text()).isEqualTo("one");
            assertThat(wire.listener().messages).isEmpty();
            wire.connection().request(1);
            assertThat(wire.listener().awaitMessage().text()).isEqualTo("two");
            wire.connection().request(1);
            assertThat(wire.listener().awaitMessage().text()).isEqualTo("three");
            assertThat(wire.listener().pieces).hasValue(3);
        }
    }

    @Tag("L9")
    @Test
    void aServerThatIsFasterThanItsReaderIsSlowedDown() throws Exception {
        int size = 16_000;
        int count = 8_000;
        long slack = 32L << 20;
        AtomicLong written = new AtomicLong();
        byte[] message = Frame.of(Frame.BINARY, true, new byte[size]);
        try (ScriptedServer server = ScriptedServer.asked(peer -> {
            for (int i = 0; i < count; i++) {
                peer.write(message);
                written.addAndGet(size);
            }
            peer.write(Frame.close(1000, ""));
            peer.readToEnd();
        })) {
            Semaphore pieces = new Semaphore(0);
            RecordingListener listener = new RecordingListener().countOnly().onPiece(pieces::release);
            Rig.Heard wire = rig.open(Rig.target(server.uri()), listener, 1).ask();
            long ahead = 0;
            // From here, so that each piece costs a way between threads: reading the socket is much faster.
            while (listener.length.get() < (long) size * count) {
                assertThat(pieces.tryAcquire(RecordingListener.GENEROUS_SECONDS, TimeUnit.SECONDS))
                        .isTrue();
                ahead = Math.max(ahead, written.get() - listener.length.get());
                wire.connection().request(1);
            }
            listener.awaitEnd(WireEnd.Kind.CLOSED);
            assertThat(listener.length.get()).isEqualTo((long) size * count);
            assertThat(ahead).isLessThan(slack);
        }
    }

    @Tag("L9")
    @Test
    void unboundedSendQueue() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        long most = 4L << 20;
        try (ScriptedServer server = ScriptedServer.accepting(peer -> await(over));
                Rig small = new Rig(
                        client,
                        Map.of(WebSocketOptions.SEND_BUFFER, 64L << 10, WebSocketOptions.MAX_UNSENT_BYTES, most))) {
            Rig.Heard wire = small.open(server.uri());
            wire.listener().awaitHead();
            boolean full = false;
            int sent = 0;
            // The kernel takes some before the wire has to keep any.
            while (!wire.listener().end.isDone() && sent < 4_000) {
                full |= !wire.connection().send(DataKind.BINARY, ByteBuffer.wrap(new byte[64 << 10]));
                sent++;
            }
            WireEnd end = wire.listener().awaitEnd(WireEnd.Kind.BROKEN);
            assertThat(full).as(end.toString()).isTrue();
            assertThat(end.reason()).contains("does not read").contains("maxUnsentBytes");
            // After the end nobody has to wait for anything.
            assertThat(wire.connection().send(DataKind.TEXT, bytes("late"))).isTrue();
            over.countDown();
        }
    }

    @Tag("L9")
    @Test
    void aFullWireSaysWhenItTakesMore() throws Exception {
        Semaphore read = new Semaphore(0);
        BlockingQueue<Integer> heard = new LinkedBlockingQueue<>();
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
                    read.acquire();
                    while (true) {
                        heard.add(ByteBuffer.wrap(peer.next().payload()).getInt());
                    }
                });
                Rig small = new Rig(client, Map.of(WebSocketOptions.SEND_BUFFER, 64L << 10))) {
            Rig.Heard wire = small.open(server.uri());
            wire.listener().awaitHead();
            int sent = 0;
            boolean room = true;
            while (room && sent < 4_000) {
                ByteBuffer message = ByteBuffer.allocate(16 << 10).putInt(0, sent++);
                room = wire.connection().send(DataKind.BINARY, message);
            }
            assertThat(room).isFalse();
            assertThat(wire.listener().writable.availablePermits()).isZero();
            read.release();
            wire.listener().awaitWritable();
            for (int i = 0; i < sent; i++) {
                assertThat(await(heard)).isEqualTo(i);
            }
            assertThat(wire.connection().send(DataKind.TEXT, bytes("more"))).isTrue();
            assertThat(wire.listener().writable.availablePermits()).isZero();
        }
    }

    // Closing

    @Tag("L12")
    @Test
    void closingSendsWhatIsQueuedThenCodeAndReason() throws Exception {
        BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
        CountDownLatch gone = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            frames.add(peer.next());
            frames.add(peer.next());
            peer.write(Frame.text("never heard"));
            peer.write(Frame.close(1000, ""));
            gone.countDown();
        })) {
            Rig.Heard wire = rig.open(server.uri());
            wire.listener().awaitHead();
            wire.connection().send(DataKind.TEXT, bytes("last"));
            wire.connection().close(1000, "done");
            wire.connection().close(1000, "done");
            assertThat(await(frames).string()).isEqualTo("last");
            Frame close = await(frames);
            assertThat(close.opcode()).isEqualTo(Frame.CLOSE);
            assertThat(close.code()).isEqualTo(1000);
            assertThat(close.reason()).isEqualTo("done");
            await(gone);
            assertThat(wire.listener().messages).isEmpty();
            assertThat(wire.listener().end).isNotDone();
        }
    }

    @Tag("L12")
    @Test
    void aLongReasonIsCutAtACharacter() throws Exception {
        BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
        try (ScriptedServer server = ScriptedServer.accepting(peer -> frames.add(peer.next()))) {
            Rig.Heard wire = rig.open(server.uri());
            wire.listener().awaitHead();
            wire.connection().close(1012, "🐟".repeat(100));
            Frame close = await(frames);
            // Only servers may say 1012.
            assertThat(close.code()).isEqualTo(1000);
            assertThat(close.reason()).isEqualTo("🐟".repeat(30));
        }
    }

    @Tag("L12")
    @Test
    void closingBeforeTheHeadClosesTheSocket() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(peer -> {
            asked.countDown();
            try {
                peer.readToEnd();
            } finally {
                gone.countDown();
            }
        })) {
            Rig.Heard wire = rig.open(server.uri());
            await(asked);
            wire.connection().close(1000, "");
            await(gone);
            assertThat(wire.listener().head).isNotDone();
            assertThat(wire.listener().end).isNotDone();
        }
    }

    @Tag("L12")
    @Test
    void closingWithCodeZeroSaysNothing() throws Exception {
        CompletableFuture<Integer> next = new CompletableFuture<>();
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            try {
                next.complete(peer.in.read());
            } catch (IOException e) {
                next.complete(-1);
            }
        })) {
            Rig.Heard wire = rig.open(server.uri());
            wire.listener().awaitHead();
            wire.connection().close(0, "silent");
            assertThat(await(next)).isEqualTo(-1);
        }
    }

    @Tag("L12")
    @Test
    void silentPeerAtClose() throws Exception {
        CountDownLatch heard = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            peer.next();
            heard.countDown();
            try {
                peer.readToEnd();
            } finally {
                gone.countDown();
            }
            // It never answers the goodbye; only our side ends the connection.
            new CountDownLatch(1).await();
        })) {
            Rig.Heard wire = rig.open(server.uri());
            wire.listener().awaitHead();
            wire.connection().close(1000, "");
            await(heard);
            rig.environment.advance(Duration.ofNanos(SocketWire.GRACE_NANOS));
            await(gone);
            rig.close();
        }
    }

    @Tag("L12")
    @Test
    void stalledPeerAtClose() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.accepting(peer -> await(over))) {
            Rig.Heard wire = rig.open(server.uri());
            wire.listener().awaitHead();
            while (wire.connection().send(DataKind.BINARY, ByteBuffer.wrap(new byte[256 << 10]))) {
                // until it is full
            }
            wire.connection().close(1000, "");
            // The peer reads nothing at all, and yet all threads end.
            rig.close();
            over.countDown();
        }
    }

    @Tag("L12")
    @Test
    void nothingIsHeardAfterAListenerClosedItsWire() throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            peer.write(concat(Frame.text("one"), Frame.text("two")));
            try {
                peer.readToEnd();
            } finally {
                gone.countDown();
            }
        })) {
            Rig.Heard[] wire = new Rig.Heard[1];
            RecordingListener listener = new RecordingListener().onPiece(() -> {
                try {
                    await(ready);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                wire[0].connection().close(1000, "from inside");
            });
            wire[0] = rig.open(Rig.target(server.uri()), listener, 10);
            ready.countDown();
            assertThat(listener.awaitMessage().text()).isEqualTo("one");
            rig.close();
            await(gone);
            assertThat(listener.pieces).hasValue(1);
            assertThat(listener.end).isNotDone();
        }
    }

    @Tag("L11")
    @Test
    void aListenerThatThrowsHarmsOnlyItsWire() throws Exception {
        try (ScriptedServer server = ScriptedServer.saying(Frame.text("one"), Frame.text("two"))) {
            RecordingListener bad = new RecordingListener().onPiece(() -> {
                throw new AssertionError("on purpose");
            });
            rig.open(Rig.target(server.uri()), bad, 10);
            assertThat(bad.awaitMessage().text()).isEqualTo("one");
            RecordingListener good = rig.open(server.uri()).listener();
            assertThat(good.awaitMessage().text()).isEqualTo("one");
            assertThat(good.awaitMessage().text()).isEqualTo("two");
            assertThat(bad.messages).isEmpty();
        }
    }

    @Tag("L12")
    @Test
    void closingTheWiresTellsServersAndNobodyElse() throws Exception {
        int count = 40;
        CountDownLatch told = new CountDownLatch(count);
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            if (peer.next().code() == 1000) {
                told.countDown();
            }
        })) {
            List<RecordingListener> heard = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                heard.add(rig.open(server.uri()).listener());
            }
            for (RecordingListener listener : heard) {
                listener.awaitHead();
            }
            rig.wires.close();
            await(told);
            rig.close();
            heard.forEach(listener -> assertThat(listener.end).isNotDone());
        }
    }

    @Tag("L12")
    @Test
    void aWireThatIsOpenedAfterTheEndIsClosed() throws Exception {
        try (ScriptedServer server = ScriptedServer.saying()) {
            rig.wires.close();
            Rig.Heard wire = rig.open(server.uri());
            assertThat(wire.connection().send(DataKind.TEXT, bytes("x"))).isTrue();
            assertThat(wire.listener().head).isNotDone();
            assertThat(server.requests).isEmpty();
        }
    }

    @Tag("L12")
    @Test
    void aConnectionThatEndedLeavesNothingBehindWhileOthersGoOn() throws Exception {
        try (ScriptedServer server = ScriptedServer.saying(Frame.close(1000, ""));
                ScriptedServer lasting = ScriptedServer.saying(Frame.text("hello"))) {
            Rig.Heard other = rig.open(lasting.uri());
            other.listener().awaitMessage();
            for (int i = 0; i < 20; i++) {
                rig.open(server.uri()).listener().awaitEnd(WireEnd.Kind.CLOSED);
            }
            assertThat(other.connection().send(DataKind.TEXT, bytes("still here")))
                    .isTrue();
            assertThat(other.listener().end).isNotDone();
        }
    }

    /** How many threads so many idle sockets may have. */
    abstract int mostThreads(int sockets);

    @Tag("L9")
    @Test
    void threadsPerClient() throws Exception {
        int count = 50;
        try (ScriptedServer server = ScriptedServer.saying()) {
            List<RecordingListener> heard = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                heard.add(rig.open(server.uri()).listener());
            }
            for (RecordingListener listener : heard) {
                listener.awaitHead();
            }
            assertThat(rig.ours()).hasSizeLessThanOrEqualTo(mostThreads(count));
        }
    }

    WebSocketTarget withoutControlFrames(URI uri) {
        return Rig.target(uri, List.of(), Rig.MAX_MESSAGE, null);
    }
}
