package dev.tributary.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.WireEnd;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class FrameReaderProperties {

    private static final long BOUND = 100_000;

    /** Writes down what it hears. */
    private static final class Recorder implements FrameReader.Sink {

        final List<String> heard = new ArrayList<>();
        final ByteArrayOutputStream message = new ByteArrayOutputStream();
        WireFault fault;
        boolean closed;
        int largest;
        int pieces;

        @Override
        public void piece(DataKind kind, ByteBuffer bytes, boolean last) {
            assertThat(closed || fault != null).isFalse();
            pieces++;
            largest = Math.max(largest, bytes.capacity());
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            message.writeBytes(copy);
            if (last) {
                heard.add(kind + " " + Arrays.hashCode(message.toByteArray()) + " " + message.size());
                message.reset();
            }
        }

        @Override
        public void ping(ByteBuffer payload) {
            heard.add("PING " + payload.remaining());
        }

        @Override
        public void pong() {
            heard.add("PONG");
        }

        @Override
        public void close(int code, String reason) {
            assertThat(closed || fault != null).isFalse();
            closed = true;
            heard.add("CLOSE " + code + " " + reason);
        }

        @Override
        public void malformed(WireFault what) {
            assertThat(closed || fault != null).isFalse();
            fault = what;
            assertThat(what.end("x").kind()).isEqualTo(WireEnd.Kind.MALFORMED);
            assertThat(what.reason()).isNotBlank();
            assertThat(what.closeCode()).isIn(1002, 1007, 1009);
        }
    }

    private static Recorder read(byte[] bytes, Random cuts, int most) {
        Recorder recorder = new Recorder();
        FrameReader reader = new FrameReader(BOUND, recorder);
        for (int from = 0; from < bytes.length; ) {
            int to = Math.min(bytes.length, from + 1 + cuts.nextInt(most));
            ByteBuffer part = ByteBuffer.wrap(bytes, from, to - from);
            reader.read(part);
            assertThat(part.hasRemaining()).isFalse();
            from = to;
        }
        return recorder;
    }

    private static byte[] content(Random random, boolean text, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        if (text) {
            for (int i = 0; i < length; i++) {
                bytes[i] &= 0x7F;
            }
        }
        return bytes;
    }

    @Tag("L10")
    @Property(tries = 300)
    void messagesArriveWholeHoweverTheyAreFragmentedAndCut(
            @ForAll @Size(max = 6) List<@IntRange(max = 90_000) Integer> lengths,
            @ForAll @IntRange(min = 1, max = 20_000) int mostCut,
            @ForAll long seed) {
        Random random = new Random(seed);
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        List<String> expected = new ArrayList<>();
        for (int length : lengths) {
            boolean text = random.nextBoolean();
            byte[] message = content(random, text, length);
            expected.add((text ? DataKind.TEXT : DataKind.BINARY) + " " + Arrays.hashCode(message) + " " + length);
            int at = 0;
            int opcode = text ? Frame.TEXT : Frame.BINARY;
            int pings = 0;
            boolean fin;
            do {
                int to = random.nextInt(4) == 0 ? at : Math.min(length, at + 1 + random.nextInt(length + 1));
                fin = to == length && random.nextBoolean();
                wire.writeBytes(Frame.of(opcode, fin, Arrays.copyOfRange(message, at, to)));
                if (!fin && random.nextInt(3) == 0) {
                    wire.writeBytes(Frame.of(Frame.PING, true, new byte[random.nextInt(126)]));
                    pings++;
                }
                opcode = Frame.CONTINUATION;
                at = to;
            } while (!fin);
            assertThat(pings).isNotNegative();
        }
        wire.writeBytes(Frame.close(3000, "bye"));
        expected.add("CLOSE 3000 bye");
        Recorder recorder = read(wire.toByteArray(), random, mostCut);
        assertThat(recorder.fault).isNull();
        assertThat(recorder.heard.stream()
                        .filter(line -> !line.startsWith("PING"))
                        .toList())
                .isEqualTo(expected);
        // No more is held than what one read brought, and a little for growing.
        assertThat(recorder.largest).isLessThanOrEqualTo(2 * mostCut + 2);
    }

    @Tag("L10")
    @Property(tries = 2_000)
    void anyBytesEndInSilenceAFaultOrACloseHoweverTheyAreCut(@ForAll @Size(max = 200) byte[] noise, @ForAll long seed) {
        Recorder whole = read(noise, new Random(seed), Math.max(1, noise.length));
        Recorder cut = read(noise, new Random(seed + 1), 3);
        assertThat(cut.heard).isEqualTo(whole.heard);
        assertThat(cut.closed).isEqualTo(whole.closed);
        assertThat(cut.fault == null).isEqualTo(whole.fault == null);
        if (cut.fault != null) {
            assertThat(cut.fault.reason()).isEqualTo(whole.fault.reason());
        }
    }

    @Tag("L10")
    @Property(tries = 1_000)
    void oneDamagedByteNeverThrowsAndNeverAddsAMessage(
            @ForAll @Size(min = 1, max = 5) List<@IntRange(max = 300) Integer> lengths,
            @ForAll byte damage,
            @ForAll long seed) {
        Random random = new Random(seed);
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (int length : lengths) {
            wire.writeBytes(Frame.of(Frame.TEXT, true, content(random, true, length)));
        }
        byte[] bytes = wire.toByteArray();
        bytes[random.nextInt(bytes.length)] = damage;
        Recorder recorder = read(bytes, random, 50);
        assertThat(recorder.largest).isLessThanOrEqualTo(102);
    }

    @Tag("L9")
    @Example
    void aClaimedLengthReservesNothing() {
        Recorder recorder = new Recorder();
        FrameReader reader = new FrameReader(Long.MAX_VALUE, recorder);
        reader.read(ByteBuffer.wrap(Frame.bytes(0x82, 0, 1L << 40, new byte[3])));
        assertThat(recorder.largest).isEqualTo(3);
        assertThat(recorder.pieces).isOne();
    }

    @Tag("L9")
    @Example
    void fragmentsOfOneReadAreOnePiece() {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        wire.writeBytes(Frame.of(Frame.BINARY, false, new byte[1]));
        for (int i = 0; i < 1_000; i++) {
            wire.writeBytes(Frame.of(Frame.CONTINUATION, i == 999, new byte[1]));
        }
        Recorder recorder = new Recorder();
        new FrameReader(BOUND, recorder).read(ByteBuffer.wrap(wire.toByteArray()));
        assertThat(recorder.pieces).isOne();
        assertThat(recorder.heard).hasSize(1);
    }
}
