package dev.tributary.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.spi.Protocol.DataKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** Whole messages over real sockets, by both clients. */
class MessageProperties {

    /** A message of either kind. */
    record Content(boolean text, byte[] bytes) {

        DataKind kind() {
            return text ? DataKind.TEXT : DataKind.BINARY;
        }

        @Override
        public String toString() {
            return kind() + " of " + bytes.length;
        }
    }

    @Provide
    Arbitrary<List<Content>> conversations() {
        Arbitrary<Content> texts = Arbitraries.strings()
                .withCharRange(' ', '\uD7FF')
                .ofMaxLength(2_000)
                .map(text -> new Content(true, (text + "🐟").getBytes(StandardCharsets.UTF_8)));
        Arbitrary<Content> binaries = Combinators.combine(
                        Arbitraries.of(0, 1, 125, 126, 127, 65_535, 65_536, 200_000), Arbitraries.longs())
                .as((length, seed) -> {
                    byte[] bytes = new byte[length];
                    new Random(seed).nextBytes(bytes);
                    return new Content(false, bytes);
                });
        return Arbitraries.oneOf(texts, binaries).list().ofMinSize(1).ofMaxSize(6);
    }

    @Tag("L2")
    @Property(tries = 60)
    void messagesOfAServerArriveAsTheyWereHoweverTheyWereFragmented(
            @ForAll("clients") String client, @ForAll("conversations") List<Content> messages, @ForAll long seed)
            throws Exception {
        Random random = new Random(seed);
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
                    if (client.equals("jdk")) {
                        // What comes in bulk right behind the handshake is not safe with it: see WebSocketOptions.
                        peer.next();
                    }
                    for (Content message : messages) {
                        writeInFragments(peer, message, random);
                    }
                    peer.write(Frame.close(1000, ""));
                    peer.readToEnd();
                });
                Rig rig = new Rig(client)) {
            // Few grants at a time: content waits at every place where it may.
            RecordingListener listener = new RecordingListener();
            Rig.Heard wire = rig.open(Rig.target(server.uri()), listener, 0);
            listener.onPiece(() -> wire.connection().request(1));
            wire.connection().request(1 + random.nextInt(4));
            wire.ask();
            for (Content message : messages) {
                RecordingListener.Message heard = listener.awaitMessage();
                assertThat(heard.kind()).isEqualTo(message.kind());
                assertThat(heard.bytes()).isEqualTo(message.bytes);
            }
            assertThat(listener.awaitEnd().code()).isEqualTo(1000);
            assertThat(listener.messages).isEmpty();
        }
    }

    private static void writeInFragments(ScriptedServer.Peer peer, Content message, Random random) throws Exception {
        int opcode = message.text ? Frame.TEXT : Frame.BINARY;
        int length = message.bytes.length;
        int at = 0;
        boolean fin;
        do {
            int to = random.nextInt(5) == 0 ? at : Math.min(length, at + 1 + random.nextInt(length + 1));
            fin = to == length && random.nextBoolean();
            peer.write(Frame.of(opcode, fin, Arrays.copyOfRange(message.bytes, at, to)));
            opcode = Frame.CONTINUATION;
            at = to;
        } while (!fin);
    }

    @Tag("L2")
    @Property(tries = 60)
    void messagesOfAClientArriveAsTheyWere(
            @ForAll("clients") String client, @ForAll("conversations") List<Content> messages) throws Exception {
        java.util.concurrent.BlockingQueue<Frame> frames = new java.util.concurrent.LinkedBlockingQueue<>();
        try (ScriptedServer server = ScriptedServer.accepting(peer -> {
                    Frame frame;
                    do {
                        frame = whole(peer);
                        frames.add(frame);
                    } while (frame.opcode() != Frame.CLOSE);
                });
                Rig rig = new Rig(client)) {
            Rig.Heard wire = rig.open(server.uri());
            for (Content message : messages) {
                wire.connection().send(message.kind(), ByteBuffer.wrap(message.bytes.clone()));
            }
            wire.listener().awaitHead();
            wire.connection().close(1000, "");
            for (Content message : messages) {
                Frame frame = Rig.await(frames);
                assertThat(frame.opcode()).isEqualTo(message.text ? Frame.TEXT : Frame.BINARY);
                assertThat(frame.payload()).isEqualTo(message.bytes);
            }
            assertThat(Rig.await(frames).opcode()).isEqualTo(Frame.CLOSE);
        }
    }

    /** A client may fragment what it sends. */
    private static Frame whole(ScriptedServer.Peer peer) throws Exception {
        Frame first = peer.next();
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        all.writeBytes(first.payload());
        for (Frame part = first; !part.fin(); ) {
            part = peer.next();
            all.writeBytes(part.payload());
        }
        return new Frame(first.opcode(), true, all.toByteArray());
    }

    @Provide
    Arbitrary<String> clients() {
        return Arbitraries.of("java-websocket", "jdk");
    }
}
