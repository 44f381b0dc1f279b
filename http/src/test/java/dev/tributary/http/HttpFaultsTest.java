package dev.tributary.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.tributary.spi.WireEnd;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bad servers. */
@Tag("E70")
@Tag("L10")
class HttpFaultsTest {

    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static WireMockServer wireMock;
    private Rig rig;

    @BeforeAll
    static void startServer() {
        wireMock = new WireMockServer(WireMockConfiguration.options().dynamicPort());
        wireMock.start();
    }

    @AfterAll
    static void stopServer() {
        wireMock.stop();
    }

    @BeforeEach
    void open() {
        wireMock.resetAll();
        rig = Rig.plain();
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private RecordingListener ask(ResponseDefinitionBuilder answer) {
        wireMock.stubFor(any(anyUrl()).willReturn(answer));
        return rig.fetch(URI.create(wireMock.baseUrl() + "/v1/shape?secret=42"));
    }

    /** A full answer of these characters, then the end of the connection. */
    private RecordingListener answer(String text) throws Exception {
        return answer(text, new byte[0]);
    }

    private RecordingListener answer(String head, byte[] body) throws Exception {
        try (ScriptedServer server = ScriptedServer.saying(head, body)) {
            RecordingListener heard = rig.fetch(server.uri("/v1/shape?secret=42"));
            heard.awaitEnd();
            return heard;
        }
    }

    private static void assertSecretFree(WireEnd end) {
        assertThat(end.reason()).contains("/v1/shape").doesNotContain("secret").doesNotContain("42?");
        assertThat(String.valueOf(end.cause())).doesNotContain("secret");
    }

    @Test
    void reset() throws Exception {
        WireEnd end = ask(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)).awaitEnd(WireEnd.Kind.BROKEN);
        assertSecretFree(end);
    }

    @Test
    void empty() throws Exception {
        WireEnd end = ask(aResponse().withFault(Fault.EMPTY_RESPONSE)).awaitEnd(WireEnd.Kind.BROKEN);
        assertThat(end.reason()).contains("before the answer");
        assertSecretFree(end);
    }

    @Test
    void malformedChunk() throws Exception {
        WireEnd end = ask(aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK)).awaitEnd(WireEnd.Kind.MALFORMED);
        assertThat(end.reason()).contains("not HTTP");
        assertSecretFree(end);
    }

    @Test
    void randomData() throws Exception {
        WireEnd end = ask(aResponse().withFault(Fault.RANDOM_DATA_THEN_CLOSE)).awaitEnd(WireEnd.Kind.MALFORMED);
        assertSecretFree(end);
    }

    @Test
    void slowBody() throws Exception {
        byte[] body = "abcdefgh".getBytes(StandardCharsets.US_ASCII);
        RecordingListener heard = ask(aResponse().withBody(body).withChunkedDribbleDelay(4, 40));
        heard.awaitEnd(WireEnd.Kind.COMPLETE);
        assertThat(heard.content()).isEqualTo(body);
    }

    @Test
    void aPageThatIsNoAnswerIsStillAnAnswer() throws Exception {
        RecordingListener heard = ask(aResponse().withStatus(503).withBody("<html>"));
        heard.awaitEnd(WireEnd.Kind.COMPLETE);
        assertThat(heard.awaitHead().status()).isEqualTo(503);
    }

    @Test
    void shorterThanItsLength() throws Exception {
        RecordingListener heard = answer(OK + "content-length: 100\r\n\r\nabc");
        WireEnd end = heard.awaitEnd(WireEnd.Kind.BROKEN);
        assertThat(end.reason()).contains("within the answer");
        assertThat(heard.content()).asString().isEqualTo("abc");
        assertSecretFree(end);
    }

    @Test
    void endsWithinAChunk() throws Exception {
        assertThat(answer(OK + "transfer-encoding: chunked\r\n\r\n5\r\nabc")
                        .awaitEnd(WireEnd.Kind.BROKEN)
                        .reason())
                .contains("within the answer");
    }

    @Test
    void endsBetweenChunks() throws Exception {
        answer(OK + "transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n").awaitEnd(WireEnd.Kind.BROKEN);
    }

    @Test
    void endsWithinTheHead() throws Exception {
        answer(OK + "content-le").awaitEnd(WireEnd.Kind.BROKEN);
    }

    @Test
    void anotherProtocol() throws Exception {
        WireEnd end = answer("SSH-2.0-OpenSSH_9.2\r\n\r\n").awaitEnd(WireEnd.Kind.MALFORMED);
        assertThat(end.reason()).contains("not HTTP");
    }

    @Test
    void aLengthThatIsNoNumber() throws Exception {
        answer(OK + "content-length: many\r\n\r\nabc").awaitEnd(WireEnd.Kind.MALFORMED);
    }

    @Test
    void aBadHeaderName() throws Exception {
        answer(OK + "a b: c\r\n\r\n").awaitEnd(WireEnd.Kind.MALFORMED);
    }

    @Test
    void truncatedGzip() throws Exception {
        byte[] packed = gzip(new byte[100_000]);
        byte[] part = Arrays.copyOf(packed, packed.length - 3);
        RecordingListener heard =
                answer(OK + "content-encoding: gzip\r\ncontent-length: " + part.length + "\r\n\r\n", part);
        assertThat(heard.awaitEnd(WireEnd.Kind.BROKEN).reason()).contains("gzip content ends too early");
    }

    @Test
    void gzipThatIsNone() throws Exception {
        WireEnd end = answer(OK + "content-encoding: gzip\r\ncontent-length: 2\r\n\r\n[]")
                .awaitEnd(WireEnd.Kind.MALFORMED);
        assertThat(end.reason()).contains("a proxy may have decompressed it");
    }

    @Test
    void anUnknownCoding() throws Exception {
        RecordingListener heard = answer(OK + "content-encoding: br\r\ncontent-length: 2\r\n\r\n[]");
        assertThat(heard.awaitEnd(WireEnd.Kind.MALFORMED).reason()).contains("'br'");
        assertThat(heard.awaitHead().status()).isEqualTo(200);
    }

    @Test
    void nobodyListens() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        WireEnd end = rig.fetch(URI.create("http://127.0.0.1:" + port + "/v1/shape?secret=42"))
                .awaitEnd(WireEnd.Kind.REFUSED);
        assertThat(end.reason()).contains("refused");
        assertSecretFree(end);
    }

    @Test
    void unknownHost() throws Exception {
        WireEnd end = rig.fetch(URI.create("http://no-such-host.invalid/v1/shape?secret=42"))
                .awaitEnd(WireEnd.Kind.REFUSED);
        assertThat(end.reason()).contains("host is unknown");
        assertSecretFree(end);
    }

    @Test
    void addressWithoutAHost() throws Exception {
        assertThat(rig.fetch(URI.create("http://bad_host/v1/shape?secret=42"))
                        .awaitEnd(WireEnd.Kind.REFUSED)
                        .reason())
                .contains("host")
                .doesNotContain("secret");
    }

    @Tag("L9")
    @Test
    void anEndlessBodyIsRefusedWithoutFillingTheHeap() throws Exception {
        long endless = 2L << 30;
        long bound = 1L << 20;
        AtomicLong written = new AtomicLong();
        CountDownLatch gone = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer((request, socket) -> {
                    OutputStream out = socket.getOutputStream();
                    ScriptedServer.write(out, OK + "content-length: " + endless + "\r\n\r\n");
                    byte[] block = new byte[1 << 16];
                    try {
                        for (long sent = 0; sent < endless; sent += block.length) {
                            out.write(block);
                            written.addAndGet(block.length);
                        }
                    } finally {
                        gone.countDown();
                    }
                });
                Rig small = Rig.with(HttpOptions.MAX_BODY_BYTES, bound)) {
            RecordingListener heard = small.fetch(server.uri("/v1/shape"));
            WireEnd end = heard.awaitEnd(WireEnd.Kind.MALFORMED);
            assertThat(end.reason()).contains("1048576 bytes").contains("maxBodyBytes");
            assertThat(heard.length()).isLessThanOrEqualTo(bound);
            assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(written.get()).isLessThan(64L << 20);
        }
    }

    @Tag("L9")
    @Test
    void aBombIsRefusedAtTheBound() throws Exception {
        byte[] bomb = gzip(new byte[200 << 20]);
        try (ScriptedServer server = ScriptedServer.saying(
                        OK + "content-encoding: gzip\r\ncontent-length: " + bomb.length + "\r\n\r\n", bomb);
                Rig small = Rig.with(HttpOptions.MAX_BODY_BYTES, 1L << 20)) {
            RecordingListener heard = small.fetch(server.uri("/"));
            heard.awaitEnd(WireEnd.Kind.MALFORMED);
            assertThat(heard.length()).isLessThanOrEqualTo(1L << 20);
            assertThat(heard.largest()).isLessThanOrEqualTo(64 << 10);
        }
    }

    @Tag("L9")
    @Test
    void compressedContentThatMeansNothingIsBoundedToo() throws Exception {
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        byte[] empty = gzip(new byte[0]);
        while (members.size() < 100_000) {
            members.writeBytes(empty);
        }
        try (ScriptedServer server = ScriptedServer.saying(
                        OK + "content-encoding: gzip\r\ncontent-length: " + members.size() + "\r\n\r\n",
                        members.toByteArray());
                Rig small = Rig.with(HttpOptions.MAX_BODY_BYTES, 50_000L)) {
            RecordingListener heard = small.fetch(server.uri("/"));
            assertThat(heard.awaitEnd(WireEnd.Kind.MALFORMED).reason()).contains("maxBodyBytes");
        }
    }

    private static byte[] gzip(byte[] plain) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }
}
