package dev.tributary.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ConfigurationException;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.WireEnd;
import dev.tributary.spi.WireProvider;
import dev.tributary.spi.Wires;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Good servers. */
class HttpExchangeTest {

    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String EMPTY = OK + "content-length: 0\r\n\r\n";

    private static byte[] answer(String head, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes((head + "content-length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(body);
        return out.toByteArray();
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    @Test
    void isFoundAsAService() {
        assertThat(ServiceLoader.load(WireProvider.class))
                .anySatisfy(provider -> assertThat(provider.schemes()).containsExactlyInAnyOrder("http", "https"));
    }

    @Test
    void getsHeadContentAndEnd() throws Exception {
        byte[] body = "x".repeat(300_000).getBytes(StandardCharsets.US_ASCII);
        String head = OK + "Electric-Handle: 7-8\r\nElectric-Up-To-Date: \r\n";
        try (ScriptedServer server = ScriptedServer.saying(answer(head, body));
                Rig rig = Rig.plain()) {
            RecordingListener heard = rig.fetch(Rig.target(
                    "GET", server.uri("/v1?a=b"), Map.of("X-Plain", "p"), Map.of("Authorization", "Bearer s"), null));
            heard.awaitEnd(WireEnd.Kind.COMPLETE);
            assertThat(heard.awaitHead().status()).isEqualTo(200);
            assertThat(heard.awaitHead().first("electric-handle")).contains("7-8");
            assertThat(heard.awaitHead().first("electric-up-to-date")).contains("");
            assertThat(heard.content()).isEqualTo(body);
            assertThat(heard.largest()).isLessThanOrEqualTo(64 * 1024);
            assertThat(server.requests.get(0))
                    .startsWith("GET /v1?a=b HTTP/1.1\r\n")
                    .containsIgnoringCase("X-Plain: p\r\n")
                    .containsIgnoringCase("Authorization: Bearer s\r\n")
                    .containsIgnoringCase("Accept-Encoding: gzip\r\n")
                    .doesNotContainIgnoringCase("upgrade")
                    .doesNotContainIgnoringCase("http2-settings");
        }
    }

    @Test
    void postsABody() throws Exception {
        AtomicReference<String> seen = new AtomicReference<>();
        try (ScriptedServer server = new ScriptedServer((request, socket) -> {
                    seen.set(new String(socket.getInputStream().readNBytes(2), StandardCharsets.UTF_8));
                    ScriptedServer.write(socket.getOutputStream(), "HTTP/1.1 204 No Content\r\n\r\n");
                });
                Rig rig = Rig.plain()) {
            byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
            RecordingListener heard = rig.fetch(Rig.target("POST", server.uri("/"), Map.of(), Map.of(), body));
            heard.awaitEnd(WireEnd.Kind.COMPLETE);
            assertThat(heard.awaitHead().status()).isEqualTo(204);
            assertThat(server.requests.get(0)).startsWith("POST / ");
            assertThat(seen.get()).isEqualTo("{}");
        }
    }

    @Test
    void decodesGzipAndDoesNotAskWhenToldSo() throws Exception {
        byte[] plain = "[{\"a\":1}]".repeat(50_000).getBytes(StandardCharsets.US_ASCII);
        try (ScriptedServer server = ScriptedServer.saying(answer(OK + "content-encoding: gzip\r\n", gzip(plain)));
                Rig rig = Rig.with(HttpOptions.GZIP, false)) {
            RecordingListener heard = rig.fetch(server.uri("/"));
            heard.awaitEnd(WireEnd.Kind.COMPLETE);
            assertThat(heard.content()).isEqualTo(plain);
            assertThat(server.requests.get(0)).doesNotContainIgnoringCase("accept-encoding");
        }
    }

    @Test
    void theHeadOfAHeadRequestPassesThoughItSaysGzip() throws Exception {
        try (ScriptedServer server =
                        ScriptedServer.saying(OK + "content-encoding: gzip\r\ncontent-length: 500\r\n\r\n");
                Rig rig = Rig.plain()) {
            RecordingListener heard = rig.fetch(Rig.target("HEAD", server.uri("/"), Map.of(), Map.of(), null));
            heard.awaitEnd(WireEnd.Kind.COMPLETE);
            assertThat(heard.length()).isZero();
        }
    }

    @Test
    void rawUtf8InAHeaderPassesAsLatin1() throws Exception {
        String raw = new String("größe".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        try (ScriptedServer scripted =
                        ScriptedServer.saying("HTTP/1.1 200 OK\r\nschema: " + raw + "\r\ncontent-length: 0\r\n\r\n");
                Rig rig = Rig.plain()) {
            RecordingListener heard = rig.fetch(scripted.uri("/"));
            heard.awaitEnd(WireEnd.Kind.COMPLETE);
            assertThat(heard.awaitHead().first("schema")).contains(raw);
        }
    }

    @Tag("L9")
    @Test
    void tellsNoMorePiecesThanGrantedAndTheEndWithoutAGrant() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        try (ScriptedServer scripted = new ScriptedServer((request, socket) -> {
                    ScriptedServer.write(
                            socket.getOutputStream(),
                            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n");
                    second.await();
                    ScriptedServer.write(socket.getOutputStream(), "3\r\ndef\r\n");
                    ScriptedServer.write(socket.getOutputStream(), "0\r\n\r\n");
                });
                Rig rig = Rig.plain()) {
            CountDownLatch first = new CountDownLatch(1);
            RecordingListener heard = new RecordingListener().onPiece(first::countDown);
            Wires.Connection connection = rig.open(scripted.uri("/"), heard);
            heard.awaitHead();
            assertThat(heard.pieces).hasValue(0);
            connection.request(1);
            assertThat(first.await(60, TimeUnit.SECONDS)).isTrue();
            second.countDown();
            connection.request(1);
            heard.awaitEnd(WireEnd.Kind.COMPLETE);
            assertThat(heard.content()).asString().isEqualTo("abcdef");
            assertThat(heard.pieces).hasValue(2);
        }
    }

    @Tag("L9")
    @Test
    void withoutGrantsTheServerStops() throws Exception {
        long large = 512L << 20;
        AtomicLong written = new AtomicLong();
        CountDownLatch stopped = new CountDownLatch(1);
        try (ScriptedServer scripted = new ScriptedServer((request, socket) -> {
                    OutputStream out = socket.getOutputStream();
                    ScriptedServer.write(out, "HTTP/1.1 200 OK\r\ncontent-length: " + large + "\r\n\r\n");
                    byte[] block = new byte[1 << 20];
                    try {
                        for (long sent = 0; sent < large; sent += block.length) {
                            out.write(block);
                            written.addAndGet(block.length);
                        }
                    } finally {
                        stopped.countDown();
                    }
                });
                Rig rig = Rig.plain()) {
            CountDownLatch ten = new CountDownLatch(10);
            RecordingListener heard = new RecordingListener().countOnly().onPiece(ten::countDown);
            Wires.Connection connection = rig.open(scripted.uri("/"), heard);
            connection.request(10);
            assertThat(ten.await(60, TimeUnit.SECONDS)).isTrue();
            // A second exchange over the same threads proves that time has passed and that nothing is stuck.
            for (int i = 0; i < 50; i++) {
                try (ScriptedServer other = ScriptedServer.saying("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")) {
                    rig.fetch(other.uri("/")).awaitEnd(WireEnd.Kind.COMPLETE);
                }
            }
            assertThat(heard.pieces).hasValue(10);
            assertThat(written.get()).isLessThan(64L << 20);
            connection.close(0, "enough");
            assertThat(stopped.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(written.get()).isLessThan(64L << 20);
            assertThat(heard.end).isNotDone();
        }
    }

    @Test
    void grantsFromWithinTheListenerCarryOn() throws Exception {
        byte[] body = new byte[1 << 20];
        try (ScriptedServer server = ScriptedServer.saying(answer(OK, body));
                Rig rig = Rig.plain()) {
            AtomicReference<Wires.Connection> connection = new AtomicReference<>();
            RecordingListener heard =
                    new RecordingListener().onPiece(() -> connection.get().request(1));
            connection.set(rig.open(server.uri("/"), heard));
            connection.get().request(1);
            heard.awaitEnd(WireEnd.Kind.COMPLETE);
            assertThat(heard.length()).isEqualTo(body.length);
        }
    }

    @Tag("E69")
    @Test
    void twoThousandExchangesAreHeldOpenOnFewThreads() throws Exception {
        int count = 2_000;
        try (HoldingServer server = new HoldingServer(count);
                Rig rig = Rig.plain()) {
            List<RecordingListener> heard = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                heard.add(rig.fetch(server.uri("/" + i)));
            }
            assertThat(server.awaitAll()).isTrue();
            assertThat(rig.ours()).hasSizeLessThanOrEqualTo(5);
            server.answer(answer(OK, new byte[2]));
            for (RecordingListener listener : heard) {
                listener.awaitEnd(WireEnd.Kind.COMPLETE);
                assertThat(listener.length()).isEqualTo(2);
            }
        }
    }

    @Test
    void sequentialExchangesShareOneConnection() throws Exception {
        int count = 20;
        AtomicInteger connections = new AtomicInteger();
        try (ScriptedServer server = new ScriptedServer((request, socket) -> {
                    connections.incrementAndGet();
                    do {
                        socket.getOutputStream().write(answer(OK, new byte[2]));
                    } while (ScriptedServer.readHead(socket.getInputStream()).endsWith("\r\n\r\n"));
                });
                Rig rig = Rig.plain()) {
            for (int i = 0; i < count; i++) {
                rig.fetch(server.uri("/")).awaitEnd(WireEnd.Kind.COMPLETE);
            }
            // The pool gets a connection back a moment after the end is told.
            assertThat(connections.get()).isLessThan(count / 2);
        }
    }

    /** To cancel then would close the connection, which may serve another exchange by now. */
    @Test
    void whatWasReceivedIsNotCancelledAlthoughItsFutureComesLater() throws Exception {
        LateClient client = new LateClient();
        try (ScriptedServer server = ScriptedServer.saying(EMPTY)) {
            Rig rig = Rig.with(HttpOptions.CLIENT, client);
            RecordingListener listener = new RecordingListener();
            Wires.Connection connection = rig.open(server.uri("/"), listener);
            connection.request(1);
            listener.awaitEnd(WireEnd.Kind.COMPLETE);
            connection.close(1000, "");
            rig.close();
            assertThat(client.cancelled()).isZero();
        }
    }

    @Test
    void aBorrowedClientIsUsedAndNotClosed() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        try (ScriptedServer server = ScriptedServer.saying(EMPTY)) {
            Rig rig = Rig.with(HttpOptions.CLIENT, client);
            rig.fetch(server.uri("/")).awaitEnd(WireEnd.Kind.COMPLETE);
            rig.close();
            try (Rig again = Rig.with(HttpOptions.CLIENT, client)) {
                again.fetch(server.uri("/")).awaitEnd(WireEnd.Kind.COMPLETE);
            }
        }
    }

    @Tag("L8")
    @Test
    void aBorrowedClientThatFollowsRedirectsIsRefused() {
        HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        assertThatThrownBy(() -> Rig.with(HttpOptions.CLIENT, client))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("httpClient")
                .hasMessageContaining("Redirect.NEVER");
    }

    @Test
    void sendingIsRefused() throws Exception {
        try (Rig rig = Rig.plain()) {
            Wires.Connection connection = rig.open(URI.create("http://127.0.0.1:9/"), new RecordingListener());
            assertThatThrownBy(() -> connection.send(Protocol.DataKind.TEXT, ByteBuffer.allocate(1)))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Tag("L8")
    @Test
    void aBadHeaderIsNamedWithoutItsValue() throws Exception {
        try (Rig rig = Rig.plain()) {
            WireEnd end = rig.fetch(Rig.target(
                            "GET",
                            URI.create("http://127.0.0.1:9/?secret=42"),
                            Map.of(),
                            Map.of("Authorization", "a\nb"),
                            null))
                    .awaitEnd(WireEnd.Kind.REFUSED);
            assertThat(end.reason())
                    .contains("'Authorization'")
                    .doesNotContain("a\nb")
                    .doesNotContain("42");
            assertThat(end.cause()).isNull();
        }
    }
}
