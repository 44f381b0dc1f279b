package dev.tributary.websocket;

import static dev.tributary.websocket.Rig.await;
import static dev.tributary.websocket.Rig.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.spi.Protocol.DataKind;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Pings of both sides, and what counts as a sign of life. */
@WithEachClient
class PingsTest {

    @AutoClose
    private final Rig rig;

    PingsTest(TestedClient client) {
        this.rig = new Rig(client.word);
    }

    @Tag("L5")
    @Tag("S44")
    @Test
    void pingsAreAnsweredAndAreASignOfLife() throws Exception {
        BlockingQueue<Frame> pongs = new LinkedBlockingQueue<>();
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            peer.write(Frame.of(Frame.PING, true, "there?".getBytes(StandardCharsets.UTF_8)));
            pongs.add(Frame.read(peer.in));
            peer.readToEnd();
        })) {
            RecordingListener heard = rig.open(server.uri()).listener();
            heard.awaitSign();
            Frame pong = await(pongs);
            assertThat(pong.opcode()).isEqualTo(Frame.PONG);
            assertThat(pong.string()).isEqualTo("there?");
        }
    }

    @Tag("L5")
    @Tag("S44")
    @Test
    @Tag("T12")
    void pingsAreAnsweredWithinAMessageThatNobodyTakes() throws Exception {
        BlockingQueue<Frame> pongs = new LinkedBlockingQueue<>();
        try (ScriptedServer server = ScriptedServer.asked(peer -> {
            peer.write(Frame.of(Frame.BINARY, false, new byte[100_000]));
            peer.write(Frame.of(Frame.PING, true, new byte[0]));
            pongs.add(Frame.read(peer.in));
            peer.write(Frame.of(Frame.CONTINUATION, true, new byte[1]));
            peer.readToEnd();
        })) {
            Rig.Heard wire = rig.open(Rig.target(server.uri()), new RecordingListener(), 0)
                    .ask();
            assertThat(await(pongs).opcode()).isEqualTo(Frame.PONG);
            assertThat(wire.listener().pieces).hasValue(0);
            wire.connection().request(Rig.PLENTY);
            assertThat(wire.listener().awaitMessage().bytes()).hasSize(100_001);
        }
    }

    @Tag("L5")
    @Test
    @Tag("T13")
    @Tag("T62")
    void aPingIsSentAfterSilenceAndOnlyOneIsUnanswered() throws Exception {
        BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
        Semaphore answer = new Semaphore(0);
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            frames.add(Frame.read(peer.in));
            answer.acquire();
            peer.write(Frame.of(Frame.PONG, true, new byte[0]));
            while (true) {
                frames.add(Frame.read(peer.in));
            }
        })) {
            Rig.Heard wire = rig.open(server.uri());
            wire.listener().awaitHead();
            rig.environment.advance(Rig.PING_AFTER.minusNanos(1));
            wire.connection().send(DataKind.TEXT, bytes("first"));
            // Had a ping been due, it would have come first.
            assertThat(await(frames).string()).isEqualTo("first");
            answer.release();
            wire.listener().awaitSign();
            rig.environment.advance(Rig.PING_AFTER);
            assertThat(await(frames).opcode()).isEqualTo(Frame.PING);
            rig.environment.advance(Rig.PING_AFTER.multipliedBy(3));
            wire.connection().send(DataKind.TEXT, bytes("second"));
            assertThat(await(frames).string()).isEqualTo("second");
        }
    }

    @Tag("L5")
    @Test
    void contentIsASignOfLifeToo() throws Exception {
        BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
        Semaphore speak = new Semaphore(0);
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            speak.acquire();
            peer.write(Frame.text("hello"));
            while (true) {
                frames.add(Frame.read(peer.in));
            }
        })) {
            Rig.Heard wire = rig.open(server.uri());
            wire.listener().awaitHead();
            rig.environment.advance(Rig.PING_AFTER.minusSeconds(1));
            speak.release();
            wire.listener().awaitMessage();
            rig.environment.advance(Rig.PING_AFTER.minusSeconds(1));
            wire.connection().send(DataKind.TEXT, bytes("first"));
            assertThat(await(frames).string()).isEqualTo("first");
        }
    }
}
