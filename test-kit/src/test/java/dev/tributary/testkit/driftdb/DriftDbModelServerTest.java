package dev.tributary.testkit.driftdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.spi.Deadlines;
import dev.tributary.spi.Head;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.WireEnd;
import dev.tributary.spi.Wires;
import dev.tributary.testkit.simulation.SimulatedEnvironment;
import dev.tributary.testkit.simulation.SimulatedWires;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DriftDbModelServerTest {

    private static final Deadlines DEADLINES =
            new Deadlines(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));

    private final SimulatedEnvironment environment = new SimulatedEnvironment(1);
    private final DriftDbModelServer server = new DriftDbModelServer(environment, DriftDbOptions.standAlone());
    private final SimulatedWires wires = new SimulatedWires(environment, server);
    private final DriftDbRoom room = server.model().createRoom("r");
    private final List<String> heard = new ArrayList<>();

    @Test
    void bothKindsOfWiresReachTheModel() {
        Wires.Connection socket = socket("r");
        send(socket, "{\"type\":\"get\",\"key\":\"k\"}");
        environment.after(Duration.ofSeconds(3), () -> room.append("k", "1"));
        environment.advance(Duration.ofSeconds(4));
        assertThat(heard)
                .containsExactly(
                        "head 101",
                        "TEXT {\"type\":\"init\",\"key\":\"k\",\"data\":[]}",
                        "TEXT {\"type\":\"push\",\"key\":\"k\",\"value\":1,\"seq\":1}");
        heard.clear();
        String body = "{\"type\":\"get\",\"key\":\"k\"}";
        http("POST", "/room/r/send", body);
        assertThat(heard)
                .containsExactly(
                        "head 200",
                        "BODY {\"type\":\"init\",\"key\":\"k\",\"data\":[{\"value\":1,\"seq\":1}]}",
                        "ended COMPLETE");
        socket.close(1000, "");
        environment.run();
        assertThat(server.model().connections()).isEmpty();
        assertThat(environment.pending().wires()).isZero();
    }

    @Test
    void aBurstAtOneMomentLosesFrames() {
        Wires.Connection socket = socket("r");
        for (int i = 0; i < 50; i++) {
            send(socket, "{\"type\":\"ping\",\"nonce\":" + i + "}");
        }
        environment.advance(Duration.ofMillis(1));
        assertThat(heard).hasSize(1 + 32);
        assertThat(server.model().droppedFrames()).isEqualTo(18);
    }

    @Test
    void whatGoesWrongInTheModelGoesWrongOnTheWire() {
        socket("unknown");
        assertThat(heard).containsExactly("ended BROKEN");
        heard.clear();
        server.model().faults().upgrade(1, AnswerFault.status(503));
        socket("r");
        assertThat(heard).containsExactly("head 503", "ended COMPLETE");
        heard.clear();
        socket("r");
        server.model().restart();
        environment.run();
        assertThat(heard).containsExactly("head 101", "ended BROKEN");
        heard.clear();
        server.down(true);
        socket("r");
        assertThat(heard).containsExactly("ended REFUSED");
        heard.clear();
        server.down(false);
        http("GET", "/room/r", null);
        assertThat(heard).containsExactly("head 404", "ended COMPLETE");
    }

    private Wires.Connection socket(String id) {
        URI uri = URI.create("ws://server.invalid/room/" + id + "/connect");
        Wires.Connection connection = wires.open(
                new WebSocketTarget(uri, "ws", Map.of(), Map.of(), List.of(), 1_000_000, null, DEADLINES),
                new Listener());
        connection.request(1_000);
        environment.run();
        return connection;
    }

    private void http(String method, String path, @Nullable String body) {
        byte[] bytes = body == null ? null : body.getBytes(StandardCharsets.UTF_8);
        URI uri = URI.create("http://server.invalid" + path);
        Map<String, String> headers = Map.of("content-type", "application/json");
        wires.open(new HttpTarget(method, uri, "http", headers, Map.of(), bytes, DEADLINES), new Listener())
                .request(1_000);
        environment.run();
    }

    private void send(Wires.Connection connection, String text) {
        connection.send(DataKind.TEXT, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private final class Listener implements Wires.Listener {

        @Override
        public void opened(Head head) {
            heard.add("head " + head.status());
        }

        @Override
        public void data(DataKind kind, ByteBuffer bytes, boolean last) {
            heard.add(kind + " " + StandardCharsets.UTF_8.decode(bytes));
        }

        @Override
        public void writable() {}

        @Override
        public void ended(WireEnd end) {
            heard.add("ended " + end.kind());
        }
    }
}
