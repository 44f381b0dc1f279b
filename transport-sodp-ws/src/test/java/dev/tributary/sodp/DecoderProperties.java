package dev.tributary.sodp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ProtocolException;
import dev.tributary.conformance.Allocated;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.jspecify.annotations.Nullable;

/** What comes from a server, honest or not. */
class DecoderProperties {

    private final Decoder decoder = new Decoder();

    private @Nullable Object read(byte[] bytes) {
        decoder.reset(bytes, 0, bytes.length);
        return decoder.value("the value", Decoder.MOST_LEVELS);
    }

    @Property(tries = 500)
    @Tag("S11")
    void readsWhatAnotherLibraryWrote(@ForAll("documents") @Nullable Object document) {
        assertThat(read(Packed.pack(document))).isEqualTo(Documents.PLAIN.of(document));
    }

    @Property(tries = 500)
    @Tag("S11")
    void writesWhatAnotherLibraryReads(@ForAll("documents") @Nullable Object document) {
        Object held = Documents.PLAIN.of(document);
        ByteBuffer frame = new Encoder().frame(FrameType.CALL, 0, 1, to -> to.value(held));
        Object body = ((List<?>) Packed.unpack(frame.array())).get(3);
        assertThat(Documents.PLAIN.of(body)).isEqualTo(held);
        byte[] canonical = Encoder.canonical(held);
        assertThat(read(canonical)).isEqualTo(held);
    }

    @Property(tries = 2000)
    @Tag("S45")
    @Tag("L10")
    void damagedAndRandomBytesAreReadOrRefusedByName(@ForAll("damaged") byte[] bytes) {
        try {
            Frame frame = Frame.head(decoder, bytes, 0, bytes.length);
            StateInit.read(frame, decoder);
        } catch (ProtocolException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
        try {
            Frame frame = Frame.head(decoder, bytes, 0, bytes.length);
            Delta delta = Delta.read(frame, decoder, 0);
            DeltaSteps steps = new DeltaSteps(SodpDialect.TYPESCRIPT, null, false, true);
            DeltaSteps.isDeletion(delta, decoder);
            steps.apply(delta, decoder);
        } catch (ProtocolException | UnfitDelta e) {
            assertThat(e.getMessage()).isNotBlank();
        }
        try {
            Frame frame = Frame.head(decoder, bytes, 0, bytes.length);
            CallResult.read(frame, decoder);
            ServerError.read(frame, decoder);
            Hello.read(frame, decoder, null);
        } catch (ProtocolException | dev.tributary.RejectedException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @Example
    @Tag("S45")
    @Tag("L9")
    void aHeaderThatPromisesBillionsAllocatesNothing() {
        for (String hex : List.of(
                "dfffffffff",
                "ddffffffff",
                "df7fffffff",
                "dd7fffffff",
                "df40000000",
                "dbffffffff",
                "db7fffffff",
                "dc0fff",
                "de0fffa161")) {
            byte[] bytes = HexFormat.of().parseHex(hex);
            long before = Allocated.bytes();
            assertThatThrownBy(() -> read(bytes)).isInstanceOf(ProtocolException.class);
            assertThatThrownBy(() -> {
                        decoder.reset(bytes, 0, bytes.length);
                        decoder.skip("the value");
                    })
                    .isInstanceOf(ProtocolException.class);
            assertThat(Allocated.bytes() - before).as(hex).isLessThan(200_000);
        }
    }

    @Example
    @Tag("S45")
    @Tag("L9")
    void nestedPromisesAreHeldAgainstTheBytesThatAreThereOnce() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < 1000; i++) {
            bytes.writeBytes(HexFormat.of().parseHex("dd000ffffe"));
        }
        bytes.writeBytes(new byte[0x100000]);
        long before = Allocated.bytes();
        assertThatThrownBy(() -> read(bytes.toByteArray()))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("promises");
        assertThat(Allocated.bytes() - before).isLessThan(32 << 20);
    }

    @Example
    @Tag("S57")
    void thousandsOfLevelsAreRefusedAndManyAreRead() {
        assertThatThrownBy(() -> read(nested(5000)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("nested too deep");
        Object deep = read(nested(1020));
        assertThat(deep).isEqualTo(read(nested(1020)));
        assertThat(String.valueOf(deep)).startsWith("[[[");
        byte[] skipped = nested(100_000);
        decoder.reset(skipped, 0, skipped.length);
        decoder.skip("the value");
        assertThat(decoder.position()).isEqualTo(skipped.length);
    }

    private static byte[] nested(int levels) {
        byte[] bytes = new byte[levels + 1];
        Arrays.fill(bytes, (byte) 0x91);
        bytes[levels] = (byte) 0xc0;
        return bytes;
    }

    @Example
    @Tag("S11")
    void integersOfEveryWidthAreTheSameNumber() {
        for (String hex : List.of(
                "05",
                "cc05",
                "cd0005",
                "ce00000005",
                "cf0000000000000005",
                "d005",
                "d10005",
                "d200000005",
                "d30000000000000005")) {
            byte[] bytes = HexFormat.of().parseHex(hex);
            assertThat(read(bytes)).isEqualTo(5L);
            decoder.reset(bytes, 0, bytes.length);
            assertThat(decoder.unsigned("n")).isEqualTo(5);
        }
        assertThat(read(HexFormat.of().parseHex("cfffffffffffffffff")))
                .isEqualTo(BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE));
        assertThat(read(HexFormat.of().parseHex("d38000000000000000"))).isEqualTo(Long.MIN_VALUE);
        assertThat(read(HexFormat.of().parseHex("ca3fc00000"))).isEqualTo(1.5);
        assertThatThrownBy(() -> {
                    byte[] bytes = HexFormat.of().parseHex("cfffffffffffffffff");
                    decoder.reset(bytes, 0, bytes.length);
                    decoder.unsigned("version");
                })
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("version");
    }

    @Example
    @Tag("S11")
    void integersAreWrittenInTheirShortestForm() {
        assertThat(Encoder.canonical(5L)).hasSize(1);
        assertThat(Encoder.canonical(200L)).hasSize(2);
        assertThat(Encoder.canonical(-1L)).hasSize(1);
        assertThat(Encoder.canonical(70_000L)).hasSize(5);
        assertThat(Encoder.canonical(BigInteger.ONE.shiftLeft(63))).hasSize(9);
    }

    @Example
    @Tag("S10")
    @Tag("L10")
    void whatNoDocumentHoldsIsRefused() {
        for (String hex : List.of("c40100", "d40000", "c7000100", "81c0c0", "8101c0", "c1", "a2c328", "a1ff")) {
            assertThatThrownBy(() -> read(HexFormat.of().parseHex(hex)))
                    .as(hex)
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("at byte");
        }
    }

    @Example
    void theLastOfTwoEqualNamesCounts() {
        assertThat(read(HexFormat.of().parseHex("82a16101a16102"))).isEqualTo(Map.of("a", 2L));
    }

    @Example
    @Tag("S13")
    void unknownFieldsAreIgnoredAndTheOrderMeansNothing() {
        byte[] bytes = Packed.frame(
                FrameType.STATE_INIT,
                10,
                1,
                Packed.map(
                        "zzz",
                        List.of(1, Packed.map("state", "no")),
                        "value",
                        5,
                        "initialized",
                        true,
                        "version",
                        3,
                        "state",
                        "k",
                        "",
                        1));
        StateInit init = StateInit.read(Frame.head(decoder, bytes, 0, bytes.length), decoder);
        assertThat(init.key()).isEqualTo("k");
        assertThat(init.version()).isEqualTo(3);
        assertThat(init.value()).isEqualTo(5L);
    }

    @Provide
    Arbitrary<Object> documents() {
        Arbitrary<Object> scalars = Arbitraries.oneOf(
                        Arbitraries.longs().map(n -> (Object) n),
                        Arbitraries.doubles().map(n -> (Object) n),
                        Arbitraries.strings()
                                .ofMaxLength(40)
                                .filter(DecoderProperties::isUnicode)
                                .map(s -> (Object) s),
                        Arbitraries.of((Object) true, false, BigInteger.ONE.shiftLeft(63)))
                .injectNull(0.1);
        return Arbitraries.recursive(
                () -> scalars,
                inner -> Arbitraries.oneOf(
                        inner.list().ofMaxSize(40).map(list -> (Object) list),
                        Arbitraries.maps(
                                        Arbitraries.strings().ofMaxLength(5).filter(DecoderProperties::isUnicode),
                                        inner)
                                .ofMaxSize(20)
                                .map(map -> (Object) map)),
                0,
                2);
    }

    private static boolean isUnicode(String text) {
        return text.equals(new String(
                text.getBytes(java.nio.charset.StandardCharsets.UTF_8), java.nio.charset.StandardCharsets.UTF_8));
    }

    /** Frames with some bytes changed or cut off, and bytes that never were one. */
    @Provide
    Arbitrary<byte[]> damaged() {
        Map<String, @Nullable Object> delta = Packed.map(
                "version",
                3,
                "state",
                "k",
                "ops",
                List.of(Scene.op("UPDATE", "/a/0", Packed.map("x", List.of(1, 2.5, "text", true)))));
        Map<String, @Nullable Object> init =
                Packed.map("state", "key", "version", 300, "value", List.of(Packed.map("a", 1)), "initialized", true);
        byte[] one = Packed.frame(FrameType.DELTA, 10, 1, delta);
        byte[] two = Packed.frame(FrameType.STATE_INIT, 10, 1, init);
        Arbitrary<byte[]> frames = Arbitraries.of(one, two);
        Arbitrary<byte[]> changed = frames.flatMap(frame -> Arbitraries.integers()
                .between(0, frame.length - 1)
                .flatMap(at -> Arbitraries.bytes().map(to -> {
                    byte[] copy = frame.clone();
                    copy[at] = to;
                    return copy;
                })));
        Arbitrary<byte[]> cut = frames.flatMap(
                frame -> Arbitraries.integers().between(0, frame.length).map(at -> Arrays.copyOf(frame, at)));
        Arbitrary<byte[]> random = Arbitraries.bytes().array(byte[].class).ofMaxSize(60);
        return Arbitraries.oneOf(changed, cut, random);
    }
}
