package dev.tributary.testkit.driftdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.testkit.socket.HttpRequest;
import dev.tributary.testkit.socket.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the specification says of the server beyond what was recorded. */
class DriftDbModelTest {

    private static final String APPEND = "\"action\":{\"type\":\"append\"}";
    private static final String CONNECT = "/room/r/connect";

    private long now = 1_000;
    private DriftDbModel model = model(DriftDbOptions.standAlone().withDrainMillis(0));
    private DriftDbRoom room = model.createRoom("r");
    private final RecordingOutlet outlet = new RecordingOutlet();

    @Test
    void theWorkedExampleHolds() {
        DriftDbConnection a = connect("");
        a.text("{\"type\":\"get\",\"key\":\"k\"}");
        push(a, "\"one\"", "append");
        push(a, "\"two\"", "append");
        push(a, "\"three\"", "replace");
        push(a, "\"four\"", "relay");
        push(a, "\"five\"", "append");
        outlet.take();
        a.text(
                "{\"action\":{\"seq\":4,\"type\":\"compact\"},\"value\":\"S\",\"more\":1,\"key\":\"k\",\"type\":\"push\"}");
        assertThat(outlet.take()).containsExactly("{\"type\":\"stream_size\",\"key\":\"k\",\"size\":2}");
        a.text("{\"type\":\"get\",\"key\":\"k\",\"seq\":0}");
        push(a, "\"six\"", "append");
        String six = "{\"type\":\"push\",\"key\":\"k\",\"value\":\"six\",\"seq\":6}";
        assertThat(outlet.take())
                .containsExactly(
                        "{\"type\":\"init\",\"key\":\"k\",\"data\":"
                                + "[{\"value\":\"S\",\"seq\":4},{\"value\":\"five\",\"seq\":5}]}",
                        six,
                        six,
                        "{\"type\":\"stream_size\",\"key\":\"k\",\"size\":3}");
        assertThat(a.gets("k")).isEqualTo(2);
    }

    @Test
    void aGetOfNothingSubscribesAndSaysNothing() {
        DriftDbConnection a = connect("");
        a.text("{\"type\":\"get\",\"key\":\"k\",\"seq\":null}");
        assertThat(outlet.take()).isEmpty();
        room.relay("k", "1");
        room.relay("other", "2");
        assertThat(outlet.take()).containsExactly("{\"type\":\"push\",\"key\":\"k\",\"value\":1,\"seq\":1}");
    }

    @Test
    void lateAndOversizedSnapshotsStandInFront() {
        room.append("k", "1");
        room.compact("k", 5, "\"new\"");
        room.compact("k", 3, "\"old\"");
        assertThat(numbers("k")).containsExactly(3L, 5L);
        room.compact("k", -1, "\"all\"");
        room.append("k", "2");
        assertThat(numbers("k")).containsExactly(-1L, 2L);
        room.compact("nothing", 0, "\"hidden\"");
        connect("").text("{\"type\":\"get\",\"key\":\"nothing\"}");
        assertThat(outlet.take()).containsExactly("{\"type\":\"init\",\"key\":\"nothing\",\"data\":[]}");
    }

    @Test
    void theThirtyThirdWaitingFrameIsDroppedInSilence() {
        restart(DriftDbOptions.standAlone());
        DriftDbConnection a = connect("");
        a.text("{\"type\":\"get\",\"key\":\"k\"}");
        tick(1);
        outlet.take();
        for (int i = 0; i < 100; i++) {
            push(a, String.valueOf(i), "append");
        }
        assertThat(outlet.take()).isEmpty();
        a.text("{\"type\":\"ping\",\"nonce\":1}");
        tick(1);
        // The echo of the first push, then an echo and a notice of each.
        assertThat(outlet.take()).hasSize(32).doesNotContain("{\"type\":\"pong\",\"nonce\":1}");
        assertThat(a.isOpen()).isTrue();
        assertThat(a.dropped()).isEqualTo(199 + 1 - 32);
        assertThat(model.droppedFrames()).isEqualTo(a.dropped());
        assertThat(room.entries("k")).hasSize(100);
        // A window of twelve with its fence is never cut.
        for (int i = 0; i < 12; i++) {
            push(a, String.valueOf(i), "append");
        }
        a.text("{\"type\":\"ping\",\"nonce\":2}");
        tick(1);
        assertThat(outlet.take()).hasSize(25).endsWith("{\"type\":\"pong\",\"nonce\":2}");
    }

    @Test
    void aSlowReaderLosesFramesAndKeepsItsConnection() {
        DriftDbConnection a = connect("");
        a.text("{\"type\":\"get\",\"key\":\"k\"}");
        outlet.full = true;
        IntStream.range(0, 50).forEach(i -> room.relay("k", String.valueOf(i)));
        outlet.full = false;
        outlet.take();
        a.drain();
        assertThat(outlet.take()).hasSize(32);
        assertThat(a.dropped()).isEqualTo(18);
    }

    @Test
    void queuesAreDrainedByHandWhereAsked() {
        restart(DriftDbOptions.standAlone().withDrainMillis(DriftDbOptions.BY_HAND));
        DriftDbConnection a = connect("");
        a.text("{\"type\":\"ping\"}");
        tick(10_000);
        assertThat(outlet.take()).isEmpty();
        model.drain();
        assertThat(outlet.take()).containsExactly("{\"type\":\"pong\",\"nonce\":null}");
    }

    @Test
    void numbersSurviveAsTheTableSays() {
        assertThat(throughJson("18446744073709551615")).isEqualTo("18446744073709551615");
        assertThat(throughJson("-9223372036854775808")).isEqualTo("-9223372036854775808");
        assertThat(throughJson("123456789012345678901")).isEqualTo("1.2345678901234568e20");
        assertThat(throughJson("123456789012345670000")).isEqualTo("1.2345678901234567e20");
        assertThat(throughJson("1.0")).isEqualTo("1.0");
        assertThat(throughJson("1e2")).isEqualTo("100.0");
        assertThat(throughJson("0.10000000149011612")).isEqualTo("0.1");
        assertThat(throughJson("9007199254740992.0")).isEqualTo("9.007199e15");
        assertThat(throughJson("17179869184.0")).isEqualTo("17179870000.0");
        assertThat(throughJson("0.1")).isEqualTo("0.1");
        assertThat(throughJson("-0.0")).isEqualTo("-0.0");
        assertThat(throughJson("-0")).isEqualTo("-0.0");
        assertThat(throughJson("1.5e-7")).isEqualTo("1.5e-7");
        assertThat(throughJson("0.00001234")).isEqualTo("0.00001234");
        assertThat(throughJson("3.814697265625e-6")).isEqualTo("0.0000038146973");
        assertThat(throughJson("9.5367431640625e-7")).isEqualTo("9.536743e-7");
        assertThat(throughJson("3.8e-6")).isEqualTo("3.8e-6");
        assertThat(throughJson("2e-3")).isEqualTo("0.002");
        assertThat(throughJson("\"\\u00e9\\u0001\\ud83d\\ude00\\/\\n\"")).isEqualTo("\"é\\u0001😀/\\n\"");
        assertThat(throughJson("{\"b\":1,\"a\":2,\"b\":3}")).isEqualTo("{\"b\":1,\"a\":2,\"b\":3}");
    }

    @Test
    void cborBecomesJsonWhereItCan() {
        DriftDbConnection json = connect("");
        json.text("{\"type\":\"get\",\"key\":\"k\"}");
        DriftDbConnection cbor = open("?cbor=true");
        RecordingOutlet binary = new RecordingOutlet();
        cbor.attach(binary);
        cbor.text("{\"type\":\"get\",\"key\":\"k\"}");
        assertThat(binary.take())
                .containsExactly("a3" + "6474797065" + "64696e6974" + "636b6579" + "616b" + "6464617461" + "80");
        outlet.take();

        Map<String, String> values = Map.of(
                "42ff00", "[255,0]",
                "f97e00", "null",
                "f9fc00", "null",
                "f93c00", "1.0",
                "f90001", "5.9604645e-8",
                "f7", "null");
        values.forEach((hex, text) -> {
            cbor.binary(cborPush(hex));
            assertThat(outlet.take()).singleElement().asString().contains("\"value\":" + text + ",");
        });
        cbor.binary(cborPush("a201" + "6161" + "f5" + "6162"));
        assertThat(outlet.take()).singleElement().asString().contains("\"value\":{\"1\":\"a\",\"true\":\"b\"}");
        assertThat(json.isOpen()).isTrue();
        cbor.binary(cborPush("a1f6" + "01"));
        assertThat(outlet.take()).containsExactly("end");
        assertThat(json.isOpen()).isFalse();
        assertThat(cbor.isOpen()).isTrue();
        HttpResponse read = http(HttpRequest.post("/room/r/send", "{\"type\":\"get\",\"key\":\"k\"}"));
        assertThat(read.status()).isEqualTo(200);
        room.apply(new ClientMessage.Push(
                "k",
                new DriftValue.Map(List.of(new DriftValue.Member(DriftValue.NULL, DriftValue.NULL))),
                ClientMessage.Action.REPLACE,
                0));
        assertThat(http(HttpRequest.post("/room/r/send", "{\"type\":\"get\",\"key\":\"k\"}"))
                        .status())
                .isEqualTo(500);
    }

    @Test
    void unusableMessagesEndTheConnectionAfterOneError() {
        List<String> bad = List.of(
                "{\"type\":\"ping\"} x",
                "{\"type\":\"ping\",\"type\":\"ping\"}",
                "{\"type\":\"ping\",\"nonce\":1.0}",
                "{\"type\":\"ping\",\"nonce\":18446744073709551616}",
                "{\"type\":\"get\",\"key\":1}",
                "{\"type\":\"get\"}",
                "[]",
                "{\"key\":\"k\"}",
                "{\"type\":\"push\",\"key\":\"k\",\"value\":1,\"action\":\"append\"}",
                "{\"type\":\"push\",\"key\":\"k\",\"value\":1,\"action\":{\"type\":\"compact\"}}",
                "{\"type\":\"push\",\"key\":\"k\",\"value\":\"\\ud800\"," + APPEND + "}",
                "{\"type\":\"push\",\"key\":\"k\",\"value\":1e999," + APPEND + "}",
                "{\"type\":\"push\",\"key\":\"k\",\"value\":" + "[".repeat(127) + "]".repeat(127) + "," + APPEND + "}");
        for (String message : bad) {
            DriftDbConnection a = connect("");
            a.text(message);
            a.text("{\"type\":\"ping\"}");
            assertThat(outlet.heard).as(message).hasSize(2).endsWith("end");
            assertThat(outlet.take().get(0))
                    .startsWith("{\"type\":\"error\",\"message\":\"Failed to receive message from user: ");
            assertThat(a.isOpen()).isFalse();
        }
        assertThat(model.unusableMessages()).isEqualTo(bad.size());
        DriftDbConnection a = connect("");
        a.text("{\"type\":\"push\",\"key\":\"\",\"value\":" + "[".repeat(126) + "]".repeat(126) + "," + APPEND + "}");
        assertThat(room.entries("")).hasSize(1);
    }

    @Test
    void unusableCborEndsTheConnectionToo() {
        for (String hex : List.of("c1" + "01", "3bffffffffffffffff", "e0", "61ff", "1c", "7f01ff", "9a7fffffff")) {
            DriftDbConnection a = connect("");
            a.binary(cborPush(hex));
            assertThat(outlet.take()).as(hex).hasSize(2).endsWith("end");
            assertThat(a.isOpen()).isFalse();
        }
        DriftDbConnection a = connect("");
        a.binary(new byte[] {(byte) 0xd9, (byte) 0xd9, (byte) 0xf7});
        assertThat(outlet.take()).hasSize(2);
        // What follows the first item is ignored, and a byte string may stand for a text.
        a = connect("");
        a.binary(HexFormat.of().parseHex("bf" + "4474797065" + "6470696e67" + "ff" + "00"));
        assertThat(outlet.take()).containsExactly("{\"type\":\"pong\",\"nonce\":null}");
    }

    @Test
    void aControlFrameIsTheEndOfListening() {
        DriftDbConnection a = connect("");
        assertThat(model.controlFrames()).isZero();
        a.control();
        a.text("{\"type\":\"ping\"}");
        assertThat(outlet.take()).isEmpty();
        assertThat(a.isWrecked()).isTrue();
        assertThat(a.isOpen()).isTrue();
        assertThat(model.controlFrames()).isOne();
    }

    @Test
    void theDebugViewShowsTheWholeRoom() {
        room.append("k", "1");
        room.compact("zero", 0, "2");
        connect("?debug=true");
        assertThat(outlet.take())
                .containsExactly(
                        "{\"type\":\"init\",\"key\":\"k\",\"data\":[{\"value\":1,\"seq\":1}]}",
                        "{\"type\":\"init\",\"key\":\"zero\",\"data\":[{\"value\":2,\"seq\":0}]}");
        room.append("k", "3");
        room.relay("k", "4");
        room.append("zero", "5");
        assertThat(outlet.take())
                .containsExactly(
                        "{\"type\":\"init\",\"key\":\"k\",\"data\":[{\"value\":1,\"seq\":1},{\"value\":3,\"seq\":2}]}",
                        "{\"type\":\"push\",\"key\":\"k\",\"value\":4,\"seq\":3}",
                        "{\"type\":\"init\",\"key\":\"zero\",\"data\":[{\"value\":5,\"seq\":4}]}");
        IntStream.range(0, 40).forEach(i -> room.append("key" + i, "1"));
        outlet.take();
        outlet.full = true;
        DriftDbConnection late = connect("?debug=true");
        assertThat(late.queued()).isEqualTo(32);
    }

    @Test
    void queryParametersAreBooleans() {
        for (String query : List.of("?cbor=1", "?cbor=True", "?cbor=", "?cbor", "?debug=yes", "?x=1&cbor=no")) {
            assertThat(http(upgrade(CONNECT + query)).status()).as(query).isEqualTo(400);
        }
        assertThat(open("?cbor=false&x=y").isCbor()).isFalse();
        assertThat(open("?cbor=true").isCbor()).isTrue();
        assertThat(http(HttpRequest.get(CONNECT)).status()).isEqualTo(400);
    }

    @Test
    void wrongRequestsGetTheirStatus() {
        assertThat(http(HttpRequest.get("/")).status()).isEqualTo(404);
        assertThat(http(HttpRequest.get("/room/r/")).status()).isEqualTo(404);
        assertThat(http(HttpRequest.get("/room/r/x")).status()).isEqualTo(404);
        assertThat(http(HttpRequest.get("/room/r")).bodyText()).contains("\"room\":\"r\"");
        assertThat(http(HttpRequest.post("/room/x/send", "{")).status()).isEqualTo(400);
        assertThat(http(HttpRequest.post("/room/x/send", "{}")).status()).isEqualTo(422);
        assertThat(http(HttpRequest.post("/room/x/send", "{\"type\":\"ping\"}")).status())
                .isEqualTo(404);
        assertThat(http(HttpRequest.post("/room/r/send", "{\"type\":\"ping\"} x"))
                        .status())
                .isEqualTo(200);
        assertThat(http(HttpRequest.post("/room/r/send", " ".repeat(2_100_000))).status())
                .isEqualTo(413);
        HttpRequest other = new HttpRequest(
                "POST",
                "/room/r/send",
                Map.of("Content-Type", "application/x+json; charset=utf-8"),
                "{}".getBytes(StandardCharsets.UTF_8));
        assertThat(http(other).status()).isEqualTo(422);
        assertThat(answer(upgrade("/room/x/connect"))).isEqualTo(new Answer.Cut());
    }

    @Test
    void aReloadedRoomGivesNumbersAgain() {
        room.append("k", "1");
        room.relay("k", "2");
        room.relay("k", "3");
        DriftDbConnection a = connect("");
        model.reload(room, true);
        assertThat(a.isOpen()).isFalse();
        assertThat(room.counter()).isOne();
        room.append("k", "4");
        assertThat(numbers("k")).containsExactly(1L, 2L);
        model.reload(room, false);
        assertThat(room.counter()).isZero();
        assertThat(room.keys()).isEmpty();
    }

    @Test
    void aRestartLosesTheRooms() {
        connect("");
        model.restart();
        assertThat(outlet.take()).containsExactly("end");
        assertThat(model.rooms()).isEmpty();
        assertThat(http(HttpRequest.get("/room/r")).status()).isEqualTo(404);
    }

    @Test
    void theWorkerIsMoreForgiving() {
        restart(DriftDbOptions.edgeWorker());
        assertThat(http(HttpRequest.get("/")).status()).isEqualTo(200);
        HttpResponse made = http(HttpRequest.post("/new", ""));
        assertThat(made.headers()).containsEntry("content-type", "text/plain;charset=UTF-8");
        assertThat(made.bodyText()).matches("\\{\"room\":\"[A-Za-z0-9]{24}\".*");
        assertThat(http(HttpRequest.get("/room/any")).status()).isEqualTo(200);
        assertThat(model.room("any")).isNull();
        assertThat(http(HttpRequest.post("/room/any/send", "{\"type\":\"ping\"}"))
                        .status())
                .isEqualTo(200);
        assertThat(model.room("any")).isNotNull();
        assertThat(http(HttpRequest.post("/room/any/send", "{")).status()).isEqualTo(500);
        assertThat(open("?cbor=false").isCbor()).isTrue();
        assertThat(open("?cbor=").isCbor()).isFalse();
        DriftDbConnection a = connect("");
        a.text("nonsense");
        a.control();
        a.text("{\"type\":\"ping\"}");
        assertThat(outlet.take())
                .containsExactly(
                        "{\"type\":\"error\",\"message\":\"Could not decode message: nonsense\"}",
                        "{\"type\":\"pong\",\"nonce\":null}");
        room.relay("k", "1");
        model.restart();
        assertThat(room.counter()).isZero();
        assertThat(model.rooms()).contains(room);
    }

    @Test
    void requestsGoWrongOnDemand() {
        model.faults()
                .upgrade(1, AnswerFault.status(503))
                .upgrade(1, new AnswerFault.Cut(false))
                .upgrade(1, new AnswerFault.Silence(false))
                .http(1, new AnswerFault.Cut(true))
                .http(1, new AnswerFault.Delay(500));
        assertThat(http(upgrade(CONNECT)).status()).isEqualTo(503);
        assertThat(answer(upgrade(CONNECT))).isEqualTo(new Answer.Cut());
        assertThat(ask(upgrade(CONNECT))).isEmpty();
        String push = "{\"type\":\"push\",\"key\":\"k\",\"value\":1," + APPEND + "}";
        assertThat(answer(HttpRequest.post("/room/r/send", push))).isEqualTo(new Answer.Cut());
        List<Answer> late = ask(HttpRequest.post("/room/r/send", push));
        assertThat(room.entries("k")).hasSize(2);
        assertThat(late).isEmpty();
        tick(500);
        assertThat(late).hasSize(1);
        assertThat(model.faults().struck()).isEqualTo(5);
        assertThat(model.faults().pending()).isZero();
    }

    @Test
    void messagesGoWrongOnDemand() {
        model.faults().message(message -> message instanceof ClientMessage.Push, 1, MessageFault.CUT_BEFORE);
        push(connect(""), "1", "append");
        assertThat(outlet.take()).containsExactly("end");
        assertThat(room.keys()).isEmpty();

        model.faults().message(message -> message instanceof ClientMessage.Push, 1, MessageFault.CUT_AFTER);
        DriftDbConnection a = connect("");
        a.text("{\"type\":\"get\",\"key\":\"k\",\"seq\":null}");
        push(a, "1", "append");
        assertThat(outlet.take()).containsExactly("end");
        assertThat(numbers("k")).containsExactly(1L);

        model.faults().message(message -> true, 1, MessageFault.SILENCE_AFTER);
        a = connect("");
        push(a, "2", "append");
        assertThat(outlet.take()).isEmpty();
        assertThat(numbers("k")).containsExactly(1L, 2L);
        a.silence(false);
        assertThat(outlet.take()).hasSize(1);
        model.faults().message(message -> true, 1, MessageFault.LOSE);
        a.text("{\"type\":\"ping\"}");
        assertThat(outlet.take()).isEmpty();
    }

    @Test
    void framesGoWrongOnDemand() {
        DriftDbConnection a = connect("");
        room.counter(10);
        a.text("{\"type\":\"get\",\"key\":\"k\",\"seq\":null}");
        assertThat(spoilt(new FrameFault.Lose())).isEmpty();
        assertThat(spoilt(FrameFault.truncated()))
                .singleElement()
                .asString()
                .startsWith("{\"type\":\"push")
                .hasSizeLessThan(30);
        assertThat(spoilt(FrameFault.unknownTypeBefore())).hasSize(2);
        assertThat(spoilt(FrameFault.errorBefore("no"))).first().isEqualTo("{\"type\":\"error\",\"message\":\"no\"}");
        assertThat(spoilt(FrameFault.member("seq", "\"x\"")))
                .singleElement()
                .asString()
                .endsWith("\"seq\":\"x\"}");
        assertThat(spoilt(FrameFault.seqBack(6))).singleElement().asString().endsWith("\"seq\":10}");
        assertThat(spoilt(FrameFault.repeated(3))).hasSize(3);
        assertThat(spoilt(new FrameFault.Delay(100))).isEmpty();
        a.text("{\"type\":\"ping\"}");
        tick(99);
        assertThat(outlet.take()).isEmpty();
        tick(1);
        assertThat(outlet.take()).hasSize(2).endsWith("{\"type\":\"pong\",\"nonce\":null}");
        a.inject(new ServerMessage.Error("out of the blue"));
        assertThat(outlet.take()).hasSize(1);
        assertThat(spoilt(new FrameFault.Cut())).containsExactly("end");
    }

    private List<String> spoilt(FrameFault fault) {
        model.faults().frame(message -> message instanceof ServerMessage.Push, 1, fault);
        room.relay("k", "{\"a\":[1,2,3]}");
        return outlet.take();
    }

    private String throughJson(String value) {
        DriftDbConnection a = connect("");
        a.text("{\"type\":\"push\",\"key\":\"n\",\"value\":" + value + ",\"action\":{\"type\":\"replace\"}}");
        a.text("{\"type\":\"get\",\"key\":\"n\"}");
        String init = outlet.take().get(0);
        a.gone();
        outlet.take();
        String start = "{\"type\":\"init\",\"key\":\"n\",\"data\":[{\"value\":";
        assertThat(init).startsWith(start);
        return init.substring(start.length(), init.lastIndexOf(",\"seq\""));
    }

    /** A push of this value to {@code k} as a relay. */
    private static byte[] cborPush(String valueHex) {
        String head = "a4" + "6474797065" + "6470757368" + "636b6579" + "616b" + "66616374696f6e" + "a1" + "6474797065"
                + "6572656c6179" + "6576616c7565";
        return HexFormat.of().parseHex(head + valueHex);
    }

    private DriftDbModel model(DriftDbOptions options) {
        return new DriftDbModel(options, () -> now, new SplittableRandom(1));
    }

    private void restart(DriftDbOptions options) {
        model = model(options);
        room = model.createRoom("r");
    }

    private void tick(long millis) {
        now += millis;
        model.tick();
    }

    private DriftDbConnection connect(String query) {
        DriftDbConnection connection = open(query);
        connection.attach(outlet);
        return connection;
    }

    private DriftDbConnection open(String query) {
        return ((Answer.Open) answer(upgrade(CONNECT + query))).connection();
    }

    private static HttpRequest upgrade(String target) {
        return new HttpRequest(
                "GET",
                target,
                Map.of("Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Key", "x"),
                new byte[0]);
    }

    private HttpResponse http(HttpRequest request) {
        return ((Answer.Response) answer(request)).response();
    }

    private Answer answer(HttpRequest request) {
        List<Answer> answers = ask(request);
        assertThat(answers).hasSize(1);
        return answers.get(0);
    }

    private List<Answer> ask(HttpRequest request) {
        List<Answer> answers = new ArrayList<>();
        model.request(request, answers::add);
        return answers;
    }

    private List<Long> numbers(String key) {
        return room.entries(key).stream().map(DriftDbEntry::seq).toList();
    }

    private static void push(DriftDbConnection connection, String value, String action) {
        connection.text(
                "{\"type\":\"push\",\"key\":\"k\",\"value\":" + value + ",\"action\":{\"type\":\"" + action + "\"}}");
    }
}
