package dev.tributary.spacetimedb.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.LimitExceededException;
import dev.tributary.ProtocolException;
import dev.tributary.conformance.Allocated;
import dev.tributary.spacetimedb.ConnectionId;
import dev.tributary.spacetimedb.Identity;
import dev.tributary.spacetimedb.codec.ServerMessage.Outcome;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** JSON as the specification shows it, as it may also be written, and as it may not. */
class JsonShapeTest {

    private static final Subprotocol JSON = Subprotocol.V1_JSON;

    private final Recorder recorder = new Recorder();

    private void read(String text) {
        Pieces.whole(FrameReader.of(JSON, Limits.DEFAULT, recorder), JSON, text.getBytes(StandardCharsets.UTF_8));
    }

    @Property(tries = 2000)
    @Tag("T28")
    @Tag("T31")
    @Tag("T65")
    void orderAndWhiteSpaceDoNotMatter(@ForAll long seed) {
        Random random = new Random(seed);
        JsonScript script = new JsonScript();
        List<Object> expected = Samples.v1(random, random.nextInt(Samples.V1_VARIANTS), script);
        String text = Tree.disordered(Tree.parse(script.toString()), random);
        Recorder heard = new Recorder();
        Pieces.split(FrameReader.of(JSON, Limits.DEFAULT, heard), JSON, text.getBytes(StandardCharsets.UTF_8), random);
        assertThat(heard.events.get(0)).isEqualTo(expected.get(0));
        assertThat(heard.events.get(heard.events.size() - 1)).isEqualTo(expected.get(expected.size() - 1));
        assertThat(heard.events).containsExactlyInAnyOrderElementsOf(expected);
    }

    /** Wherever it is cut: behind the colon or the comma, too. */
    @Example
    @Tag("T65")
    void aMissingValueIsRefused() {
        for (String text : List.of(
                "{\"SubscriptionError\":{\"error\":\"e\",\"total_host_execution_duration_micros\":}}",
                "{\"SubscriptionError\":{\"error\":\"e\",\"unknown\":{\"a\":}}}",
                "{\"Unknown\":{\"a\":}}",
                "{\"Unknown\":{\"a\":1, \n}}",
                "{\"Unknown\":{\"a\":[1,]}}",
                "{\"Unknown\":{\"a\":[1, \t]}}",
                "{\"Unknown\":{\"a\":1},}",
                "{\"Unknown\":}")) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            assertThatThrownBy(() -> read(text)).as(text).isInstanceOf(ProtocolException.class);
            FrameReader cut = FrameReader.of(JSON, Limits.DEFAULT, new Recorder());
            assertThatThrownBy(() -> Pieces.single(cut, JSON, bytes)).as(text).isInstanceOf(ProtocolException.class);
        }
    }

    @Example
    @Tag("T31")
    @Tag("T34")
    void readsAnUpdateWithoutReducerOrCaller() {
        String zero = "\"caller_identity\":{\"__identity__\":\"0x0\"},"
                + "\"caller_connection_id\":{\"__connection_id__\":0}";
        read("{\"TransactionUpdate\":{\"status\":{\"Committed\":{\"tables\":[]}},"
                + "\"timestamp\":{\"__timestamp_micros_since_unix_epoch__\":-1}," + zero
                + ",\"reducer_call\":{\"reducer_name\":\"\",\"reducer_id\":4294967295,\"args\":\"\",\"request_id\":0},"
                + "\"energy_quanta_used\":{\"quanta\":340282366920938463463374607431768211455},"
                + "\"total_host_execution_duration\":{\"__time_duration_micros__\":450}}}");
        assertThat(recorder.messages())
                .containsExactly(new ServerMessage.TransactionUpdate(
                        null,
                        new ServerMessage.ReducerEvent(
                                Outcome.COMMITTED,
                                null,
                                -1,
                                new Identity(BigInteger.ZERO),
                                null,
                                "",
                                0xFFFF_FFFFL,
                                Payload.json(""),
                                0,
                                BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE),
                                450)));
    }

    @Example
    @Tag("T26")
    @Tag("T31")
    void readsTheIdentityOfTheSpecification() {
        read("{\"IdentityToken\":{\"identity\":{\"__identity__\":\"0xc200\"},\"token\":\"t\","
                + "\"connection_id\":{\"__connection_id__\":5233100606242806050955395731361295}}}");
        assertThat(recorder.messages())
                .containsExactly(new ServerMessage.Connected(
                        new Identity(BigInteger.valueOf(0xc200)),
                        new ConnectionId(new BigInteger("5233100606242806050955395731361295")),
                        "t"));
    }

    @Example
    @Tag("T19")
    void anUnknownVariantIsToldAndSkipped() {
        read("{\"Novelty\":{\"deep\":[[[{\"a\":[]}]]],\"rows\":[\"x\"]}}");
        read("{\"Other\":7}");
        assertThat(recorder.events)
                .containsExactly(
                        new ServerMessage.Unknown("Novelty", false), new ServerMessage.Unknown("Other", false));
    }

    @Example
    @Tag("T22")
    void whatIsNoMessageIsRefused() {
        String light = "{\"TransactionUpdateLight\":{\"request_id\":1,\"update\":{\"tables\":[%s]}}}";
        String table = "{\"table_id\":1,\"table_name\":\"t\",\"num_rows\":0,\"updates\":[%s]}";
        String error = "{\"SubscriptionError\":{\"total_host_execution_duration_micros\":3,\"request_id\":%s,"
                + "\"query_id\":{\"none\":[]},\"table_id\":{\"none\":[]},\"error\":%s}}";
        for (String bad : List.of(
                "",
                " ",
                "[]",
                "7",
                "{}",
                "{\"Novelty\":1,\"Other\":2}",
                "{\"Novelty\":1}{}",
                "{\"Novelty\":1} 7",
                "{\"Novelty\":tru}",
                "{\"Novelty\":1",
                light.formatted("7"),
                light.formatted("{}"),
                light.formatted(table.formatted("{\"deletes\":[],\"inserts\":[{}]}")),
                light.formatted(table.formatted("{\"deletes\":[],\"inserts\":\"x\"}")),
                light.formatted(table.formatted("{\"deletes\":[],\"deletes\":[],\"inserts\":[]}")),
                light.formatted(table.formatted("{\"inserts\":[]}")),
                light.formatted(table.formatted("")).replace("\"request_id\":1", "\"request_id\":4294967296"),
                light.formatted(table.formatted("")).replace("\"request_id\":1", "\"request_id\":-1"),
                light.formatted(table.formatted("")).replace("\"request_id\":1", "\"request_id\":1.0"),
                light.formatted(table.formatted("")).replace("\"request_id\":1", "\"request_id\":\"1\""),
                error.formatted("{\"some\":1,\"none\":[]}", "\"x\""),
                error.formatted("{}", "\"x\""),
                error.formatted("{\"maybe\":1}", "\"x\""),
                error.formatted("null", "\"x\""),
                error.formatted("{\"none\":[1]}", "\"x\""),
                error.formatted("{\"none\":{\"a\":1}}", "\"x\""),
                error.formatted("{\"none\":[]}", "7"))) {
            assertThatThrownBy(() -> read(bad)).as(bad).isInstanceOf(ProtocolException.class);
        }
        assertThat(recorder.messages()).isEmpty();
    }

    @Example
    @Tag("T22")
    @Tag("T26")
    void valuesThatDoNotFitAreRefusedWhereTheyStand() {
        String identity = "{\"IdentityToken\":{\"identity\":{\"__identity__\":%s}";
        for (String bad : List.of("\"0x\"", "\"-0x1\"", "\"0x+1\"", "\"1\"", "\"0x" + "1".repeat(65) + "\"")) {
            refusedAtOnce(identity.formatted(bad), "__identity__ of IdentityToken is not 0x");
        }
        refusedAtOnce(identity.formatted("7"), "__identity__ of IdentityToken is no text");
        String connection = "{\"IdentityToken\":{\"connection_id\":{\"__connection_id__\":%s}";
        for (String bad : List.of("-1", BigInteger.ONE.shiftLeft(128).toString())) {
            refusedAtOnce(connection.formatted(bad), "does not fit into 128 bits");
        }
        for (String bad : List.of("0a0", "zz")) {
            refusedAtOnce(
                    "{\"OneOffQueryResponse\":{\"message_id\":\"%s\"".formatted(bad),
                    "message_id of OneOffQueryResponse is no hexadecimal text");
        }
        refusedAtOnce(
                "{\"ProcedureResult\":{\"status\":{\"Other\":[]}", "status of ProcedureResult has an unknown variant");
    }

    private void refusedAtOnce(String text, String problem) {
        FrameReader reader = FrameReader.of(JSON, Limits.DEFAULT, recorder);
        assertThatThrownBy(
                        () -> reader.data(JSON.kind(), ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), false))
                .as(text)
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(problem);
    }

    @Example
    @Tag("T22")
    void whatIsNoUtf8IsRefused() {
        byte[] message = "{\"ProcedureResult\":{\"status\":{\"InternalError\":\"??\"}".getBytes(StandardCharsets.UTF_8);
        int at = message.length - 4;
        for (byte[] bad : new byte[][] {{(byte) 0x80, 'x'}, {(byte) 0xC3, 'x'}, {(byte) 0xFF, (byte) 0xFE}}) {
            System.arraycopy(bad, 0, message, at, 2);
            assertThatThrownBy(() -> Pieces.single(FrameReader.of(JSON, Limits.DEFAULT, recorder), JSON, message))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("InternalError of ProcedureResult is malformed JSON");
        }
    }

    @Example
    @Tag("T22")
    void errorsNameMessageFieldAndPlace() {
        assertThatThrownBy(() -> read("{\"TransactionUpdateLight\":{\"request_id\":true"))
                .hasMessageMatching("request_id of TransactionUpdateLight is no whole number, at byte \\d+");
        assertThatThrownBy(() -> read("{\"TransactionUpdateLight\":{\"request_id\":1,\"update\":{\"tables\":[{}]"))
                .hasMessageMatching("table of TransactionUpdateLight has no field table_id, at byte \\d+");
        assertThatThrownBy(() -> read("{\"TransactionUpdateLight\":{\"request_id\":1,]"))
                .hasMessageMatching("request_id of TransactionUpdateLight is malformed JSON, at byte \\d+ .*");
    }

    @Example
    @Tag("T22")
    @Tag("L10")
    void depthAndSizeAreBounded() {
        assertThatThrownBy(() -> read("{\"Novelty\":" + "[".repeat(100_000)))
                .isInstanceOf(LimitExceededException.class);
        Limits small = new Limits(1 << 20, 1 << 20, 1_000, 100, 100);
        String head = "{\"TransactionUpdateLight\":{\"request_id\":1,\"update\":{\"tables\":[{\"table_id\":1,"
                + "\"table_name\":\"t\",\"num_rows\":0,\"updates\":[{\"deletes\":[],\"inserts\":[\"";
        assertThatThrownBy(() -> Pieces.split(
                        FrameReader.of(JSON, small, recorder),
                        JSON,
                        (head + "x".repeat(101) + "\"]}]}]}}}").getBytes(StandardCharsets.UTF_8),
                        new Random(1)))
                .isInstanceOf(LimitExceededException.class);
        assertThat(recorder.messages()).isEmpty();
    }

    @Example
    @Tag("T28")
    @Tag("L10")
    void rowsThatWaitForTheirTableAreBounded() {
        Limits small = new Limits(1 << 20, 1 << 20, 1_000, 1_000, 1_000);
        String head = "{\"TransactionUpdateLight\":{\"request_id\":1,\"update\":{\"tables\":[{\"updates\":["
                + "{\"deletes\":[],\"inserts\":[";
        assertThatThrownBy(() -> Pieces.whole(
                        FrameReader.of(JSON, small, recorder),
                        JSON,
                        (head + "\"a row\",".repeat(100)).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("before the name of their table");
    }

    @Example
    @Tag("T11")
    @Tag("T16")
    void rowsAreToldAsTheyArriveAndNotHeld() {
        long[] told = {0};
        FrameReader reader = FrameReader.of(JSON, Limits.DEFAULT, new CountingMessages(recorder, told));
        String head = "{\"TransactionUpdateLight\":{\"request_id\":1,\"update\":{\"tables\":[{\"table_id\":1,"
                + "\"table_name\":\"t\",\"num_rows\":0,\"updates\":[{\"deletes\":[],\"inserts\":[\"\"";
        reader.data(JSON.kind(), ByteBuffer.wrap(head.getBytes(StandardCharsets.UTF_8)), false);
        byte[] rows = (",\"" + "x".repeat(237) + "\"").repeat(16).getBytes(StandardCharsets.UTF_8);
        assertThat(reader.isInside()).isTrue();
        long before = Allocated.bytes();
        for (int i = 0; i < 5_000; i++) {
            reader.data(JSON.kind(), ByteBuffer.wrap(rows), false);
            assertThat(told[0]).isEqualTo(1 + 16L * (i + 1));
        }
        long allocated = Allocated.bytes() - before;
        reader.data(JSON.kind(), ByteBuffer.wrap("]}]}]}}}".getBytes(StandardCharsets.UTF_8)), true);
        assertThat(recorder.messages()).containsExactly(new ServerMessage.TransactionUpdate(1L, null));
        // 19 million bytes passed; per row there is a view of its characters, and no copy of them.
        assertThat(allocated).isLessThan(12L << 20);
    }
}
