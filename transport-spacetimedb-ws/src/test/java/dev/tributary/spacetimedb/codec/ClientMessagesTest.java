package dev.tributary.spacetimedb.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.LimitExceededException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** The exact form of each request, and the bounds that the server has. */
class ClientMessagesTest {

    private static final List<String> TWO = List.of("SELECT * FROM person", "SELECT * FROM pet");

    private static String json(byte[] message) {
        return new String(message, StandardCharsets.UTF_8);
    }

    private static String hex(byte[] message) {
        return HexFormat.of().formatHex(message);
    }

    /** The specification's section 2.3, letter by letter. */
    @Example
    @Tag("T30")
    void everyRequestHasTheExactJson() {
        ClientMessages v1 = ClientMessages.of(Subprotocol.V1_JSON);
        assertThat(json(v1.callReducer(1, "add_person", Payload.json("[\"Alice\",30]"), false)))
                .isEqualTo("{\"CallReducer\":{\"reducer\":\"add_person\",\"args\":\"[\\\"Alice\\\",30]\","
                        + "\"request_id\":1,\"flags\":0}}");
        assertThat(json(v1.callReducer(0xFFFF_FFFFL, "é", Payload.json("[]"), true)))
                .isEqualTo(
                        "{\"CallReducer\":{\"reducer\":\"é\",\"args\":\"[]\",\"request_id\":4294967295,\"flags\":1}}");
        assertThat(json(v1.subscribeLegacy(2, List.of("SELECT * FROM person"))))
                .isEqualTo("{\"Subscribe\":{\"query_strings\":[\"SELECT * FROM person\"],\"request_id\":2}}");
        assertThat(json(v1.subscribeLegacy(2, List.of())))
                .isEqualTo("{\"Subscribe\":{\"query_strings\":[],\"request_id\":2}}");
        assertThat(json(v1.subscribeSingle(3, 10, "SELECT * FROM person")))
                .isEqualTo("{\"SubscribeSingle\":{\"query\":\"SELECT * FROM person\",\"request_id\":3,"
                        + "\"query_id\":{\"id\":10}}}");
        assertThat(json(v1.subscribe(4, 11, TWO)))
                .isEqualTo("{\"SubscribeMulti\":{\"query_strings\":[\"SELECT * FROM person\",\"SELECT * FROM pet\"],"
                        + "\"request_id\":4,\"query_id\":{\"id\":11}}}");
        assertThat(json(v1.unsubscribeSingle(5, 10)))
                .isEqualTo("{\"Unsubscribe\":{\"request_id\":5,\"query_id\":{\"id\":10}}}");
        assertThat(json(v1.unsubscribe(6, 11, true)))
                .isEqualTo("{\"UnsubscribeMulti\":{\"request_id\":6,\"query_id\":{\"id\":11}}}");
        assertThat(json(v1.oneOffQuery(0x0a0b, "SELECT * FROM person")))
                .isEqualTo("{\"OneOffQuery\":{\"message_id\":\"00000a0b\",\"query_string\":\"SELECT * FROM person\"}}");
        assertThat(json(v1.callProcedure(7, "report", Payload.json("[]"))))
                .isEqualTo(
                        "{\"CallProcedure\":{\"procedure\":\"report\",\"args\":\"[]\",\"request_id\":7,\"flags\":0}}");
    }

    @Example
    @Tag("T30")
    void everyRequestOfV1HasTheExactBytes() {
        ClientMessages v1 = ClientMessages.of(Subprotocol.V1_BSATN);
        Payload args = Payload.of(HexFormat.of().parseHex("05000000416c6963651e"));
        assertThat(hex(v1.callReducer(1, "add", args, true)))
                .isEqualTo("00" + "03000000616464" + "0a00000005000000416c6963651e" + "01000000" + "01");
        assertThat(hex(v1.subscribeLegacy(2, List.of("a", "bc"))))
                .isEqualTo("01" + "02000000" + "0100000061" + "020000006263" + "02000000");
        assertThat(hex(v1.oneOffQuery(0x01020304, "a"))).isEqualTo("02" + "0400000001020304" + "0100000061");
        assertThat(hex(v1.subscribeSingle(3, 10, "a"))).isEqualTo("03" + "0100000061" + "03000000" + "0a000000");
        assertThat(hex(v1.subscribe(4, 11, List.of("a"))))
                .isEqualTo("04" + "01000000" + "0100000061" + "04000000" + "0b000000");
        assertThat(hex(v1.unsubscribeSingle(5, 10))).isEqualTo("05" + "05000000" + "0a000000");
        assertThat(hex(v1.unsubscribe(6, 0xFFFF_FFFEL, false))).isEqualTo("06" + "06000000" + "feffffff");
        assertThat(hex(v1.callProcedure(7, "é", Payload.of(new byte[0]))))
                .isEqualTo("07" + "02000000c3a9" + "00000000" + "07000000" + "00");
    }

    @Example
    @Tag("T32")
    void everyRequestOfV2HasTheExactBytes() {
        for (Subprotocol each : List.of(Subprotocol.V2_BSATN, Subprotocol.V3_BSATN)) {
            ClientMessages v2 = ClientMessages.of(each);
            assertThat(hex(v2.subscribe(1, 2, List.of("a", "bc"))))
                    .isEqualTo("00" + "01000000" + "02000000" + "02000000" + "0100000061" + "020000006263");
            assertThat(hex(v2.unsubscribe(1, 2, false))).isEqualTo("01" + "01000000" + "02000000" + "00");
            assertThat(hex(v2.unsubscribe(1, 2, true))).isEqualTo("01" + "01000000" + "02000000" + "01");
            assertThat(hex(v2.oneOffQuery(3, "a"))).isEqualTo("02" + "03000000" + "0100000061");
            assertThat(hex(v2.callReducer(4, "a", Payload.of(new byte[] {9}), false)))
                    .isEqualTo("03" + "04000000" + "00" + "0100000061" + "0100000009");
            assertThat(hex(v2.callProcedure(5, "a", Payload.of(new byte[] {9}))))
                    .isEqualTo("04" + "05000000" + "00" + "0100000061" + "0100000009");
            assertThatThrownBy(() -> v2.subscribeSingle(1, 2, "a")).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> v2.unsubscribeSingle(1, 2)).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> v2.subscribeLegacy(1, List.of()))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> v2.callReducer(4, "a", Payload.of(new byte[0]), true))
                    .isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Example
    @Tag("T15")
    void thirtyTwoMebibytesGoOutAndOneByteMoreDoesNot() {
        ClientMessages v2 = ClientMessages.of(Subprotocol.V2_BSATN);
        int head = v2.callReducer(1, "r", Payload.of(new byte[0]), false).length;
        byte[] most = new byte[ClientMessages.MOST_BYTES - head];
        assertThat(v2.callReducer(1, "r", Payload.of(most), false)).hasSize(ClientMessages.MOST_BYTES);
        assertThatThrownBy(() -> v2.callReducer(1, "r", Payload.of(new byte[most.length + 1]), false))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("CallReducer")
                .hasMessageContaining("33554432");
        assertThatThrownBy(() -> ClientMessages.of(Subprotocol.V1_JSON)
                        .subscribeSingle(1, 1, "\"".repeat(ClientMessages.MOST_BYTES / 2)))
                .isInstanceOf(LimitExceededException.class);
    }

    @Example
    @Tag("T30")
    void whatCannotBeSaidIsRefused() {
        for (Subprotocol each : Subprotocol.values()) {
            ClientMessages out = ClientMessages.of(each);
            assertThatThrownBy(() -> out.subscribe(1L << 32, 1, TWO)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> out.subscribe(1, -1, TWO)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> out.oneOffQuery(1, "half \uD83D of a pair"))
                    .isInstanceOf(IllegalArgumentException.class);
            Payload wrong = each.isJson() ? Payload.of(new byte[1]) : Payload.json("[]");
            assertThatThrownBy(() -> out.callReducer(1, "r", wrong, false))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Property(tries = 500)
    @Tag("T30")
    void anyTextSurvivesJson(@ForAll String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            return;
        }
        byte[] message = ClientMessages.of(Subprotocol.V1_JSON).callReducer(1, text, Payload.json(text), false);
        assertThat(Tree.object(Tree.object(Tree.parse(json(message))).get("CallReducer")))
                .containsEntry("reducer", text)
                .containsEntry("args", text);
    }

    @Property(tries = 300)
    @Tag("T18")
    void bundlesKeepOrderAndBound(@ForAll long seed, @ForAll Subprotocol subprotocol) {
        Random random = new Random(seed);
        List<byte[]> messages = new ArrayList<>();
        int count = random.nextInt(20);
        for (int i = 0; i < count; i++) {
            byte[] message = new byte[1 + random.nextInt(50)];
            random.nextBytes(message);
            messages.add(message);
        }
        List<byte[]> bundles = Bundles.of(subprotocol, messages, 40);
        if (!subprotocol.isBundled()) {
            assertThat(bundles).containsExactlyElementsOf(messages);
            return;
        }
        assertThat(String.join("", bundles.stream().map(ClientMessagesTest::hex).toList()))
                .isEqualTo(String.join(
                        "", messages.stream().map(ClientMessagesTest::hex).toList()));
        assertThat(bundles).allMatch(bundle -> bundle.length > 0);
        for (byte[] bundle : bundles) {
            if (bundle.length > 40) {
                assertThat(messages).anyMatch(each -> Arrays.equals(each, bundle));
            }
        }
        for (int i = 1; i < bundles.size(); i++) {
            // Two neighbours never fit into one, or the first message of the second would have been in the first.
            assertThat(bundles.get(i - 1).length + firstOf(bundles, i, messages))
                    .isGreaterThan(40);
        }
    }

    private static int firstOf(List<byte[]> bundles, int index, List<byte[]> messages) {
        int before =
                bundles.subList(0, index).stream().mapToInt(each -> each.length).sum();
        int at = 0;
        for (byte[] message : messages) {
            if (at == before) {
                return message.length;
            }
            at += message.length;
        }
        throw new IllegalStateException("no message begins at " + before);
    }

    @Example
    @Tag("T15")
    @Tag("T18")
    void noBundleIsLargerThanTheServerTakes() {
        byte[] half = new byte[ClientMessages.MOST_BYTES / 2];
        List<byte[]> bundles = Bundles.of(Subprotocol.V3_BSATN, List.of(half, half, half), Integer.MAX_VALUE);
        assertThat(bundles.stream().map(each -> each.length).toList())
                .containsExactly(ClientMessages.MOST_BYTES, half.length);
    }

    @Example
    @Tag("T2")
    void subprotocolsHaveTheirNames() {
        for (Subprotocol each : Subprotocol.values()) {
            assertThat(Subprotocol.of(each.token())).contains(each);
            assertThat(Subprotocol.of(each.token().toUpperCase(java.util.Locale.ROOT)))
                    .isEmpty();
        }
    }
}
