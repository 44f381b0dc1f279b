package dev.tributary.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.spi.Deadlines;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.Wires;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SimulatedWeatherTest {

    private static final WebSocketTarget SOCKET = new WebSocketTarget(
            URI.create("ws://server.invalid/"),
            "ws://server.invalid/",
            Map.of(),
            Map.of(),
            List.of(),
            1_000,
            null,
            new Deadlines(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1)));

    private final SimulatedEnvironment environment = new SimulatedEnvironment(1);
    private final RecordingListener listener = new RecordingListener();
    private final List<String> toldToServer = new ArrayList<>();
    private final List<SimulatedConnection> accepted = new ArrayList<>();
    private final SimulatedWires wires = new SimulatedWires(environment, this::accept);

    private void accept(SimulatedConnection connection) {
        accepted.add(connection);
        connection.head(101, Map.of());
        connection.listen(new SimulatedConnection.ClientListener() {
            @Override
            public void message(Protocol.DataKind kind, ByteBuffer bytes) {
                toldToServer.add(kind + " " + bytes.remaining());
            }

            @Override
            public void closed(int code, String reason) {
                toldToServer.add("closed " + code);
            }
        });
    }

    private Wires.Connection opened() {
        Wires.Connection connection = wires.open(SOCKET, listener);
        connection.request(100);
        environment.run();
        return connection;
    }

    @Test
    void noWireBreaksOnceTheWeatherIsClear() {
        opened();
        environment.weather().breakWithin(6);
        environment.weather().clear();
        for (int i = 0; i < 4; i++) {
            accepted.get(0).text("123456");
        }
        environment.run();
        assertThat(listener.content()).hasSize(24);
        assertThat(toldToServer).isEmpty();
    }

    @Test
    void aWireBreaksInTheMiddleOfAMessageAndBothEndsAreTold() {
        opened();
        environment.weather().breakWithin(6);
        for (int i = 0; i < 4; i++) {
            accepted.get(0).text("123456");
        }
        environment.run();
        assertThat(listener.content().length()).isBetween(0, 6);
        assertThat(listener.heard.get(listener.heard.size() - 1)).isEqualTo("ended BROKEN");
        assertThat(toldToServer).containsExactly("closed 1006");
        assertThat(environment.pending().isNothing()).isTrue();
    }

    @Test
    void aDeadWireIsOpenAndNothingGetsThroughEitherWay() {
        Wires.Connection connection = opened();
        assertThat(environment.weather().halfOpen()).isEqualTo(1);
        environment.weather().clear();
        accepted.get(0).text("lost");
        connection.send(Protocol.DataKind.TEXT, ByteBuffer.wrap(new byte[3]));
        environment.advance(Duration.ofHours(1));
        assertThat(listener.heard).containsExactly("head 101");
        assertThat(toldToServer).isEmpty();
        assertThat(wires.openWires()).isEqualTo(1);
        connection.close(1000, "");
        environment.run();
        assertThat(environment.pending().isNothing()).isTrue();
    }

    @Test
    void latencyDelaysAndNothingOvertakes() {
        opened();
        environment.weather().latency(Duration.ofSeconds(2));
        for (int i = 0; i < 5; i++) {
            accepted.get(0).text(Integer.toString(i));
        }
        environment.run();
        assertThat(listener.content()).isEmpty();
        environment.advance(Duration.ofSeconds(2));
        assertThat(listener.content()).isEqualTo("01234");
    }

    @Test
    void settingTheClockMovesTheWallAndNothingElse() {
        Instant before = environment.now();
        environment.setClock(Duration.ofDays(-1));
        assertThat(environment.now()).isEqualTo(before.minus(Duration.ofDays(1)));
        assertThat(environment.trueNow()).isEqualTo(before);
        assertThat(environment.nanoTime()).isZero();
    }
}
