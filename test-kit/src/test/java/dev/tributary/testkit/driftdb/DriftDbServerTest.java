package dev.tributary.testkit.driftdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.testkit.socket.RawClient;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DriftDbServerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String CONNECT = "/room/r/connect";
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int CLOSE = 8;

    private final DriftDbServer server = DriftDbServer.start();

    DriftDbServerTest() {
        server.with(model -> model.createRoom("r"));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aRoomIsSharedByHttpAndSockets() throws Exception {
        try (RawClient client = RawClient.webSocket(server.port(), CONNECT)) {
            client.text("{\"type\":\"get\",\"key\":\"k\"}");
            assertThat(client.next()).isEqualTo("text {\"type\":\"init\",\"key\":\"k\",\"data\":[]}");
            assertThat(post(
                            "/room/r/send",
                            "{\"type\":\"push\",\"key\":\"k\",\"value\":1,\"action\":{\"type\":\"append\"}}"))
                    .isEqualTo("200 null");
            assertThat(client.next()).isEqualTo("text {\"type\":\"push\",\"key\":\"k\",\"value\":1,\"seq\":1}");
            server.with(model -> model.createRoom("r").append("k", "2"));
            assertThat(client.next()).isEqualTo("text {\"type\":\"push\",\"key\":\"k\",\"value\":2,\"seq\":2}");
            client.frame(CLOSE, true, new byte[] {3, (byte) 0xe8});
            assertThat(client.next()).isEqualTo("end");
        }
        assertThat(server.await(model -> model.connections().isEmpty(), PATIENCE))
                .isTrue();
        assertThat(post("/new", "")).contains("ws://127.0.0.1:" + server.port() + "/room/");
        assertThat(server.uri("r")).hasToString("driftdb+ws://127.0.0.1:" + server.port() + "/room/r");
    }

    @Test
    void anUnknownRoomGetsNoAnswerAtAll() throws Exception {
        try (RawClient client = new RawClient(server.port())) {
            assertThatThrownBy(() -> client.upgrade("/room/x/connect")).isInstanceOf(EOFException.class);
        }
        try (RawClient client = new RawClient(server.port())) {
            assertThat(client.upgrade(CONNECT + "?cbor=1")).startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void anUnusableMessageGetsAnErrorAndAnEnd() throws Exception {
        try (RawClient client = RawClient.webSocket(server.port(), CONNECT)) {
            client.text("{");
            client.text("{\"type\":\"ping\"}");
            assertThat(client.next())
                    .isEqualTo("text {\"type\":\"error\",\"message\":\"Failed to receive message from user: "
                            + "EOF while parsing an object at line 1 column 1\"}");
            assertThat(client.next()).isEqualTo("end");
        }
    }

    @Test
    void controlFramesAreCounted() throws Exception {
        try (RawClient client = RawClient.webSocket(server.port(), CONNECT)) {
            client.frame(PING, true, new byte[0]);
            for (int i = 0; i < 1_000; i++) {
                assertThat(client.next()).isEqualTo("pong ");
            }
            assertThat(server.<Long>query(DriftDbModel::controlFrames)).isOne();
        }
        try (RawClient client = RawClient.webSocket(server.port(), CONNECT)) {
            client.frame(PONG, true, new byte[0]);
            assertThat(server.await(model -> model.controlFrames() == 2, PATIENCE))
                    .isTrue();
        }
    }

    @Test
    @Tag("L9")
    void aBurstLosesFramesAndStoresEverything() throws Exception {
        try (RawClient client = RawClient.webSocket(server.port(), CONNECT)) {
            client.text("{\"type\":\"get\",\"key\":\"k\"}");
            client.next();
            for (int i = 0; i < 2_000; i++) {
                client.text("{\"type\":\"push\",\"key\":\"k\",\"value\":" + i + ",\"action\":{\"type\":\"append\"}}");
            }
            assertThat(server.await(model -> model.createRoom("r").counter() == 2_000, PATIENCE))
                    .isTrue();
            assertThat(server.<Long>query(DriftDbModel::droppedFrames)).isPositive();
            assertThat(server.<Integer>query(
                            model -> model.createRoom("r").entries("k").size()))
                    .isEqualTo(2_000);
        }
    }

    @Test
    void aStoppedServerRefusesAndForgets() throws Exception {
        try (RawClient client = RawClient.webSocket(server.port(), CONNECT)) {
            server.stop();
            assertThat(client.next()).isIn("end", "reset");
            assertThatThrownBy(() -> new RawClient(server.port()).close()).isInstanceOf(ConnectException.class);
        }
        server.startAgain();
        assertThat(post("/room/r/send", "{\"type\":\"ping\"}")).isEqualTo("404 ");
    }

    @Test
    void sampleDataDependsOnTheSeedAlone() {
        DriftDbModel model = new DriftDbModel(DriftDbOptions.standAlone(), () -> 0, new SplittableRandom(1));
        DriftDbSampleData first = new DriftDbSampleData(7);
        DriftDbSampleData second = new DriftDbSampleData(7);
        DriftDbRoom a = first.create(model, "a", 190);
        DriftDbRoom b = second.create(model, "b", 190);
        for (int i = 0; i < 1_000; i++) {
            first.step(a);
            second.step(b);
            assertThat(a.entries("chat").size()).isBetween(50, 201);
        }
        assertThat(a.entries("chat")).isEqualTo(b.entries("chat"));
        assertThat(a.entries("slider")).isEqualTo(b.entries("slider")).hasSize(1);
        assertThat(a.counter()).isEqualTo(1_191);
    }

    private String post(String path, String json) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) server.httpUri().resolve(path).toURL().openConnection();
        connection.setRequestMethod("POST");
        connection.setRequestProperty("content-type", "application/json");
        connection.setDoOutput(true);
        connection.getOutputStream().write(json.getBytes(StandardCharsets.UTF_8));
        int status = connection.getResponseCode();
        try (var in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return status + " " + (in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
