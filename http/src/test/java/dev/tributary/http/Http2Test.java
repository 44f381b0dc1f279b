package dev.tributary.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import dev.tributary.spi.WireEnd;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 over TLS, with a server that takes 128 streams per connection. */
class Http2Test {

    private static final String PASSWORD = "password";

    @TempDir
    static Path directory;

    private static final Gate GATE = new Gate();
    private static WireMockServer server;
    private static SSLContext trusting;
    private static SSLContext before;

    /** Holds requests to /held until it opens. */
    private static final class Gate implements ResponseDefinitionTransformerV2 {

        private final AtomicInteger arrived = new AtomicInteger();
        private volatile CountDownLatch expected = new CountDownLatch(0);
        private volatile CountDownLatch open = new CountDownLatch(0);

        void expect(int requests) {
            arrived.set(0);
            expected = new CountDownLatch(requests);
            open = new CountDownLatch(1);
        }

        @Override
        public ResponseDefinition transform(ServeEvent event) {
            if (event.getRequest().getUrl().startsWith("/held")) {
                arrived.incrementAndGet();
                expected.countDown();
                try {
                    open.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return event.getResponseDefinition();
        }

        @Override
        public String getName() {
            return "gate";
        }
    }

    @BeforeAll
    static void startServer() throws Exception {
        Path keys = directory.resolve("keys.p12");
        keytool(keys, "san=dns:localhost,ip:127.0.0.1", 30);
        trusting = trusting(keys);
        before = SSLContext.getDefault();
        server = new WireMockServer(WireMockConfiguration.options()
                .httpDisabled(true)
                .dynamicHttpsPort()
                .containerThreads(400)
                .keystorePath(keys.toString())
                .keystoreType("PKCS12")
                .keystorePassword(PASSWORD)
                .keyManagerPassword(PASSWORD)
                .extensions(GATE));
        server.start();
    }

    private static void keytool(Path keys, String extension, int days) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        extension,
                        "-validity",
                        String.valueOf(days),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        keys.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
    }

    private static SSLContext trusting(Path keys) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("a", store.getCertificate("a"));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    @AfterAll
    static void stopServer() {
        GATE.open.countDown();
        server.stop();
    }

    @BeforeEach
    void trust() {
        server.resetAll();
        server.stubFor(any(anyUrl()).willReturn(aResponse().withBody("ok")));
        SSLContext.setDefault(trusting);
    }

    @AfterEach
    void distrust() {
        GATE.open.countDown();
        SSLContext.setDefault(before);
    }

    private static URI uri(String path) {
        return URI.create("https://localhost:" + server.httpsPort() + path);
    }

    private static List<RecordingListener> hold(Rig rig, int count) {
        List<RecordingListener> heard = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            heard.add(rig.fetch(uri("/held/" + i)));
        }
        return heard;
    }

    private static void release(List<RecordingListener> heard) throws Exception {
        GATE.open.countDown();
        for (RecordingListener listener : heard) {
            listener.awaitEnd(WireEnd.Kind.COMPLETE);
            assertThat(listener.content()).asString().isEqualTo("ok");
        }
    }

    @Tag("E69")
    @Test
    void isUsedWhereOffered() throws Exception {
        try (Rig rig = Rig.plain()) {
            RecordingListener heard = rig.fetch(uri("/"));
            heard.awaitEnd(WireEnd.Kind.COMPLETE);
            assertThat(server.getAllServeEvents().get(0).getRequest().getProtocol())
                    .isEqualTo("HTTP/2.0");
            assertThat(heard.awaitHead().headers().keySet()).noneMatch(name -> name.startsWith(":"));
        }
        try (Rig rig = Rig.with(HttpOptions.HTTP2, false)) {
            rig.fetch(uri("/")).awaitEnd(WireEnd.Kind.COMPLETE);
            assertThat(server.getAllServeEvents().get(0).getRequest().getProtocol())
                    .isEqualTo("HTTP/1.1");
        }
    }

    @Tag("E69")
    @Test
    void moreThanTheServersStreamsAreHeldOverFurtherConnections() throws Exception {
        int count = 300;
        GATE.expect(count);
        try (Rig rig = Rig.plain()) {
            List<RecordingListener> heard = hold(rig, count);
            assertThat(GATE.expected.await(60, TimeUnit.SECONDS)).isTrue();
            // Three selectors and the executor.
            assertThat(rig.ours()).hasSizeLessThanOrEqualTo(3 + 4);
            release(heard);
        }
    }

    @Tag("L9")
    @Test
    void withABorrowedClientTheyWaitForTheirTurn() throws Exception {
        GATE.expect(50);
        HttpClient client = HttpClient.newBuilder().sslContext(trusting).build();
        try (Rig rig = Rig.with(HttpOptions.CLIENT, client, HttpOptions.MAX_CONCURRENT_STREAMS, 50)) {
            List<RecordingListener> heard = hold(rig, 200);
            assertThat(GATE.expected.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(GATE.arrived).hasValue(50);
            release(heard);
        }
    }

    @Test
    void aLimitAboveTheServersIsLearntWithoutAFailure() throws Exception {
        GATE.expect(128);
        HttpClient client = HttpClient.newBuilder().sslContext(trusting).build();
        try (Rig rig = Rig.with(HttpOptions.CLIENT, client, HttpOptions.MAX_CONCURRENT_STREAMS, 200)) {
            // The first answer says that HTTP/2 is spoken; its stream is over before the burst.
            rig.fetch(uri("/")).awaitEnd(WireEnd.Kind.COMPLETE);
            List<RecordingListener> heard = hold(rig, 200);
            assertThat(GATE.expected.await(60, TimeUnit.SECONDS)).isTrue();
            release(heard);
        }
    }

    @Tag("E62")
    @Tag("L12")
    @Test
    void closingAStreamLeavesItsNeighboursAlone() throws Exception {
        GATE.expect(2);
        try (Rig rig = Rig.plain()) {
            RecordingListener closed = new RecordingListener();
            RecordingListener stays = rig.fetch(uri("/held/stays"));
            rig.open(uri("/held/closed"), closed).close(0, "done");
            stays.head.getNow(null);
            GATE.open.countDown();
            stays.awaitEnd(WireEnd.Kind.COMPLETE);
            assertThat(closed.end).isNotDone();
        }
    }

    @Tag("E70")
    @Tag("L10")
    @Test
    void faultsAreBrokenOrMalformed() throws Exception {
        try (Rig rig = Rig.plain()) {
            for (Fault fault : Fault.values()) {
                server.stubFor(any(anyUrl()).willReturn(aResponse().withFault(fault)));
                WireEnd end = rig.fetch(uri("/?secret=42")).awaitEnd();
                assertThat(end.kind()).as(fault + ": " + end).isIn(WireEnd.Kind.BROKEN, WireEnd.Kind.MALFORMED);
                assertThat(end.reason()).doesNotContain("secret");
            }
        }
    }

    @Test
    void anUntrustedCertificateIsNamed() throws Exception {
        SSLContext.setDefault(before);
        try (Rig rig = Rig.plain()) {
            WireEnd end = rig.fetch(uri("/")).awaitEnd(WireEnd.Kind.REFUSED);
            assertThat(end.reason()).contains("certificate is not trusted");
        }
    }

    @Test
    void aCertificateForAnotherHostIsNamed() throws Exception {
        Path keys = directory.resolve("other.p12");
        keytool(keys, "san=dns:elsewhere.example", 30);
        WireMockServer other = new WireMockServer(WireMockConfiguration.options()
                .httpDisabled(true)
                .dynamicHttpsPort()
                .keystorePath(keys.toString())
                .keystoreType("PKCS12")
                .keystorePassword(PASSWORD)
                .keyManagerPassword(PASSWORD));
        other.start();
        SSLContext.setDefault(trusting(keys));
        try (Rig rig = Rig.plain()) {
            WireEnd end = rig.fetch(URI.create("https://localhost:" + other.httpsPort() + "/"))
                    .awaitEnd(WireEnd.Kind.REFUSED);
            assertThat(end.reason()).contains("certificate does not fit");
        } finally {
            other.stop();
        }
    }

    @Test
    void aServerWithoutTlsIsNamed() throws Exception {
        try (ScriptedServer plain = ScriptedServer.greeting("HTTP/1.1 400 No\r\ncontent-length: 0\r\n\r\n");
                Rig rig = Rig.plain()) {
            WireEnd end = rig.fetch(
                            URI.create("https://127.0.0.1:" + plain.uri("/").getPort() + "/"))
                    .awaitEnd(WireEnd.Kind.REFUSED);
            assertThat(end.reason()).contains("TLS failed");
        }
    }

    @Tag("L8")
    @Test
    void fromClearTextToTlsWithoutCredentials() throws Exception {
        try (ScriptedServer start = ScriptedServer.saying(
                        "HTTP/1.1 301 Moved\r\nlocation: " + uri("/to") + "\r\ncontent-length: 0\r\n\r\n");
                Rig rig = Rig.plain()) {
            rig.fetch(Rig.target("GET", start.uri("/"), Map.of(), Map.of("Authorization", "hush"), null))
                    .awaitEnd(WireEnd.Kind.COMPLETE);
            assertThat(server.getAllServeEvents().get(0).getRequest().containsHeader("Authorization"))
                    .isFalse();
        }
    }
}
