package dev.tributary.websocket;

import static dev.tributary.websocket.Rig.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.spi.Deadlines;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.WireEnd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
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

/** The way to a server, before anything is asked: addresses, TLS and proxies. */
@WithEachClient
class ConnectingTest {

    private final TestedClient client;

    @AutoClose
    private final Rig rig;

    ConnectingTest(TestedClient client) {
        this.client = client;
        this.rig = new Rig(client.word);
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

    @Tag("L10")
    @Test
    void anAddressWithoutAHostIsRefused() throws Exception {
        rig.open(URI.create("ws://bad_host/room")).listener().awaitEnd(WireEnd.Kind.REFUSED);
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

    private Rig trusting() throws Exception {
        return new Rig(client.word, Map.of(WebSocketOptions.SSL_CONTEXT, Certificates.trusting()));
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
                Rig other = trusted ? trusting() : new Rig(client.word)) {
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

    private static void carry(ScriptedServer.Peer peer, int port) throws Exception {
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
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
                Rig behind = new Rig(client.word, Map.of(WebSocketOptions.PROXY, "localhost:" + proxy.port()))) {
            assertThat(behind.open(server.uri()).listener().awaitMessage().text())
                    .isEqualTo("through");
            assertThat(proxy.requests)
                    .singleElement()
                    .asString()
                    .startsWith("CONNECT localhost:" + server.port() + " HTTP/1.1\r\n")
                    .doesNotContain("secret");
        }
    }
}
