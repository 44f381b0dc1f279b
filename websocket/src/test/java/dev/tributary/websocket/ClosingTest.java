package dev.tributary.websocket;

import static dev.tributary.websocket.Rig.await;
import static dev.tributary.websocket.Rig.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.WireEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Wires that we close, and what they leave behind: nothing. */
@WithEachClient
class ClosingTest {

    @AutoClose
    private final Rig rig;

    ClosingTest(TestedClient client) {
        this.rig = new Rig(client.word);
    }

    @Tag("L12")
    @Test
    void closingSendsWhatIsQueuedThenCodeAndReason() throws Exception {
        BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
        CountDownLatch gone = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            frames.add(peer.next());
            frames.add(peer.next());
            peer.write(Frame.text("never heard"));
            peer.write(Frame.close(1000, ""));
            gone.countDown();
        })) {
            Rig.Heard wire = rig.open(server.uri());
            wire.listener().awaitHead();
            wire.connection().send(DataKind.TEXT, bytes("last"));
            wire.connection().close(1000, "done");
            wire.connection().close(1000, "done");
            assertThat(await(frames).string()).isEqualTo("last");
            Frame close = await(frames);
            assertThat(close.opcode()).isEqualTo(Frame.CLOSE);
            assertThat(close.code()).isEqualTo(1000);
            assertThat(close.reason()).isEqualTo("done");
            await(gone);
            assertThat(wire.listener().messages).isEmpty();
            assertThat(wire.listener().end).isNotDone();
        }
    }

    @Tag("L12")
    @Test
    void aLongReasonIsCutAtACharacter() throws Exception {
        BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
        try (ScriptedServer server = ScriptedServer.accepting(peer -> frames.add(peer.next()))) {
            Rig.Heard wire = rig.open(server.uri());
            wire.listener().awaitHead();
            wire.connection().close(1012, "🐟".repeat(100));
            Frame close = await(frames);
            // Only servers may say 1012.
            assertThat(close.code()).isEqualTo(1000);
            assertThat(close.reason()).isEqualTo("🐟".repeat(30));
        }
    }

    @Tag("L12")
    @Test
    void closingBeforeTheHeadClosesTheSocket() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(peer -> {
            asked.countDown();
            try {
                peer.readToEnd();
            } finally {
                gone.countDown();
            }
        })) {
            Rig.Heard wire = rig.open(server.uri());
            await(asked);
            wire.connection().close(1000, "");
            await(gone);
            assertThat(wire.listener().head).isNotDone();
            assertThat(wire.listener().end).isNotDone();
        }
    }

    @Tag("L12")
    @Test
    void closingWithCodeZeroSaysNothing() throws Exception {
        CompletableFuture<Integer> next = new CompletableFuture<>();
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            try {
                next.complete(peer.in.read());
            } catch (IOException e) {
                next.complete(-1);
            }
        })) {
            Rig.Heard wire = rig.open(server.uri());
            wire.listener().awaitHead();
            wire.connection().close(0, "silent");
            assertThat(await(next)).isEqualTo(-1);
        }
    }

    @Tag("L12")
    @Test
    void silentPeerAtClose() throws Exception {
        CountDownLatch heard = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            peer.next();
            heard.countDown();
            try {
                peer.readToEnd();
            } finally {
                gone.countDown();
            }
            // It never answers the goodbye; only our side ends the connection.
            new CountDownLatch(1).await();
        })) {
            Rig.Heard wire = rig.open(server.uri());
            wire.listener().awaitHead();
            wire.connection().close(1000, "");
            await(heard);
            rig.environment.advance(Duration.ofNanos(SocketWire.GRACE_NANOS));
            await(gone);
            rig.close();
        }
    }

    @Tag("L12")
    @Test
    void stalledPeerAtClose() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.accepting(peer -> await(over))) {
            Rig.Heard wire = rig.open(server.uri());
            wire.listener().awaitHead();
            while (wire.connection().send(DataKind.BINARY, ByteBuffer.wrap(new byte[256 << 10]))) {
                // until it is full
            }
            wire.connection().close(1000, "");
            // The peer reads nothing at all, and yet all threads end.
            rig.close();
            over.countDown();
        }
    }

    @Tag("L12")
    @Test
    void nothingIsHeardAfterAListenerClosedItsWire() throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            peer.write(Frame.concat(Frame.text("one"), Frame.text("two")));
            try {
                peer.readToEnd();
            } finally {
                gone.countDown();
            }
        })) {
            Rig.Heard[] wire = new Rig.Heard[1];
            RecordingListener listener = new RecordingListener().onPiece(() -> {
                try {
                    await(ready);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                wire[0].connection().close(1000, "from inside");
            });
            wire[0] = rig.open(Rig.target(server.uri()), listener, 10);
            ready.countDown();
            assertThat(listener.awaitMessage().text()).isEqualTo("one");
            rig.close();
            await(gone);
            assertThat(listener.pieces).hasValue(1);
            assertThat(listener.end).isNotDone();
        }
    }

    @Tag("L11")
    @Test
    void aListenerThatThrowsHarmsOnlyItsWire() throws Exception {
        try (ScriptedServer server = ScriptedServer.saying(Frame.text("one"), Frame.text("two"))) {
            RecordingListener bad = new RecordingListener().onPiece(() -> {
                throw new AssertionError("on purpose");
            });
            rig.open(Rig.target(server.uri()), bad, 10);
            assertThat(bad.awaitMessage().text()).isEqualTo("one");
            RecordingListener good = rig.open(server.uri()).listener();
            assertThat(good.awaitMessage().text()).isEqualTo("one");
            assertThat(good.awaitMessage().text()).isEqualTo("two");
            assertThat(bad.messages).isEmpty();
        }
    }

    @Tag("L12")
    @Test
    void closingTheWiresTellsServersAndNobodyElse() throws Exception {
        int count = 40;
        CountDownLatch told = new CountDownLatch(count);
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            if (peer.next().code() == 1000) {
                told.countDown();
            }
        })) {
            List<RecordingListener> heard = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                heard.add(rig.open(server.uri()).listener());
            }
            for (RecordingListener listener : heard) {
                listener.awaitHead();
            }
            rig.wires.close();
            await(told);
            rig.close();
            heard.forEach(listener -> assertThat(listener.end).isNotDone());
        }
    }

    @Tag("L12")
    @Test
    void aWireThatIsOpenedAfterTheEndIsClosed() throws Exception {
        try (ScriptedServer server = ScriptedServer.saying()) {
            rig.wires.close();
            Rig.Heard wire = rig.open(server.uri());
            assertThat(wire.connection().send(DataKind.TEXT, bytes("x"))).isTrue();
            assertThat(wire.listener().head).isNotDone();
            assertThat(server.requests).isEmpty();
        }
    }

    @Tag("L12")
    @Test
    void aConnectionThatEndedLeavesNothingBehindWhileOthersGoOn() throws Exception {
        try (ScriptedServer server = ScriptedServer.saying(Frame.close(1000, ""));
                ScriptedServer lasting = ScriptedServer.saying(Frame.text("hello"))) {
            Rig.Heard other = rig.open(lasting.uri());
            other.listener().awaitMessage();
            for (int i = 0; i < 20; i++) {
                rig.open(server.uri()).listener().awaitEnd(WireEnd.Kind.CLOSED);
            }
            assertThat(other.connection().send(DataKind.TEXT, bytes("still here")))
                    .isTrue();
            assertThat(other.listener().end).isNotDone();
        }
    }
}
