package dev.tributary.websocket;

import static dev.tributary.websocket.Rig.await;
import static dev.tributary.websocket.Rig.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.WireEnd;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages and the frames that they come in, good and bad. */
@WithEachClient
class FramesTest {

    @AutoClose
    private final Rig rig;

    FramesTest(TestedClient client) {
        this.rig = new Rig(client.word);
    }

    @Tag("L2")
    @Test
    void messagesGoBothWaysInOrder() throws Exception {
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
            for (Frame frame = peer.next(); frame.opcode() != Frame.CLOSE; frame = peer.next()) {
                peer.write(Frame.of(frame.opcode(), true, frame.payload()));
            }
        })) {
            Rig.Heard wire = rig.open(server.uri());
            assertThat(wire.listener().awaitHead().status()).isEqualTo(101);
            assertThat(wire.connection().send(DataKind.TEXT, bytes("grüß dich 🐟")))
                    .isTrue();
            assertThat(wire.connection().send(DataKind.BINARY, ByteBuffer.wrap(new byte[] {0, -1, 2})))
                    .isTrue();
            assertThat(wire.connection().send(DataKind.TEXT, bytes(""))).isTrue();
            RecordingListener.Message first = wire.listener().awaitMessage();
            assertThat(first.kind()).isEqualTo(DataKind.TEXT);
            assertThat(first.text()).isEqualTo("grüß dich 🐟");
            RecordingListener.Message second = wire.listener().awaitMessage();
            assertThat(second.kind()).isEqualTo(DataKind.BINARY);
            assertThat(second.bytes()).containsExactly(0, -1, 2);
            assertThat(wire.listener().awaitMessage().bytes()).isEmpty();
            wire.listener().assertFaultless();
        }
    }

    @Tag("L2")
    @Test
    void whatIsSentBeforeTheHandshakeIsDoneWaits() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            await(sent);
            peer.accept();
            heard.add(peer.next().string());
            peer.readToEnd();
        })) {
            Rig.Heard wire = rig.open(server.uri());
            wire.connection().send(DataKind.TEXT, bytes("early"));
            sent.countDown();
            assertThat(await(heard)).isEqualTo("early");
        }
    }

    static Stream<Arguments> badFrames() {
        byte[] none = new byte[0];
        return Stream.of(
                Arguments.of("reserved bit 1, as compression sets it", Frame.bytes(0xC1, 0, 1, new byte[1])),
                Arguments.of("reserved bit 3", Frame.bytes(0x91, 0, 1, new byte[1])),
                Arguments.of("opcode 3", Frame.of(3, true, none)),
                Arguments.of("opcode 11", Frame.of(11, true, none)),
                Arguments.of("masked", Frame.bytes(0x81, 0x80, 2, new byte[2])),
                Arguments.of("fragmented ping", Frame.of(Frame.PING, false, none)),
                Arguments.of("long ping", Frame.of(Frame.PING, true, new byte[126])),
                Arguments.of("fragment of nothing", Frame.of(Frame.CONTINUATION, true, none)),
                Arguments.of(
                        "message within a message",
                        Frame.concat(Frame.of(Frame.TEXT, false, none), Frame.of(Frame.TEXT, true, none))),
                Arguments.of("text that is not UTF-8", Frame.of(Frame.TEXT, true, new byte[] {'a', (byte) 0xC0, 'b'})),
                Arguments.of("text that ends within a character", Frame.of(Frame.TEXT, true, new byte[] {(byte) 0xE2})),
                Arguments.of(
                        "fragments that are not UTF-8 together",
                        Frame.concat(
                                Frame.of(Frame.TEXT, false, new byte[] {(byte) 0xE2}),
                                Frame.of(Frame.CONTINUATION, true, new byte[] {'x'}))),
                Arguments.of("half a close code", Frame.of(Frame.CLOSE, true, new byte[1])),
                Arguments.of("close code 999", Frame.close(999, "")),
                Arguments.of("close code 1005", Frame.close(1005, "")),
                Arguments.of("close code 1006", Frame.close(1006, "")),
                Arguments.of(
                        "close reason that is not UTF-8",
                        Frame.of(Frame.CLOSE, true, new byte[] {3, (byte) 0xE8, (byte) 0xFF})),
                Arguments.of("negative length", Frame.bytes(0x82, 0, Long.MIN_VALUE, none)));
    }

    @Tag("L10")
    @ParameterizedTest(name = "{0}")
    @MethodSource("badFrames")
    void aBadFrameIsMalformedAndWhatCameBeforeIsTold(String what, byte[] bad) throws Exception {
        try (ScriptedServer server =
                ScriptedServer.saying(Frame.concat(Frame.text("good"), bad, Frame.text("after")))) {
            RecordingListener heard = rig.open(server.uri()).listener();
            heard.awaitEnd(WireEnd.Kind.MALFORMED);
            assertThat(heard.awaitMessage().text()).isEqualTo("good");
            assertThat(heard.messages).isEmpty();
        }
    }

    @Tag("L9")
    @Test
    void aHugeLengthIsNotReserved() throws Exception {
        try (ScriptedServer server = ScriptedServer.asked(peer -> {
            peer.write(Frame.bytes(0x82, 0, 1L << 62, new byte[0]));
            // However it is found out, it must not be by running out of memory.
            byte[] block = new byte[1 << 16];
            while (true) {
                peer.write(block);
            }
        })) {
            RecordingListener heard = rig.open(server.uri()).ask().listener();
            assertThat(heard.awaitEnd(WireEnd.Kind.MALFORMED).reason()).contains("1048576 bytes");
            assertThat(heard.length.get()).isLessThanOrEqualTo(Rig.MAX_MESSAGE);
        }
    }

    @Tag("L9")
    @Test
    void fragmentsTogetherMayNotExceedTheBound() throws Exception {
        try (ScriptedServer server = ScriptedServer.asked(peer -> {
            peer.write(Frame.of(Frame.BINARY, false, new byte[1_000]));
            byte[] fragment = Frame.of(Frame.CONTINUATION, false, new byte[1_000]);
            while (true) {
                peer.write(fragment);
            }
        })) {
            RecordingListener heard = rig.open(server.uri()).ask().listener();
            assertThat(heard.awaitEnd(WireEnd.Kind.MALFORMED).reason()).contains("larger than 1048576");
            assertThat(heard.length.get()).isLessThanOrEqualTo(Rig.MAX_MESSAGE);
        }
    }

    @Tag("L9")
    @Test
    void aMessageOfTheBoundIsTakenAndOneByteMoreIsNot() throws Exception {
        try (ScriptedServer server = ScriptedServer.saying(
                Frame.of(Frame.BINARY, true, new byte[1_000]), Frame.of(Frame.BINARY, true, new byte[1_001]))) {
            RecordingListener heard = rig.open(Rig.target(server.uri(), List.of(), 1_000, Rig.PING_AFTER))
                    .listener();
            assertThat(heard.awaitMessage().bytes()).hasSize(1_000);
            heard.awaitEnd(WireEnd.Kind.MALFORMED);
            assertThat(heard.messages).isEmpty();
        }
    }

    @Tag("L9")
    @Test
    void aFloodOfEmptyFragmentsHoldsNothing() throws Exception {
        try (ScriptedServer server = ScriptedServer.asked(peer -> {
            peer.write(Frame.of(Frame.TEXT, false, new byte[] {'a'}));
            byte[] empty = Frame.of(Frame.CONTINUATION, false, new byte[0]);
            ByteArrayOutputStream flood = new ByteArrayOutputStream();
            for (int i = 0; i < 20_000; i++) {
                flood.writeBytes(empty);
            }
            peer.write(flood.toByteArray());
            peer.write(Frame.of(Frame.CONTINUATION, true, new byte[] {'b'}));
            peer.readToEnd();
        })) {
            assertThat(rig.open(server.uri()).ask().listener().awaitMessage().text())
                    .isEqualTo("ab");
        }
    }
}
