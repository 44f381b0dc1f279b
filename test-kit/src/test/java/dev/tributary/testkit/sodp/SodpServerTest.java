package dev.tributary.testkit.sodp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.java_websocket.WebSocket;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.ServerHandshake;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The model over real sockets, met by a client of another make. */
class SodpServerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** This client takes a close frame without a code for one with 1000. */
    private static final String CLOSED_WITHOUT_CODE = "closed 1000";

    private static final byte[] WATCH = HexFormat.of().parseHex("94020a0181a57374617465a16b");

    @ParameterizedTest
    @EnumSource
    void aWatchIsAnsweredAndFollowed(SodpDialect dialect) throws Exception {
        try (SodpServer server = SodpServer.start(dialect)) {
            Client client = connect(server);
            assertThat(client.next()).startsWith("[1,0,0,");
            client.send(WATCH);
            assertThat(client.next()).startsWith("[3,10,");
            server.with(model -> model.set("k", "tea"));
            assertThat(client.next()).startsWith("[4,10,").contains("tea");
            client.close(1000);
            assertThat(client.next()).isEqualTo("closed 1000");
            assertThat(server.await(model -> model.sessions().isEmpty(), PATIENCE))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void pingsAreAnsweredAsManyTimesAsByTheRealServer(SodpDialect dialect) throws Exception {
        try (SodpServer server = SodpServer.start(dialect)) {
            Client client = connect(server);
            client.next();
            client.sendPing();
            assertThat(client.next()).isEqualTo("pong");
            client.send(WATCH);
            String next = client.next();
            if (dialect == SodpDialect.RUST) {
                assertThat(next).isEqualTo("pong");
                next = client.next();
            }
            assertThat(next).startsWith("[3,10,");
        }
    }

    @Test
    void faultsHappenToTheBytes() throws Exception {
        try (SodpServer server = SodpServer.start(SodpDialect.RUST)) {
            for (SodpFault fault : new SodpFault[] {
                SodpFault.cut(0), SodpFault.cut(5), SodpFault.reset(), SodpFault.end(), SodpFault.cutBehind()
            }) {
                Client client = connect(server);
                client.next();
                server.with(model -> model.faults().nth(1, SodpFrame.STATE_INIT, fault));
                client.send(WATCH);
                String next = client.next();
                if (next.startsWith("[3,")) {
                    next = client.next();
                }
                assertThat(next).isEqualTo("closed 1006");
            }
            assertThat(server.await(model -> model.sessions().isEmpty(), PATIENCE))
                    .isTrue();
        }
    }

    @Test
    void upgradesAreRefused() throws Exception {
        try (SodpServer server = SodpServer.start(SodpDialect.GO)) {
            server.with(model -> model.faults().refuseUpgrade(503).resetUpgrade());
            assertThat(connect(server).isOpen()).isFalse();
            assertThat(connect(server).isOpen()).isFalse();
            server.leavePort();
            assertThat(connect(server).isOpen()).isFalse();
            server.returnToPort();
            assertThat(connect(server).isOpen()).isTrue();
            assertThat(server.query(SodpModel::connectionCount).intValue()).isOne();
        }
    }

    @Test
    void timeMayBeDriven() throws Exception {
        try (SodpServer server = SodpServer.builder(SodpDialect.TYPESCRIPT)
                .manualClock(Instant.ofEpochSecond(1_800_000_000))
                .start()) {
            Client client = connect(server);
            client.next();
            server.advance(Duration.ofSeconds(30));
            assertThat(client.next()).isEqualTo("[9,0,0,null]");
            server.advance(Duration.ofSeconds(30));
            assertThat(client.next()).isEqualTo(CLOSED_WITHOUT_CODE);
        }
    }

    @Test
    void aRestartEndsConnectionsAndKeepsTheLog() throws Exception {
        SodpOptions options = SodpOptions.of(SodpDialect.RUST).withLogOnDisk();
        try (SodpServer server =
                SodpServer.builder(SodpDialect.RUST).options(options).start()) {
            Client client = connect(server);
            client.next();
            server.with(model -> model.set("k", 1));
            server.restart(true);
            assertThat(client.next()).isEqualTo(CLOSED_WITHOUT_CODE);
            assertThat(server.query(model -> model.version("k")).longValue()).isEqualTo(1);
        }
    }

    @Test
    void aLongReplayReachesAClientThatReadsSlowly() throws Exception {
        try (SodpServer server = SodpServer.start(SodpDialect.RUST)) {
            server.with(model -> {
                for (int i = 0; i < 900; i++) {
                    model.set("k", "x".repeat(4_000) + i);
                }
            });
            Client client = connect(server);
            client.next();
            Map<String, @Nullable Object> body = new LinkedHashMap<>();
            body.put("state", "k");
            body.put("since_version", 1L);
            byte[] resume = new FrameWriter(SodpDialect.RUST, new SplittableRandom(1))
                    .write(new SodpFrame(SodpFrame.RESUME, 1000, 1, body));
            client.send(resume);
            for (int i = 0; i < 900; i++) {
                assertThat(client.next()).startsWith("[");
            }
            assertThat(server.query(model -> model.sessions().size()).intValue())
                    .isOne();
        }
    }

    @Test
    void closingLeavesNoThread() throws Exception {
        SodpServer server = SodpServer.start(SodpDialect.GO);
        int port = server.port();
        Client client = connect(server);
        client.next();
        server.close();
        assertThat(client.next()).isEqualTo("closed 1006");
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("sodp-reference-server-" + port));
    }

    private static Client connect(SodpServer server) throws InterruptedException {
        Client client = new Client(server.webSocketUri());
        client.connectBlocking();
        return client;
    }

    /** Writes down what arrives. */
    private static final class Client extends WebSocketClient {

        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

        Client(URI uri) {
            super(uri);
            setConnectionLostTimeout(0);
        }

        String next() throws InterruptedException {
            String next = heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return next == null ? "nothing" : next;
        }

        @Override
        public void onOpen(ServerHandshake handshake) {}

        @Override
        public void onMessage(String message) {
            heard.add("text " + message);
        }

        @Override
        public void onMessage(ByteBuffer message) {
            byte[] bytes = new byte[message.remaining()];
            message.get(bytes);
            heard.add(RecordingPeer.readable(bytes));
        }

        @Override
        public void onWebsocketPong(WebSocket socket, Framedata pong) {
            heard.add("pong");
        }

        @Override
        public void onClose(int code, String reason, boolean byServer) {
            heard.add("closed " + code);
        }

        @Override
        public void onError(Exception error) {
            // The close tells.
        }
    }
}
