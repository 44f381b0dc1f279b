package dev.tributary.spacetimedb.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.LimitExceededException;
import dev.tributary.ProtocolException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Every message of a server, in every subprotocol and compression, however it is cut, cut off or damaged. */
class CodecProperties {

    /** A WebSocket message, what must be told of it. */
    private record Sent(Subprotocol subprotocol, byte[] bytes, List<Object> events) {}

    private static Sent sent(long seed, Subprotocol subprotocol) {
        Random random = new Random(seed);
        if (subprotocol.isJson()) {
            JsonScript script = new JsonScript();
            List<Object> events = Samples.v1(random, random.nextInt(Samples.V1_VARIANTS), script);
            return new Sent(subprotocol, script.toString().getBytes(StandardCharsets.UTF_8), events);
        }
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        List<Object> all = new ArrayList<>();
        int count = subprotocol.isBundled() ? 1 + random.nextInt(4) : 1;
        for (int i = 0; i < count; i++) {
            BsatnScript script = new BsatnScript();
            List<Object> events = subprotocol.isFirst()
                    ? Samples.v1(random, random.nextInt(Samples.V1_VARIANTS), script)
                    : Samples.v2(random, random.nextInt(Samples.V2_VARIANTS), script);
            plain.writeBytes(script.toBytes());
            all.addAll(events);
        }
        return new Sent(subprotocol, Compressed.frame(random.nextInt(3), plain.toByteArray()), all);
    }

    @Property(tries = 2000)
    @Tag("T17")
    @Tag("T18")
    @Tag("T24")
    @Tag("T25")
    @Tag("T31")
    @Tag("T32")
    @Tag("T33")
    @Tag("T34")
    @Tag("T65")
    void anySplitTellsTheSame(@ForAll long seed, @ForAll Subprotocol subprotocol) {
        Random random = new Random(seed);
        Recorder recorder = new Recorder();
        FrameReader reader = FrameReader.of(subprotocol, Limits.DEFAULT, recorder);
        List<Object> expected = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Sent sent = sent(seed + i, subprotocol);
            assertThat(reader.isInside()).isFalse();
            if (i == 0) {
                Pieces.single(reader, subprotocol, sent.bytes);
            } else {
                Pieces.split(reader, subprotocol, sent.bytes, random);
            }
            expected.addAll(sent.events);
        }
        assertThat(recorder.events).isEqualTo(expected);
    }

    @Property(tries = 500)
    @Tag("T31")
    @Tag("T32")
    void rowsThatNobodyWantsAreSkipped(@ForAll long seed, @ForAll Subprotocol subprotocol) {
        Sent sent = sent(seed, subprotocol);
        Recorder recorder = new Recorder();
        recorder.skips = true;
        Pieces.split(FrameReader.of(subprotocol, Limits.DEFAULT, recorder), subprotocol, sent.bytes, new Random(seed));
        assertThat(recorder.events)
                .isEqualTo(sent.events.stream()
                        .filter(each -> !(each instanceof Recorder.Told))
                        .toList());
    }

    @Property(tries = 300)
    @Tag("T22")
    void whatIsCutOffIsNeverTold(@ForAll long seed, @ForAll Subprotocol subprotocol) {
        Sent sent = sent(seed, subprotocol);
        int step = Math.max(1, sent.bytes.length / 200);
        for (int length = 0; length < sent.bytes.length; length += step) {
            byte[] part = Arrays.copyOf(sent.bytes, length);
            Recorder recorder = new Recorder();
            FrameReader reader = FrameReader.of(subprotocol, Limits.DEFAULT, recorder);
            try {
                Pieces.whole(reader, subprotocol, part);
                // Only a plain bundle can be cut between two messages.
                assertThat(subprotocol).isEqualTo(Subprotocol.V3_BSATN);
            } catch (ProtocolException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
            List<ServerMessage> whole = sent.events.stream()
                    .filter(ServerMessage.class::isInstance)
                    .map(ServerMessage.class::cast)
                    .toList();
            assertThat(recorder.messages()).hasSizeLessThan(whole.size());
            assertThat(recorder.messages())
                    .isEqualTo(whole.subList(0, recorder.messages().size()));
        }
    }

    @Property(tries = 3000)
    @Tag("T19")
    @Tag("T22")
    @Tag("L10")
    void damageIsToldOrRefusedWithinBounds(@ForAll long seed, @ForAll Subprotocol subprotocol) {
        Sent sent = sent(seed, subprotocol);
        byte[] damaged = damaged(sent.bytes, new Random(seed));
        Limits limits = new Limits(1 << 20, 4 << 20, 1_000, 1 << 16, 1 << 16);
        Recorder recorder = new Recorder();
        FrameReader reader = FrameReader.of(subprotocol, limits, recorder);
        try {
            Pieces.split(reader, subprotocol, damaged, new Random(seed));
        } catch (ProtocolException | LimitExceededException e) {
            assertThat(e.getMessage()).isNotBlank();
            assertThatThrownBy(() -> Pieces.whole(reader, subprotocol, sent.bytes))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    static byte[] damaged(byte[] bytes, Random random) {
        byte[] damaged = bytes.clone();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes && damaged.length > 0; i++) {
            int at = random.nextInt(damaged.length);
            switch (random.nextInt(4)) {
                case 0 -> damaged[at] = (byte) random.nextInt();
                case 1 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> damaged = Arrays.copyOf(damaged, damaged.length + 1 + random.nextInt(3));
                default -> {
                    byte[] shorter = new byte[damaged.length - 1];
                    System.arraycopy(damaged, 0, shorter, 0, at);
                    System.arraycopy(damaged, at + 1, shorter, at, shorter.length - at);
                    damaged = shorter;
                }
            }
        }
        return damaged;
    }

    @Property(tries = 500)
    @Tag("T23")
    void leftOverBytesAreRefused(@ForAll long seed, @ForAll Subprotocol subprotocol) {
        Sent sent = sent(seed, subprotocol);
        if (subprotocol.isBundled()) {
            return;
        }
        byte[] longer = Arrays.copyOf(sent.bytes, sent.bytes.length + 1);
        longer[sent.bytes.length] = '1';
        Recorder recorder = new Recorder();
        FrameReader reader = FrameReader.of(subprotocol, Limits.DEFAULT, recorder);
        assertThatThrownBy(() -> Pieces.split(reader, subprotocol, longer, new Random(seed)))
                .isInstanceOf(ProtocolException.class);
        assertThat(recorder.messages()).isEmpty();
    }
}
