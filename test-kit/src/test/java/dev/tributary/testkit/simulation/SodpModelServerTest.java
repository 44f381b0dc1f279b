package dev.tributary.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.spi.Deadlines;
import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.WireEnd;
import dev.tributary.spi.Wires;
import dev.tributary.testkit.sodp.SodpDialect;
import dev.tributary.testkit.sodp.SodpFault;
import dev.tributary.testkit.sodp.SodpOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SodpModelServerTest {

    private static final String WATCH = "94 02 0a 01 81 a5 7374617465 a1 6b";

    private final SimulatedEnvironment environment = new SimulatedEnvironment(1);
    private SodpModelServer server = new SodpModelServer(environment, SodpOptions.of(SodpDialect.RUST));
    private SimulatedWires wires = new SimulatedWires(environment, server);

    private void speak(SodpDialect dialect) {
        server = new SodpModelServer(environment, SodpOptions.of(dialect));
        wires = new SimulatedWires(environment, server);
    }

    @ParameterizedTest
    @EnumSource
    void aWatchIsAnsweredAndFollowed(SodpDialect dialect) {
        speak(dialect);
        RecordingListener listener = new RecordingListener();
        Wires.Connection connection = open(listener, null);
        send(connection, WATCH);
        assertThat(listener.heard).hasSize(3).startsWith("head 101");
        server.model().set("k", "tea");
        environment.run();
        assertThat(listener.content()).contains("tea");
        connection.close(1000, "");
        environment.run();
        assertThat(server.model().sessions()).isEmpty();
    }

    @Test
    void pingsAreSignsOfLifeInVirtualTime() {
        CountingListener listener = new CountingListener();
        open(listener, Duration.ofSeconds(20));
        environment.advance(Duration.ofSeconds(51));
        assertThat(listener.alive).as("two of ours, two of the server").isEqualTo(4);
        assertThat(server.model().sessions()).hasSize(1);
    }

    @Test
    void aSilentConnectionShowsNoLifeAndIsGivenUpByTheServer() {
        CountingListener listener = new CountingListener();
        Wires.Connection connection = open(listener, Duration.ofSeconds(20));
        server.model().faults().next(SodpFault.silence());
        send(connection, WATCH);
        environment.advance(Duration.ofSeconds(51));
        assertThat(listener.alive).isZero();
        assertThat(server.model().sessions()).isEmpty();
        assertThat(wires.openWires()).isOne();
    }

    @Test
    void upgradesAreRefusedByStatusOrByTheEnd() {
        server.model().faults().refuseUpgrade(503).resetUpgrade();
        RecordingListener refused = new RecordingListener();
        open(refused, null);
        assertThat(refused.heard).containsExactly("head 503", "ended COMPLETE");
        RecordingListener reset = new RecordingListener();
        open(reset, null);
        assertThat(reset.heard).containsExactly("ended BROKEN");
    }

    @Test
    void whatEndsAConnectionEndsItHere() {
        List<SodpFault> faults =
                List.of(SodpFault.cut(3), SodpFault.cutBehind(), SodpFault.close(1011, "oops"), SodpFault.end());
        List<String> ends = List.of("ended BROKEN", "ended BROKEN", "ended CLOSED 1011", "ended BROKEN");
        for (int i = 0; i < faults.size(); i++) {
            RecordingListener listener = new RecordingListener();
            Wires.Connection connection = open(listener, null);
            server.model().faults().next(faults.get(i));
            send(connection, WATCH);
            assertThat(listener.heard).last().isEqualTo(ends.get(i));
        }
        assertThat(server.model().sessions()).isEmpty();
    }

    private Wires.Connection open(Wires.Listener listener, Duration pingAfter) {
        Wires.Connection connection = wires.open(
                new WebSocketTarget(
                        URI.create("ws://sodp.test:7777/"),
                        "ws://sodp.test:7777/",
                        Map.of(),
                        Map.of(),
                        List.of(),
                        1 << 20,
                        pingAfter,
                        new Deadlines(Duration.ofDays(1), Duration.ofDays(1), Duration.ofDays(1))),
                listener);
        connection.request(Integer.MAX_VALUE);
        environment.run();
        return connection;
    }

    private void send(Wires.Connection connection, String hex) {
        connection.send(Protocol.DataKind.BINARY, ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))));
        environment.run();
        environment.advance(Duration.ofMillis(1));
    }

    /** Counts signs of life. */
    private static final class CountingListener implements Wires.Listener {

        private int alive;

        @Override
        public void opened(Head head) {}

        @Override
        public void data(Protocol.DataKind kind, ByteBuffer bytes, boolean last) {}

        @Override
        public void writable() {}

        @Override
        public void alive() {
            alive++;
        }

        @Override
        public void ended(WireEnd end) {}
    }
}
