package dev.tributary.conformance.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.ConnectionException;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.spi.Deadlines;
import dev.tributary.spi.Ending;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.WireEnd;
import dev.tributary.testkit.simulation.SimulatedConnection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A wire between the network and a protocol: deadlines, grants, ends. */
@ExtendWith(QuietEngine.class)
class WireTest {

    private static final Duration HEAD = Duration.ofSeconds(10);
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration MOMENT = Duration.ofNanos(1);

    private final ScriptedTransport transport = new ScriptedTransport();
    private final SyncSource source = transport.builder().open();
    private final List<String> atServer = new ArrayList<>();

    WireTest() {
        transport.deadlines = new Deadlines(HEAD, HEAD, IDLE);
    }

    private MaterializedView<Row> view() {
        MaterializedView<Row> view = source.materialize("a");
        transport.environment.run();
        listenAtServer();
        return view;
    }

    private void listenAtServer() {
        SimulatedConnection connection = transport.connections.get(transport.connections.size() - 1);
        connection.listen(new SimulatedConnection.ClientListener() {
            @Override
            public void message(Protocol.DataKind kind, ByteBuffer bytes) {
                atServer.add(StandardCharsets.UTF_8.decode(bytes).toString());
            }

            @Override
            public void closed(int code, String reason) {
                atServer.add("closed " + code + " " + reason);
            }
        });
    }

    @Test
    @Tag("L5")
    void aWireThatGivesNoAnswerInTimeIsGivenUp() {
        transport.onAccept = connection -> {};
        MaterializedView<Row> view = view();
        transport.advance(HEAD.minus(MOMENT));
        assertThat(view.status().reason()).isNull();
        transport.advance(MOMENT);
        assertThat(transport.sessions.get(0).heard).containsExactly("SILENT");
        assertThat(view.status().reason())
                .isInstanceOf(ConnectionException.class)
                .hasMessage("no answer within 10000 ms from ws://nowhere");
        assertThat(atServer).containsExactly("closed 0 silent");
        assertThat(transport.environment.pending().wires()).isZero();
    }

    @Test
    @Tag("L5")
    void aWireThatFallsSilentIsGivenUp() {
        MaterializedView<Row> view = view();
        transport.advance(Duration.ofSeconds(7));
        transport.last().content("a", 1, 1, 1);
        transport.advance(IDLE.minus(MOMENT));
        assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
        transport.advance(MOMENT);
        assertThat(view.status().phase()).isEqualTo(Phase.STALE);
        assertThat(view.status().reason()).hasMessage("no data within 30000 ms from ws://nowhere");
        assertThat(atServer).containsExactly("closed 0 silent");
    }

    @Test
    @Tag("L5")
    void aSignOfLifeCounts() {
        MaterializedView<Row> view = view();
        transport.last().content("a", 1, 1, 1);
        for (int i = 0; i < 10; i++) {
            transport.advance(Duration.ofSeconds(20));
            if (i % 2 == 0) {
                transport.connections.get(0).text("hello");
            } else {
                transport.connections.get(0).alive();
            }
            transport.environment.run();
        }
        assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
        assertThat(transport.sessions.get(0).heard).hasSize(6);
        transport.advance(IDLE);
        assertThat(view.status().phase()).isEqualTo(Phase.STALE);
    }

    @Test
    @Tag("L9")
    void soManyPiecesAreGrantedAndEachAgainOnceItIsRead() {
        view();
        SimulatedConnection wire = transport.last().connection();
        assertThat(wire.demand()).isEqualTo(16);
        for (int i = 0; i < 40; i++) {
            wire.text("piece");
        }
        transport.environment.run();
        assertThat(wire.demand()).isEqualTo(16);
        assertThat(transport.last().heard).hasSize(41);
    }

    @Test
    void whatAProtocolSendsAndClosesReachesTheServerAndNothingComesAfterwards() {
        view();
        ScriptedTransport.Session session = transport.last();
        SimulatedConnection connection = session.connection();
        boolean[] accepted = new boolean[3];
        connection.full(true);
        session.does(out -> accepted[0] = out.send(session.wire, Protocol.DataKind.TEXT, bytes("one")));
        connection.full(false);
        transport.environment.run();
        assertThat(session.heard).containsExactly("opened 101", "writable");
        session.does(out -> {
            accepted[1] = out.send(session.wire, Protocol.DataKind.TEXT, bytes("two"));
            connection.text("too late");
            out.close(session.wire, 4000, "enough");
            out.close(session.wire, 4001, "twice");
            accepted[2] = out.send(session.wire, Protocol.DataKind.TEXT, bytes("three"));
        });
        assertThat(accepted).containsExactly(false, true, false);
        assertThat(atServer).containsExactly("one", "two", "closed 4000 enough");
        assertThat(session.heard).containsExactly("opened 101", "writable");
        assertThat(session.wire.target()).hasToString("ws://nowhere");
        assertThat(session.wire).hasToString("ws://nowhere");
        assertThat(transport.environment.pending().timers()).isZero();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsOnItsWayWhenTheSessionEndsReachesNobody() {
        MaterializedView<Row> view = view();
        transport.last().content("a", 1, 1, 1);
        ScriptedTransport.Session session = transport.last();
        SimulatedConnection connection = session.connection();
        session.does(out -> {
            connection.text("too late");
            connection.full(true);
            connection.full(false);
            out.end(Ending.retry(new ConnectionException("gone"), Duration.ofMinutes(5)));
        });
        assertThat(session.heard).containsExactly("opened 101");
        assertThat(atServer).containsExactly("closed 1000 closed");
        assertThat(view.status().phase()).isEqualTo(Phase.STALE);
    }

    @Test
    @Tag("L12")
    void aWireThatEndedIsWatchedNoLonger() {
        transport.onAccept = connection -> connection.head(101, java.util.Map.of());
        MaterializedView<Row> view = view();
        transport.last().content("a", 1, 1, 1);
        transport.connections.get(0).fail(WireEnd.Kind.BROKEN, "reset by peer");
        transport.environment.run();
        assertThat(transport.sessions.get(0).heard).containsExactly("opened 101", "BROKEN");
        assertThat(view.status().reason()).hasMessage("reset by peer");
        assertThat(transport.environment.pending().timers())
                .as("the wait before the next attempt")
                .isOne();
    }

    @Test
    @Tag("L5")
    void aWireThatEndedCannotFallSilent() {
        transport.endsWithItsWire = false;
        view();
        transport.connections.get(0).fail(WireEnd.Kind.BROKEN, "reset by peer");
        transport.advance(IDLE.multipliedBy(3));
        assertThat(transport.sessions.get(0).heard).containsExactly("opened 101", "BROKEN");
    }
}
