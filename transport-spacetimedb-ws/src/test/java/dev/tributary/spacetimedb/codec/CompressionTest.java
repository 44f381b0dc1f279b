package dev.tributary.spacetimedb.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.LimitExceededException;
import dev.tributary.ProtocolException;
import dev.tributary.conformance.Allocated;
import dev.tributary.spi.Protocol.DataKind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The byte of compression, gzip in all its forms, bombs, and variants nobody knows. */
class CompressionTest {

    private static final Subprotocol V2 = Subprotocol.V2_BSATN;

    private final Recorder recorder = new Recorder();

    /** A v2 SubscriptionError with this text. */
    private static byte[] error(String text) {
        BsatnScript script = new BsatnScript();
        script.variant("", 3, "");
        script.variant("", 1, "");
        script.u32("", 9);
        script.text("", text);
        return script.toBytes();
    }

    private static ServerMessage told(String text) {
        return new ServerMessage.SubscriptionError(null, 9L, null, text, null);
    }

    private void whole(byte[] message) {
        Pieces.whole(FrameReader.of(V2, Limits.DEFAULT, recorder), V2, message);
    }

    private static byte[] framed(int compression, byte[] body) {
        byte[] frame = new byte[body.length + 1];
        frame[0] = (byte) compression;
        System.arraycopy(body, 0, frame, 1, body.length);
        return frame;
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 127, 128, 255})
    @Tag("T17")
    void anUnknownCompressionIsRefused(int compression) {
        assertThatThrownBy(() -> whole(framed(compression, error("x"))))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("unknown compression " + compression);
    }

    @Test
    @Tag("T17")
    void emptyFramesAreRefused() {
        for (byte[] empty : List.of(
                new byte[0],
                new byte[] {0},
                framed(2, Compressed.gzip(new byte[0])),
                framed(1, Compressed.brotli(new byte[0])))) {
            assertThatThrownBy(() -> whole(empty))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("empty");
        }
        assertThatThrownBy(() -> whole(new byte[] {1})).isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> whole(new byte[] {2})).isInstanceOf(ProtocolException.class);
    }

    @Test
    @Tag("T17")
    void framesOfTheWrongKindAreRefused() {
        assertThatThrownBy(() -> FrameReader.of(V2, Limits.DEFAULT, recorder)
                        .data(DataKind.TEXT, ByteBuffer.wrap(framed(0, error("x"))), true))
                .isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> FrameReader.of(Subprotocol.V1_JSON, Limits.DEFAULT, recorder)
                        .data(DataKind.BINARY, ByteBuffer.wrap(new byte[] {'{'}), false))
                .isInstanceOf(ProtocolException.class);
    }

    /** RFC 1952 with every optional part. */
    private static byte[] decoratedGzip(byte[] plain) {
        byte[] simple = Compressed.gzip(plain);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(simple, 0, 3);
        out.write(0x02 | 0x04 | 0x08 | 0x10 | 0x01);
        out.write(simple, 4, 6);
        out.write(3);
        out.write(0);
        out.writeBytes(new byte[] {1, 2, 3});
        out.writeBytes("name\0comment\0".getBytes(StandardCharsets.ISO_8859_1));
        CRC32 sum = new CRC32();
        sum.update(out.toByteArray());
        out.write((int) sum.getValue());
        out.write((int) (sum.getValue() >> 8));
        out.write(simple, 10, simple.length - 10);
        return out.toByteArray();
    }

    @Test
    @Tag("T17")
    void everyGzipHeaderIsReadAtAnySplit() {
        byte[] message = framed(2, decoratedGzip(error("a header with everything")));
        Pieces.single(FrameReader.of(V2, Limits.DEFAULT, recorder), V2, message);
        for (int seed = 0; seed < 200; seed++) {
            Pieces.split(FrameReader.of(V2, Limits.DEFAULT, recorder), V2, message, new Random(seed));
        }
        assertThat(recorder.messages()).hasSize(201).allMatch(told("a header with everything")::equals);
    }

    @Test
    @Tag("T17")
    void membersThatFollowOneAnotherAreOneMessage() {
        byte[] plain = error("two members");
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        members.writeBytes(Compressed.gzip(Arrays.copyOf(plain, 7)));
        members.writeBytes(decoratedGzip(Arrays.copyOfRange(plain, 7, plain.length)));
        Pieces.single(FrameReader.of(V2, Limits.DEFAULT, recorder), V2, framed(2, members.toByteArray()));
        assertThat(recorder.messages()).containsExactly(told("two members"));
    }

    @Test
    @Tag("T17")
    @Tag("T23")
    void everyDamagedByteOfAHeaderOrTrailerIsSeenOrMeansNothing() {
        byte[] good = decoratedGzip(error("sums and lengths"));
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 0x11;
            Recorder heard = new Recorder();
            assertThatThrownBy(() -> Pieces.whole(FrameReader.of(V2, Limits.DEFAULT, heard), V2, framed(2, bad)))
                    .as("byte %d", at)
                    .isInstanceOf(ProtocolException.class);
            assertThat(heard.messages()).isEmpty();
        }
        byte[] longer = Arrays.copyOf(good, good.length + 1);
        assertThatThrownBy(() -> whole(framed(2, longer))).hasMessageContaining("left-over bytes");
    }

    @Test
    @Tag("T17")
    @Tag("T23")
    void bytesBehindBrotliAreRefused() {
        byte[] good = Compressed.brotli(error("stored"));
        whole(framed(1, good));
        assertThat(recorder.messages()).containsExactly(told("stored"));
        byte[] longer = Arrays.copyOf(good, good.length + 1);
        assertThatThrownBy(() -> whole(framed(1, longer))).isInstanceOf(ProtocolException.class);
        assertThat(recorder.messages()).hasSize(1);
    }

    @Test
    @Tag("T17")
    @Tag("L10")
    void damagedBrotliIsAnErrorOfOurs() {
        byte[] good = Frames.load("12-v1bsatn-brotli-light").stream()
                .filter(Frames.Line::isReceived)
                .map(Frames.Line::bytes)
                .filter(each -> each[0] == Compression.BROTLI)
                .findFirst()
                .orElseThrow();
        Subprotocol v1 = Subprotocol.V1_BSATN;
        Pieces.whole(FrameReader.of(v1, Limits.DEFAULT, recorder), v1, good);
        assertThat(recorder.messages()).hasSize(1);
        for (int seed = 0; seed < 5000; seed++) {
            byte[] bad = CodecProperties.damaged(good, new Random(seed));
            bad[0] = 1;
            try {
                Pieces.whole(FrameReader.of(v1, Limits.DEFAULT, new Recorder()), v1, bad);
            } catch (ProtocolException | LimitExceededException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    /** A v2 TransactionUpdate that goes on and on: sets without tables. */
    private static byte[] bomb(int size) {
        byte[] plain = new byte[size];
        Arrays.fill(plain, 1, 5, (byte) 0xFF);
        plain[0] = 4;
        return plain;
    }

    @Test
    @Tag("T17")
    @Tag("T16")
    @Tag("L10")
    void bombsEndEarly() {
        byte[] bomb = framed(2, Compressed.gzip(bomb(8 << 20)));
        assertThat(bomb).hasSizeLessThan(16_000);
        Limits small = new Limits(1 << 20, 1 << 20, 1_000, 100, 100);
        long before = Allocated.bytes();
        assertThatThrownBy(() -> Pieces.whole(FrameReader.of(V2, small, recorder), V2, bomb))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("messageBytes");
        assertThat(Allocated.bytes() - before).isLessThan(16 << 20);
    }

    @Test
    @Tag("T17")
    @Tag("L10")
    void brotliAndPartsThatAreCompressedAloneAreBoundedToo() {
        Limits small = new Limits(1 << 20, 1_000, 1_000, 1 << 20, 1 << 20);
        byte[] brotli = framed(1, Compressed.brotli(error("x".repeat(1_000))));
        assertThatThrownBy(() -> Pieces.whole(FrameReader.of(V2, small, recorder), V2, brotli))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("messageBytes");
        for (int compression = 1; compression < 3; compression++) {
            byte[] update = update(compression, "y".repeat(1_000));
            Subprotocol v1 = Subprotocol.V1_BSATN;
            assertThatThrownBy(() -> Pieces.whole(FrameReader.of(v1, small, recorder), v1, update))
                    .isInstanceOf(LimitExceededException.class)
                    .hasMessageContaining("messageBytes");
            Recorder heard = new Recorder();
            Pieces.single(FrameReader.of(v1, Limits.DEFAULT, heard), v1, update);
            assertThat(heard.rows()).hasSize(1);
        }
    }

    /** A light update of v1 with one row in a part that is compressed alone, as 1.0 servers did. */
    private static byte[] update(int compression, String row) {
        BsatnScript script = new BsatnScript();
        script.variant("", 2, "");
        script.u32("", 1);
        script.list("", 1);
        script.u32("", 1);
        script.text("", "table");
        script.i64("", 1);
        script.list("", 1);
        script.squeezed(compression);
        script.rows("", List.of(), false);
        script.rows("", List.of(row), true);
        script.endSqueezed();
        return framed(0, script.toBytes());
    }

    @Test
    @Tag("T23")
    @Tag("T25")
    void aPartThatIsCompressedAloneMustBeWholeAndNoMore() {
        Subprotocol v1 = Subprotocol.V1_BSATN;
        for (int compression = 1; compression < 3; compression++) {
            for (int change : new int[] {-1, 1}) {
                BsatnScript rows = new BsatnScript();
                rows.rows("", List.of(), false);
                rows.rows("", List.of("a row"), true);
                byte[] plain = rows.toBytes();
                BsatnScript script = new BsatnScript();
                script.variant("", 2, "");
                script.u32("", 1);
                script.list("", 1);
                script.u32("", 1);
                script.text("", "table");
                script.i64("", 1);
                script.list("", 1);
                script.variant("", compression, "");
                script.bytes("", Compressed.by(compression, Arrays.copyOf(plain, plain.length + change)));
                assertThatThrownBy(() -> Pieces.single(
                                FrameReader.of(v1, Limits.DEFAULT, recorder), v1, framed(0, script.toBytes())))
                        .isInstanceOf(ProtocolException.class)
                        .hasMessageContaining(change < 0 ? "ends early" : "left-over");
            }
        }
        assertThat(recorder.messages()).isEmpty();
    }

    @Test
    @Tag("T17")
    @Tag("L10")
    void theRatioIsBoundedOnceMuchCameOut() {
        byte[] bomb = framed(2, Compressed.gzip(bomb((int) Limits.RATIO_FREE + (1 << 20))));
        Limits strict = new Limits(1L << 30, 4L << 30, 100, 100, 100);
        assertThatThrownBy(() -> Pieces.whole(FrameReader.of(V2, strict, recorder), V2, bomb))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("ratio");
    }

    @Test
    @Tag("T16")
    void aMessageBeyondTheBoundIsRefusedBeforeItsEnd() {
        Limits small = new Limits(1_000, 1 << 20, 1_000, 1 << 20, 1 << 20);
        FrameReader reader = FrameReader.of(V2, small, recorder);
        byte[] message = framed(0, error("x".repeat(1_000)));
        reader.data(V2.kind(), ByteBuffer.wrap(message, 0, 1_000), false);
        assertThatThrownBy(() -> reader.data(V2.kind(), ByteBuffer.wrap(message, 1_000, 1), false))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("wireBytes");
    }

    @Test
    @Tag("T19")
    void unknownVariantsAreToldAndTheNextMessageIsRead() {
        for (Subprotocol each : List.of(Subprotocol.V1_BSATN, V2, Subprotocol.V3_BSATN)) {
            Recorder heard = new Recorder();
            FrameReader reader = FrameReader.of(each, Limits.DEFAULT, heard);
            for (int compression = 0; compression < 3; compression++) {
                Pieces.single(reader, each, Compressed.frame(compression, new byte[] {100, 1, 2, 3}));
            }
            assertThat(heard.events)
                    .hasSize(3)
                    .allMatch(new ServerMessage.Unknown("tag 100", each.isBundled())::equals);
        }
        FrameReader reader = FrameReader.of(V2, Limits.DEFAULT, recorder);
        Pieces.whole(reader, V2, framed(0, new byte[] {(byte) 200}));
        Pieces.whole(reader, V2, framed(0, error("after it")));
        assertThat(recorder.messages()).containsExactly(new ServerMessage.Unknown("tag 200", false), told("after it"));
    }

    @Test
    @Tag("T18")
    @Tag("T19")
    void aBundleTellsWhatStandsBeforeAnUnknownVariant() {
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        bundle.write(0);
        bundle.writeBytes(error("first"));
        bundle.writeBytes(error("second"));
        bundle.write(99);
        bundle.writeBytes(error("lost"));
        Subprotocol v3 = Subprotocol.V3_BSATN;
        Pieces.single(FrameReader.of(v3, Limits.DEFAULT, recorder), v3, bundle.toByteArray());
        assertThat(recorder.messages())
                .containsExactly(told("first"), told("second"), new ServerMessage.Unknown("tag 99", true));
    }

    @Test
    @Tag("T5")
    void tokensAreInNoText() {
        ServerMessage.Connected connected = new ServerMessage.Connected(
                new dev.tributary.spacetimedb.Identity(java.math.BigInteger.ONE),
                new dev.tributary.spacetimedb.ConnectionId(java.math.BigInteger.TWO),
                "secret");
        assertThat(connected.toString()).doesNotContain("secret");
        assertThat(Payload.json("secret").toString()).doesNotContain("secret");
        for (String bad : List.of(
                "{\"IdentityToken\":{\"token\":secret",
                "{\"IdentityToken\":{\"token\":\"secret\"\"secret\"",
                "{\"IdentityToken\":{\"token\":\"secret\",\"secret\"]")) {
            assertThatThrownBy(() -> Pieces.whole(
                            FrameReader.of(Subprotocol.V1_JSON, Limits.DEFAULT, recorder),
                            Subprotocol.V1_JSON,
                            bad.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("IdentityToken")
                    .satisfies(e -> assertThat(String.valueOf(e) + e.getCause()).doesNotContain("secret"));
        }
    }
}
