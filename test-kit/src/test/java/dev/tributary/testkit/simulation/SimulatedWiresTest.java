package dev.tributary.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ConfigurationException;
import dev.tributary.Options;
import dev.tributary.spi.Deadlines;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.WireEnd;
import dev.tributary.spi.Wires;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimulatedWiresTest {

    private static final Deadlines DEADLINES =
            new Deadlines(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));
    private static final HttpTarget HTTP = new HttpTarget(
            "GET",
            URI.create("http://server.invalid/rows"),
            "http://server.invalid/rows",
            Map.of(),
            Map.of(),
            null,
            DEADLINES);
    private static final WebSocketTarget SOCKET = new WebSocketTarget(
            URI.create("ws://server.invalid/"),
            "ws://server.invalid/",
            Map.of(),
            Map.of(),
            List.of(),
            1_000,
            null,
            DEADLINES);

    private final SimulatedEnvironment environment = new SimulatedEnvironment(1).logged();
    private final RecordingListener listener = new RecordingListener();
    private final List<SimulatedConnection> accepted = new ArrayList<>();

    private SimulatedWires wires(SimulatedNetwork network) {
        return new SimulatedWires(environment, accepted::add, network);
    }

    @Test
    void contentWaitsForAGrantAndHeadAndEndDoNot() {
        SimulatedWires wires = wires(SimulatedNetwork.PERFECT);
        Wires.Connection connection = wires.open(HTTP, listener);
        environment.run();
        SimulatedConnection server = accepted.get(0);
        server.head(200, Map.of());
        server.body("one");
        server.body("two");
        server.complete();
        environment.run();
        assertThat(listener.heard).containsExactly("head 200");
        assertThat(server.waitingPieces()).isEqualTo(2);
        connection.request(1);
        environment.run();
        assertThat(listener.heard).containsExactly("head 200", "BODY one");
        connection.request(5);
        environment.run();
        assertThat(listener.heard).containsExactly("head 200", "BODY one", "BODY two", "ended COMPLETE");
        assertThat(wires.openWires()).isZero();
        assertThat(environment.pending().isNothing()).isTrue();
    }

    @Test
    void nothingIsCalledFromInsideACallOfTheClient() {
        SimulatedWires wires = new SimulatedWires(environment, server -> server.head(200, Map.of()));
        Wires.Connection connection = wires.open(HTTP, listener);
        connection.request(1);
        assertThat(listener.heard).isEmpty();
        environment.run();
        assertThat(listener.heard).containsExactly("head 200");
    }

    @Test
    void aBrokenWireLosesWhatWasNotGranted() {
        Wires.Connection connection = wires(SimulatedNetwork.PERFECT).open(HTTP, listener);
        connection.request(1);
        environment.run();
        SimulatedConnection server = accepted.get(0);
        server.head(200, Map.of());
        server.body("one");
        server.body("two");
        server.fail(WireEnd.Kind.BROKEN, "connection reset");
        environment.run();
        assertThat(listener.heard).containsExactly("head 200", "BODY one", "ended BROKEN");
    }

    @Test
    void nothingArrivesAfterTheClientClosed() {
        SimulatedWires wires = wires(SimulatedNetwork.PERFECT.latency(Duration.ofMillis(5), Duration.ofMillis(5)));
        List<String> told = new ArrayList<>();
        Wires.Connection connection = wires.open(HTTP, listener);
        connection.request(10);
        environment.advance(Duration.ofMillis(5));
        SimulatedConnection server = accepted.get(0);
        server.listen(new SimulatedConnection.ClientListener() {
            @Override
            public void closed(int code, String reason) {
                told.add(code + " " + reason);
            }
        });
        server.head(200, Map.of());
        environment.advance(Duration.ofMillis(5));
        server.body("on its way");
        connection.close(7, "enough");
        connection.close(7, "enough");
        environment.advance(Duration.ofMillis(4));
        assertThat(told).isEmpty();
        environment.advance(Duration.ofMillis(1));
        server.body("later");
        server.complete();
        environment.advance(Duration.ofSeconds(1));
        assertThat(listener.heard).containsExactly("head 200");
        assertThat(told).containsExactly("7 enough");
        assertThat(server.isOpen()).isFalse();
        assertThat(environment.pending().isNothing()).isTrue();
    }

    @Test
    void whatIsSentTakesItsTimeAndOvertakesNothing() {
        SimulatedNetwork slow = SimulatedNetwork.PERFECT.latency(Duration.ofMillis(1), Duration.ofMillis(50));
        Wires.Connection connection = wires(slow).open(HTTP, listener);
        connection.request(100);
        environment.advance(Duration.ofMillis(50));
        SimulatedConnection server = accepted.get(0);
        server.head(200, Map.of());
        StringBuilder sent = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            server.body(i + ",");
            sent.append(i).append(',');
        }
        environment.run();
        assertThat(listener.heard).isEmpty();
        environment.advance(Duration.ofMillis(50));
        assertThat(listener.content()).isEqualTo(sent.toString());
    }

    @Test
    void bodiesAreCutAsTheSeedSays() {
        assertThat(cutRun(5)).isEqualTo(cutRun(5)).isNotEqualTo(cutRun(6));
    }

    private static List<String> cutRun(long seed) {
        SimulatedEnvironment environment = new SimulatedEnvironment(seed).logged();
        RecordingListener listener = new RecordingListener();
        SimulatedWires wires = new SimulatedWires(
                environment,
                server -> {
                    server.head(200, Map.of());
                    server.body("abcdefghijklmnopqrstuvwxyz".repeat(4));
                    server.complete();
                },
                SimulatedNetwork.PERFECT.pieces(7).latency(Duration.ZERO, Duration.ofMillis(3)));
        wires.open(HTTP, listener).request(1_000);
        environment.runUntilQuiet(Duration.ofSeconds(10));
        assertThat(listener.content()).isEqualTo("abcdefghijklmnopqrstuvwxyz".repeat(4));
        assertThat(listener.heard).hasSizeGreaterThan(16).last().isEqualTo("ended COMPLETE");
        return environment.log();
    }

    @Test
    void messagesGoBothWaysOverASocket() {
        SimulatedWires wires = wires(SimulatedNetwork.PERFECT.latency(Duration.ofMillis(2), Duration.ofMillis(2)));
        List<String> received = new ArrayList<>();
        Wires.Connection connection = wires.open(SOCKET, listener);
        connection.request(100);
        environment.advance(Duration.ofMillis(2));
        SimulatedConnection server = accepted.get(0);
        assertThat(server.webSocket()).isSameAs(SOCKET);
        server.listen(new SimulatedConnection.ClientListener() {
            @Override
            public void message(Protocol.DataKind kind, ByteBuffer bytes) {
                received.add(kind + " " + StandardCharsets.UTF_8.decode(bytes));
            }

            @Override
            public void closed(int code, String reason) {
                received.add("closed " + code);
            }
        });
        server.head(101, Map.of());
        server.text("hello");
        server.full(true);
        assertThat(connection.send(Protocol.DataKind.TEXT, bytes("one"))).isFalse();
        server.full(false);
        assertThat(connection.send(Protocol.DataKind.BINARY, bytes("two"))).isTrue();
        environment.advance(Duration.ofMillis(2));
        assertThat(listener.heard).containsExactly("head 101", "TEXT hello last", "writable");
        connection.send(Protocol.DataKind.TEXT, bytes("bye"));
        connection.close(1000, "done");
        environment.advance(Duration.ofMillis(2));
        assertThat(received).containsExactly("TEXT one", "BINARY two", "TEXT bye", "closed 1000");
    }

    @Test
    void aServerClosesASocketWithACode() {
        wires(SimulatedNetwork.PERFECT).open(SOCKET, listener).request(1);
        environment.run();
        accepted.get(0).head(101, Map.of());
        accepted.get(0).close(1012, "restart");
        environment.run();
        assertThat(listener.heard).containsExactly("head 101", "ended CLOSED 1012");
    }

    @Test
    void closingTheWiresEndsAllOfThemInSilence() {
        SimulatedWires wires = wires(SimulatedNetwork.PERFECT);
        wires.open(HTTP, listener);
        wires.open(SOCKET, listener);
        environment.run();
        assertThat(wires.openWires()).isEqualTo(2);
        assertThat(environment.pending().wires()).isEqualTo(2);
        wires.close();
        wires.close();
        accepted.forEach(server -> server.head(200, Map.of()));
        environment.run();
        assertThat(listener.heard).isEmpty();
        assertThat(wires.openWires()).isZero();
        assertThat(environment.pending().isNothing()).isTrue();
        assertThatThrownBy(() -> wires.open(HTTP, listener)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void nobodyListens() {
        new SimulatedWires(environment, SimulatedServer.refusing()).open(HTTP, listener);
        environment.run();
        assertThat(listener.heard).containsExactly("ended REFUSED");
    }

    @Test
    void theProviderKnowsWhatItMade() {
        SimulatedWireProvider provider =
                new SimulatedWireProvider(Set.of("http"), accepted::add, SimulatedNetwork.PERFECT);
        Wires wires = provider.wires(Options.of(Map.of()), environment);
        wires.open(HTTP, listener);
        assertThat(provider.made()).hasSize(1);
        assertThat(provider.openWires()).isOne();
        wires.close();
        assertThat(provider.openWires()).isZero();
    }

    @Test
    void theProviderRefusesAnotherEnvironment() {
        SimulatedWireProvider provider =
                new SimulatedWireProvider(Set.of("http"), accepted::add, SimulatedNetwork.PERFECT);
        Options none = Options.of(Map.of());
        assertThatThrownBy(() -> provider.wires(none, new ForwardingEnvironment(environment)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SimulatedEnvironment");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
