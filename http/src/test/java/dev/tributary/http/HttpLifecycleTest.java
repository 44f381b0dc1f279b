package dev.tributary.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.spi.WebSocketTarget;
import dev.tributary.spi.WireEnd;
import dev.tributary.spi.Wires;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("L12")
@Tag("E62")
class HttpLifecycleTest {

    /** Says this and then waits for the client to go. */
    private static ScriptedServer.Script sayAndWait(String answer, CountDownLatch asked, CountDownLatch gone) {
        return (request, socket) -> {
            try {
                ScriptedServer.write(socket.getOutputStream(), answer);
                asked.countDown();
                while (socket.getInputStream().read() >= 0) {
                    // the client says no more
                }
            } catch (IOException e) {
                // or it resets the connection, perhaps before it was answered
            }
            gone.countDown();
        };
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(RecordingListener.GENEROUS_SECONDS, TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void closingBeforeTheHeadClosesTheSocket() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(sayAndWait("", asked, gone));
                Rig rig = Rig.plain()) {
            RecordingListener heard = new RecordingListener();
            Wires.Connection connection = rig.open(server.uri("/"), heard);
            connection.request(1);
            await(asked);
            connection.close(0, "done");
            connection.close(0, "done");
            await(gone);
            assertThat(heard.head).isNotDone();
            assertThat(heard.end).isNotDone();
        }
    }

    @Test
    void closingWithinTheBodyClosesTheSocket() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        String begun = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc";
        try (ScriptedServer server = new ScriptedServer(sayAndWait(begun, asked, gone));
                Rig rig = Rig.plain()) {
            CountDownLatch piece = new CountDownLatch(1);
            RecordingListener heard = new RecordingListener().onPiece(piece::countDown);
            Wires.Connection connection = rig.open(server.uri("/"), heard);
            connection.request(5);
            await(piece);
            connection.close(0, "done");
            await(gone);
            assertThat(heard.end).isNotDone();
        }
    }

    @Test
    void nothingIsHeardAfterAListenerClosedItsWire() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        CountDownLatch ready = new CountDownLatch(1);
        String begun = "HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n" + "x".repeat(500_000);
        try (ScriptedServer server = new ScriptedServer(sayAndWait(begun, new CountDownLatch(1), gone));
                Rig rig = Rig.plain()) {
            Wires.Connection[] connection = new Wires.Connection[1];
            RecordingListener heard = new RecordingListener().onPiece(() -> {
                try {
                    ready.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                connection[0].close(0, "from inside");
            });
            connection[0] = rig.open(server.uri("/"), heard);
            connection[0].request(1_000);
            ready.countDown();
            await(gone);
            assertThat(heard.pieces).hasValue(1);
            assertThat(heard.end).isNotDone();
        }
    }

    @Test
    void closingTheWiresClosesAllSocketsAndThreads() throws Exception {
        int count = 100;
        CountDownLatch asked = new CountDownLatch(count);
        CountDownLatch gone = new CountDownLatch(count);
        try (ScriptedServer server = new ScriptedServer(sayAndWait("", asked, gone))) {
            List<RecordingListener> heard = new ArrayList<>();
            Rig rig = Rig.plain();
            for (int i = 0; i < count; i++) {
                heard.add(rig.fetch(server.uri("/" + i)));
            }
            await(asked);
            rig.close();
            await(gone);
            assertThat(rig.ours()).isEmpty();
            assertThat(heard).allMatch(listener -> !listener.head.isDone() && !listener.end.isDone());
        }
    }

    @Test
    void idlePooledConnectionsCloseToo() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        String whole = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
        try (ScriptedServer server = new ScriptedServer(sayAndWait(whole, new CountDownLatch(1), gone))) {
            Rig rig = Rig.plain();
            rig.fetch(server.uri("/")).awaitEnd(WireEnd.Kind.COMPLETE);
            assertThat(gone.getCount()).isEqualTo(1);
            rig.close();
            await(gone);
        }
    }

    @Test
    void closingAtOnceAfterOpeningIsSafe() throws Exception {
        try (ScriptedServer server = ScriptedServer.saying("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")) {
            for (int i = 0; i < 50; i++) {
                Rig rig = Rig.plain();
                rig.fetch(server.uri("/"));
                rig.close();
                assertThat(rig.ours()).isEmpty();
            }
        }
    }

    @Test
    void aWireOpenedAfterTheCloseStaysSilent() throws Exception {
        try (ScriptedServer server = ScriptedServer.saying("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")) {
            Rig rig = Rig.plain();
            rig.close();
            RecordingListener heard = rig.fetch(server.uri("/"));
            assertThat(heard.end).isNotDone();
            assertThat(server.requests).isEmpty();
            assertThat(rig.ours()).isEmpty();
        }
    }

    @Test
    void withoutAnyWireThereIsNoThread() throws Exception {
        try (Rig rig = Rig.plain()) {
            assertThat(rig.ours()).isEmpty();
        }
    }

    @Tag("L11")
    @Test
    void aListenerThatThrowsLosesItsOwnWireOnly() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        String begun = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc";
        try (ScriptedServer server = new ScriptedServer(sayAndWait(begun, new CountDownLatch(1), gone));
                ScriptedServer good = ScriptedServer.saying("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
                Rig rig = Rig.plain()) {
            RecordingListener heard = new RecordingListener().onPiece(() -> {
                throw new AssertionError("on purpose");
            });
            rig.open(server.uri("/"), heard).request(1);
            await(gone);
            rig.fetch(good.uri("/")).awaitEnd(WireEnd.Kind.COMPLETE);
        }
    }

    @Test
    void aWebSocketIsRefused() throws Exception {
        WebSocketTarget target = new WebSocketTarget(
                URI.create("ws://localhost"), "ws://localhost", Map.of(), Map.of(), List.of(), 1, null, Rig.DEADLINES);
        try (Rig rig = Rig.plain()) {
            assertThatThrownBy(() -> rig.wires.open(target, new RecordingListener()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
