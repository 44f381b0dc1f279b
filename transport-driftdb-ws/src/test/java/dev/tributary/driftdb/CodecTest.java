package dev.tributary.driftdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ConfigurationException;
import dev.tributary.ProtocolException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** Messages in both encodings. */
class CodecTest {

    private static ServerMessage json(String text) {
        return MessageReader.message(Encoding.JSON, text.getBytes(StandardCharsets.UTF_8));
    }

    private static ServerMessage cbor(String hex) {
        return MessageReader.message(Encoding.CBOR, HexFormat.of().parseHex(hex));
    }

    private static Object jsonValue(String text) {
        return ((ServerMessage.Pushed) json("{\"type\":\"push\",\"key\":\"k\",\"seq\":1,\"value\":" + text + "}"))
                .entry()
                .value();
    }

    private static Object cborValue(String hex) {
        // type: push, key: k, seq: 1, value: …
        return ((ServerMessage.Pushed) cbor("a4" + "6474797065" + "6470757368" + "636b6579" + "616b" + "63736571" + "01"
                        + "6576616c7565" + hex))
                .entry()
                .value();
    }

    @Example
    @Tag("D6")
    void everyMessageDecodesWithFreeOrderAndExtraMembers() {
        assertThat(json("{\"seq\":7,\"more\":{\"a\":[1]},\"value\":null,\"key\":\"k\",\"type\":\"push\"}"))
                .isEqualTo(new ServerMessage.Pushed("k", new Entry(7, null)));
        assertThat(json("{\"data\":[{\"seq\":3,\"x\":0,\"value\":true},{\"value\":\"a\",\"seq\":4}],\"key\":\"\","
                        + "\"type\":\"init\"}"))
                .isEqualTo(new ServerMessage.Init("", List.of(new Entry(3, true), new Entry(4, "a"))));
        assertThat(json("{\"size\":2,\"type\":\"stream_size\",\"key\":\"k\"}"))
                .isEqualTo(new ServerMessage.Size("k", 2));
        assertThat(json("{\"type\":\"pong\"}")).isEqualTo(new ServerMessage.Pong(null));
        assertThat(json("{\"nonce\":null,\"type\":\"pong\"}")).isEqualTo(new ServerMessage.Pong(null));
        assertThat(json("{\"nonce\":5,\"type\":\"pong\"}")).isEqualTo(new ServerMessage.Pong(5L));
        assertThat(json("{\"type\":\"error\",\"message\":\"no\"}")).isEqualTo(new ServerMessage.Refusal("no"));
        assertThat(json("{\"type\":\"greeting\",\"seq\":\"no number\",\"data\":7}"))
                .isEqualTo(new ServerMessage.Unknown("greeting"));
        assertThat(cbor("bf63736571" + "07" + "6576616c7565" + "f6" + "636b6579" + "616b" + "6474797065" + "6470757368"
                        + "ff"))
                .isEqualTo(new ServerMessage.Pushed("k", new Entry(7, null)));
        assertThat(cbor("a2" + "6474797065" + "64706f6e67" + "656e6f6e6365" + "f6"))
                .isEqualTo(new ServerMessage.Pong(null));
    }

    @Example
    @Tag("D6")
    @Tag("L10")
    void whatIsWrongIsNamed() {
        assertThatThrownBy(() -> json("{\"type\":\"push\",\"key\":\"k\",\"seq\":1.5,\"value\":1}"))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("push")
                .hasMessageContaining("seq");
        assertThatThrownBy(() -> json("{\"type\":\"init\",\"key\":\"k\",\"data\":[{\"value\":1}]}"))
                .hasMessageContaining("data[0]")
                .hasMessageContaining("seq");
        assertThatThrownBy(() -> json("[]")).hasMessageContaining("expected an object");
        assertThatThrownBy(() -> json("{}")).hasMessageContaining("no type");
        assertThatThrownBy(() -> json("{\"type\":\"pong\"} x")).isInstanceOf(ProtocolException.class);
    }

    @Example
    @Tag("D7")
    void numbersOf64BitsAreExact() {
        long top = -1;
        ServerMessage.Pushed pushed = (ServerMessage.Pushed)
                json("{\"type\":\"push\",\"key\":\"k\",\"seq\":18446744073709551615,\"value\":18446744073709551615}");
        assertThat(pushed.entry().number()).isEqualTo(top);
        assertThat(pushed.entry().value()).isEqualTo(new BigInteger("18446744073709551615"));
        assertThat(json("{\"type\":\"stream_size\",\"key\":\"k\",\"size\":18446744073709551615}"))
                .isEqualTo(new ServerMessage.Size("k", top));
        assertThat(json("{\"type\":\"pong\",\"nonce\":18446744073709551615}")).isEqualTo(new ServerMessage.Pong(top));
        assertThatThrownBy(() -> json("{\"type\":\"pong\",\"nonce\":18446744073709551616}"))
                .isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> json("{\"type\":\"pong\",\"nonce\":-1}")).isInstanceOf(ProtocolException.class);
        assertThat(cbor("a2" + "6474797065" + "64706f6e67" + "656e6f6e6365" + "1bffffffffffffffff"))
                .isEqualTo(new ServerMessage.Pong(top));
        assertThat(cborValue("1bffffffffffffffff")).isEqualTo(new BigInteger("18446744073709551615"));
        assertThat(cborValue("c240")).as("a large number that is small").isEqualTo(0L);
        assertThat(cborValue("c2487fffffffffffffff")).isEqualTo(Long.MAX_VALUE);
        assertThat(cborValue("c3487fffffffffffffff")).isEqualTo(Long.MIN_VALUE);
        assertThat(cborValue("c3488000000000000000")).isEqualTo(new BigInteger("-9223372036854775809"));
        assertThat(cborValue("3b7fffffffffffffff")).isEqualTo(Long.MIN_VALUE);
        assertThat(jsonValue("9007199254740993")).isEqualTo(9007199254740993L);
        assertThat(new String(MessageWriter.get(Encoding.JSON, "k", top), StandardCharsets.UTF_8))
                .contains("18446744073709551615");
    }

    @Example
    @Tag("D8")
    void floatsBytesAndIndefiniteStructuresDecode() {
        assertThat(cborValue("f93e00")).isEqualTo(1.5);
        assertThat(cborValue("fa3dcccccd")).isEqualTo((double) 0.1f);
        assertThat(cborValue("fb3fb999999999999a")).isEqualTo(0.1);
        assertThat(cborValue("f97e00")).isEqualTo(Double.NaN);
        assertThat(cborValue("f97c00")).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat((byte[]) cborValue("43010203")).containsExactly(1, 2, 3);
        assertThat((byte[]) cborValue("5f42010243030405ff")).containsExactly(1, 2, 3, 4, 5);
        assertThat(cborValue("9f01820203ff")).isEqualTo(List.of(1L, List.of(2L, 3L)));
        assertThat(cborValue("7f61616162ff")).isEqualTo("ab");
        assertThat(cborValue("bf6161bf6162f5ffff")).isEqualTo(Map.of("a", Map.of("b", true)));
        assertThat(cborValue("f7")).isNull();
    }

    @Example
    @Tag("D8")
    void theEncoderMakesNoTags() {
        Object value = Values.checked(List.of(new BigInteger("18446744073709551615"), Long.MIN_VALUE, 1.5, 0.5f));
        byte[] bytes = new CborOutput().value(value).toBytes();
        assertThat(HexFormat.of().formatHex(bytes))
                .isEqualTo("84" + "1bffffffffffffffff" + "3b7fffffffffffffff" + "fb3ff8000000000000" + "fa3f000000");
    }

    @Example
    @Tag("D9")
    void wholeDoublesAreWrittenAsIntegers() {
        assertThat(written(9007199254740992.0)).isEqualTo("9007199254740992");
        assertThat(written(1.0)).isEqualTo("1");
        assertThat(written(-3.0)).isEqualTo("-3");
        assertThat(written(1e18)).isEqualTo("1000000000000000000");
        assertThat(written(0x1p63)).isEqualTo("9223372036854775808");
        assertThat(written(17179869184f)).isEqualTo("17179869184");
        assertThat(written(-0.0)).isEqualTo("-0.0");
        assertThat(written(1e20)).isEqualTo("1.0E20");
        assertThat(written(0.1)).isEqualTo("0.1");
        assertThat(written(0.1f)).as("the shortest text of the single").isEqualTo("0.1");
        assertThat(written(7)).isEqualTo("7");
        assertThat(written(new BigInteger("18446744073709551615"))).isEqualTo("18446744073709551615");
    }

    private static String written(Object value) {
        String text = new String(MessageWriter.push(Encoding.JSON, Push.append("k", value)), StandardCharsets.UTF_8);
        return text.substring(text.indexOf("\"value\":") + 8, text.indexOf(",\"action\""));
    }

    @Example
    @Tag("D10")
    void whatAServerCannotUseIsRefusedHere() {
        refused(new Object(), "java.lang.Object");
        refused(Map.of(1, "a"), "texts");
        refused(Map.of("a", List.of(new BigInteger("18446744073709551616"))), "value.a[0]");
        refused(new BigInteger("-9223372036854775809"), "-2^63");
        refused("\ud800", "surrogate");
        Object deep = "end";
        for (int i = 0; i < 126; i++) {
            deep = List.of(deep);
        }
        assertThat(Push.append("k", deep)).isNotNull();
        refused(List.of(deep), "deeper than 126");
        assertThatThrownBy(() -> Push.append("k".repeat(1025), 1)).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> Push.append("ä".repeat(513), 1)).isInstanceOf(ConfigurationException.class);
        assertThat(Push.append("k".repeat(1024), null).value()).isNull();
        assertThatThrownBy(() -> Push.compact("k", 1, 0)).hasMessageContaining("numbered 0");
        assertThatThrownBy(() -> Push.relay("k", 1).atLeastOnce()).hasMessageContaining("never sent again");
    }

    private static void refused(Object value, String why) {
        assertThatThrownBy(() -> Push.append("k", value))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(why);
    }

    @Example
    @Tag("D10")
    void aValueCannotBeChangedAfterItWasPushed() {
        List<Object> list = new ArrayList<>(List.of(1));
        byte[] bytes = {1};
        list.add(bytes);
        Push push = Push.append("k", list);
        list.clear();
        bytes[0] = 9;
        assertThat((List<?>) push.value()).hasSize(2);
        assertThat((byte[]) ((List<?>) push.value()).get(1)).containsExactly(1);
        assertThat(push.toString()).doesNotContain("[");
    }

    @Property
    @Tag("D5")
    @Tag("D8")
    void whatIsPushedIsReadBack(@ForAll("values") Object value) {
        Object checked = Values.checked(value);
        byte[] cbor = new CborOutput().value(checked).toBytes();
        Object back = MessageReader.read(Encoding.CBOR, "value", cbor, in -> {
                    in.nextToken();
                    return java.util.Optional.ofNullable(ValueReader.read(in));
                })
                .orElse(null);
        assertThat(Values.isEcho(checked, back)).isTrue();
        if (Values.fitsJson(checked)) {
            assertThat(Values.isEcho(checked, jsonValue(written(checked)))).isTrue();
        }
        assertThat(Values.same(checked, Values.checked(checked))).isTrue();
    }

    @Property
    @Tag("L10")
    @Tag("D6")
    void randomBytesEndInATypedErrorOrAMessage(@ForAll byte[] bytes, @ForAll boolean binary) {
        decodes(binary ? Encoding.CBOR : Encoding.JSON, bytes);
    }

    @Property
    @Tag("L10")
    @Tag("D6")
    void damagedMessagesEndInATypedErrorOrAMessage(
            @ForAll("values") Object value, @ForAll boolean binary, @ForAll int at, @ForAll byte by, @ForAll int cut) {
        Encoding encoding = binary || !Values.fitsJson(Values.checked(value)) ? Encoding.CBOR : Encoding.JSON;
        byte[] bytes = MessageWriter.push(encoding, Push.append("k", value));
        bytes[Math.floorMod(at, bytes.length)] ^= by;
        decodes(encoding, java.util.Arrays.copyOf(bytes, 1 + Math.floorMod(cut, bytes.length)));
        decodes(encoding, bytes);
    }

    private static void decodes(Encoding encoding, byte[] bytes) {
        try {
            MessageReader.message(encoding, bytes);
        } catch (ProtocolException expected) {
            assertThat(expected.getMessage()).isNotBlank().hasSizeLessThan(500);
        }
    }

    @Provide
    Arbitrary<Object> values() {
        Arbitrary<Object> scalars = Arbitraries.oneOf(
                Arbitraries.longs().map(number -> (Object) number),
                Arbitraries.bigIntegers()
                        .between(BigInteger.ZERO, new BigInteger("18446744073709551615"))
                        .map(number -> (Object) number),
                Arbitraries.doubles().map(number -> (Object) number),
                Arbitraries.floats().map(number -> (Object) number),
                Arbitraries.of(true, false),
                Arbitraries.strings().ofMaxLength(20).filter(CodecTest::isText).map(text -> (Object) text),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(8).map(bytes -> (Object) bytes));
        return nested(scalars.withoutEdgeCases(), 2);
    }

    /** Bounded in depth: the edge cases of a recursive arbitrary would have no end. */
    private static Arbitrary<Object> nested(Arbitrary<Object> inner, int depth) {
        if (depth == 0) {
            return inner;
        }
        Arbitrary<Object> lists = inner.list().ofMaxSize(3).map(list -> (Object) list);
        Arbitrary<Object> maps = Arbitraries.maps(Arbitraries.strings().alpha().ofMaxLength(4), inner)
                .ofMaxSize(3)
                .map(map -> (Object) Collections.unmodifiableMap(new LinkedHashMap<>(map)));
        return nested(Arbitraries.oneOf(inner, lists, maps).withoutEdgeCases(), depth - 1);
    }

    private static boolean isText(String text) {
        return text.chars().noneMatch(c -> Character.isSurrogate((char) c));
    }
}
