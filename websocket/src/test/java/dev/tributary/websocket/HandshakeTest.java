package dev.tributary.websocket;

import static dev.tributary.websocket.Rig.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.WireEnd;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is asked for, and what counts as an answer. */
@WithEachClient
class HandshakeTest {

    private final TestedClient client;

    @AutoClose
    private final Rig rig;

    HandshakeTest(TestedClient client) {
        this.client = client;
        this.rig = new Rig(client.word);
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
            assertThat(server.requests.get(0).toLowerCase(Locale.ROOT)).doesNotContain("deflate");
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
            if (client.tellsBodies) {
                assertThat(heard.awaitMessage().text()).isEqualTo(body);
            }
        }
    }

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
}
