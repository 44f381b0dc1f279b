package dev.tributary.testkit.spacetimedb;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class SpacetimeDbModelServerTest {

    private static final Deadlines DEADLINES =
            new Deadlines(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));

    private final SimulatedEnvironment environment = new SimulatedEnvironment(1);
    private final SpacetimeDbModelServer server =
            new SpacetimeDbModelServer(environment, SpacetimeDbSampleData.module(), SpacetimeDbOptions.current());
    private final SimulatedWires wires = new SimulatedWires(environment, server);
    private final List<String> heard = new ArrayList<>();

    private Wires.Connection socket() {
        Wires.Connection connection = wires.open(
                new WebSocketTarget(
                        URI.create("ws://host/v1/database/game/subscribe?compression=None"),
                        "ws://host",
                        Map.of(),
                        Map.of("authorization", "Bearer " + server.model().token("me")),
                        List.of("v3.bsatn.spacetimedb", "v2.bsatn.spacetimedb"),
                        1L << 30,
                        Duration.ofSeconds(20),
                        DEADLINES),
                new Listener());
        connection.request(1_000);
        environment.run();
        return connection;
    }

    @Test
    @Tag("T2")
    void aConversationTakesPlaceInVirtualTime() {
        Wires.Connection socket = socket();
        assertThat(heard.get(0)).isEqualTo("head 101 v3.bsatn.spacetimedb");
        assertThat(heard.get(1)).startsWith("BINARY");
        socket.send(DataKind.BINARY, ByteBuffer.wrap(ModelClient.subscribeBytes(1, 1, "SELECT * FROM word")));
        environment.run();
        environment.after(
                Duration.ofSeconds(40), () -> server.model().transact(context -> context.insert("word", "one", 3)));
        environment.advance(Duration.ofMinutes(2));
        assertThat(heard).hasSize(4);
        assertThat(server.model().sessions()).hasSize(1);
        socket.close(1000, "");
        environment.run();
        assertThat(server.model().sessions()).isEmpty();
        assertThat(environment.runUntilQuiet(Duration.ofMinutes(5))).isLessThan(Duration.ofMinutes(1));
        assertThat(environment.pending().isNothing()).isTrue();
    }

    @Test
    void whatGoesWrongInTheModelGoesWrongOnTheWire() {
        server.model().faults().refuseHandshake(503, "busy");
        socket();
        assertThat(heard).containsExactly("head 503 null", "BODY", "ended COMPLETE");
        heard.clear();
        server.model().faults().refuseByModule(1);
        socket();
        assertThat(heard).containsExactly("head 101 v3.bsatn.spacetimedb", "ended BROKEN");
        heard.clear();
        server.down(true);
        socket();
        assertThat(heard).containsExactly("ended REFUSED");
        server.down(false);
        heard.clear();
        wires.open(
                        new HttpTarget(
                                "GET",
                                URI.create("http://host/v1/database/game/schema?version=9"),
                                "http://host",
                                Map.of(),
                                Map.of(),
                                null,
                                DEADLINES),
                        new Listener())
                .request(10);
        environment.run();
        assertThat(heard).startsWith("head 200 null").endsWith("ended COMPLETE");
    }

    private final class Listener implements Wires.Listener {

        @Override
        public void opened(Head head) {
            heard.add("head " + head.status() + " "
                    + head.first("sec-websocket-protocol").orElse("null"));
        }

        @Override
        public void data(DataKind kind, ByteBuffer bytes, boolean last) {
            heard.add(kind.toString());
        }

        @Override
        public void writable() {}

        @Override
        public void ended(WireEnd end) {
            heard.add("ended " + end.kind());
        }
    }
}
