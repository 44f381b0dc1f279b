package dev.tributary.testkit.spacetimedb;

import static dev.tributary.testkit.spacetimedb.ModelClient.JSON;
import static dev.tributary.testkit.spacetimedb.ModelClient.V1;
import static dev.tributary.testkit.spacetimedb.ModelClient.V2;
import static dev.tributary.testkit.spacetimedb.ModelClient.V3;
import static dev.tributary.testkit.spacetimedb.SpacetimeType.field;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.testkit.socket.HttpRequest;
import dev.tributary.testkit.socket.HttpResponse;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Scalar;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SpacetimeDbModelTest {

    private static final byte[] NONE = {};

    private long now = 1_700_000_000_000L;
    private SpacetimeDbModel model = model(SpacetimeDbOptions.current());

    private SpacetimeDbModel model(SpacetimeDbOptions options) {
        return new SpacetimeDbModel(module(), options, () -> now, new SplittableRandom(1), () -> {});
    }

    private static SpacetimeDbModule module() {
        return builder().build();
    }

    private static SpacetimeDbModule.Builder builder() {
        return SpacetimeDbModule.builder()
                .table(
                        "person",
                        t -> t.column("id", Scalar.U32)
                                .column("name", Scalar.STRING)
                                .column("here", Scalar.BOOL)
                                .column("nick", SpacetimeType.option(Scalar.STRING))
                                .primaryKey("id"))
                .table(
                        "pet",
                        t -> t.column("id", Scalar.U32)
                                .column("owner", Scalar.U32)
                                .primaryKey("id")
                                .index("owner"))
                .table("shout", t -> t.column("text", Scalar.STRING).event())
                .reducer(
                        "add",
                        c -> c.put("person", c.arg(0), c.arg(1), true, Optional.empty()),
                        field("id", Scalar.U32),
                        field("name", Scalar.STRING))
                .reducer("slow", c -> c.put("person", 99, "slow", true, Optional.empty()))
                .takes("slow", Duration.ofSeconds(2))
                .procedure("wait", Scalar.U32, c -> 7)
                .takes("wait", Duration.ofSeconds(5));
    }

    private void advance(long millis) {
        now += millis;
        model.tick();
    }

    private void person(int id, String name) {
        assertThat(model.transact(c -> c.put("person", id, name, true, Optional.of("n")))
                        .committed())
                .isTrue();
    }

    private static byte[] arguments(long id, String name) {
        return new BsatnWriter().u32(id).string(name).toBytes();
    }

    // ---- subscriptions ----

    @Test
    @Tag("T44")
    void theSameTextInASecondMultiSetBringsNoRowsAndUpdatesComeOnce() {
        person(1, "a");
        ModelClient client = ModelClient.connect(model, JSON);
        client.json("{'SubscribeMulti':{'query_strings':['SELECT * FROM person'],'request_id':1,'query_id':{'id':1}}}");
        client.json(
                "{'SubscribeMulti':{'query_strings':['select * from person;'],'request_id':2,'query_id':{'id':2}}}");
        assertThat(client.heard.get(1)).contains("\"name\":\"a\"");
        assertThat(client.heard.get(2)).contains("tables=[]");
        person(1, "b");
        assertThat(client.last()).contains("TransactionUpdateLight").containsOnlyOnce("\"b\"");
        client.json("{'UnsubscribeMulti':{'request_id':3,'query_id':{'id':1}}}");
        assertThat(client.last()).contains("UnsubscribeMultiApplied").contains("tables=[]");
        client.json("{'UnsubscribeMulti':{'request_id':4,'query_id':{'id':2}}}");
        assertThat(client.last()).contains("deletes=[{\"id\":1");
    }

    @Test
    @Tag("T63")
    void anUnsubscribeThatFailsRemovesTheSetAllTheSame() {
        person(1, "a");
        ModelClient client = ModelClient.connect(model, JSON);
        for (int id = 1; id <= 2; id++) {
            client.json(
                    "{'SubscribeSingle':{'query':'SELECT * FROM person','request_id':1,'query_id':{'id':" + id + "}}}");
            assertThat(client.last()).contains("num_rows=integer `1`");
        }
        client.json("{'Unsubscribe':{'request_id':3,'query_id':{'id':1}}}");
        assertThat(client.last()).contains("SubscriptionError").contains("Internal error");
        assertThat(client.session.liveSets()).isEqualTo(1);
    }

    @Test
    @Tag("T64")
    void anActiveIdThatIsUsedAgainLeavesTheOlderSetAlive() {
        ModelClient client = ModelClient.connect(model, V2);
        client.subscribe(1, 5, "SELECT * FROM person");
        client.subscribe(2, 5, "SELECT * FROM pet");
        assertThat(client.last())
                .startsWith("SubscriptionError [request_id=2, query_set_id=5")
                .contains("already exists");
        person(1, "a");
        assertThat(client.last()).startsWith("TransactionUpdate").contains("query_set_id=5");
    }

    @Test
    @Tag("T64")
    void anOlderServerClosesForItInstead() {
        model = model(SpacetimeDbOptions.version(2, 2, 0));
        ModelClient client = ModelClient.connect(model, V2);
        client.subscribe(1, 5, "SELECT * FROM person");
        client.subscribe(2, 5, "SELECT * FROM pet");
        assertThat(client.last()).startsWith("close 1011 Subscription with id");
    }

    @Test
    @Tag("T45")
    void aJoinReturnsARowOncePerMatch() {
        person(1, "a");
        model.transact(c -> {
            c.insert("pet", 1, 1);
            c.insert("pet", 2, 1);
        });
        ModelClient client = ModelClient.connect(model, V2);
        client.subscribe(1, 1, "SELECT p.* FROM person p JOIN pet q ON p.id = q.owner");
        assertThat(rows(client.last(), "rows")).hasSize(2);
        person(1, "b");
        assertThat(rows(client.last(), "inserts")).hasSize(2);
        assertThat(rows(client.last(), "deletes")).hasSize(2);
        model.transact(c -> c.deleteBy("pet", "id", 2));
        assertThat(rows(client.last(), "inserts")).isEmpty();
        assertThat(rows(client.last(), "deletes")).hasSize(1);
    }

    private static List<String> rows(String message, String role) {
        Matcher list =
                Pattern.compile(role + "=(?:fixed|offsets) \\[([0-9a-f, ]*)\\]").matcher(message);
        assertThat(list.find()).isTrue();
        return list.group(1).isEmpty() ? List.of() : Arrays.asList(list.group(1).split(", ", -1));
    }

    @Test
    @Tag("T50")
    void eventRowsAreNeverStored() {
        ModelClient client = ModelClient.connect(model, V2);
        client.subscribe(1, 1, "SELECT * FROM shout");
        model.transact(c -> c.insert("shout", "hey"));
        assertThat(client.last()).contains("Event [events=fixed [03000000686579]]");
        assertThat(model.count("shout")).isZero();
        client.unsubscribe(2, 1, true);
        assertThat(client.last()).contains("rows=[tables=[]]");
    }

    @Test
    @Tag("T52")
    void aSetThatFailsLaterEndsAloneInTheSecondVersionAndWithAllOthersInTheFirst() {
        ModelClient two = ModelClient.connect(model, V2);
        two.subscribe(1, 1, "SELECT * FROM person");
        two.subscribe(2, 2, "SELECT * FROM pet");
        two.session.failSubscription(1, "gone");
        assertThat(two.last()).isEqualTo("SubscriptionError [request_id=none, query_set_id=1, error=gone]");
        assertThat(two.session.liveSets()).isEqualTo(1);
        ModelClient one = ModelClient.connect(model, JSON);
        one.json("{'SubscribeMulti':{'query_strings':['SELECT * FROM person'],'request_id':1,'query_id':{'id':1}}}");
        one.session.failSubscription(1, "gone");
        assertThat(one.last()).contains("request_id=[none=[]], query_id=[none=[]]");
        assertThat(one.session.liveSets()).isZero();
    }

    // ---- calls ----

    @Test
    @Tag("T67")
    void aCallThatNeverRanOvertakesASlowOne() {
        ModelClient client = ModelClient.connect(model, V2);
        client.call(1, "slow", NONE);
        client.call(2, "nope", NONE);
        assertThat(client.last()).contains("request_id=2").contains("no such reducer");
        client.call(3, "add", arguments(1, "a"));
        advance(2_000);
        assertThat(client.heard.subList(2, 4)).satisfies(answers -> {
            assertThat(answers.get(0)).contains("request_id=1");
            assertThat(answers.get(1)).contains("request_id=3");
        });
    }

    @Test
    void aProcedureDoesNotKeepOthersWaiting() {
        ModelClient client = ModelClient.connect(model, V2);
        client.session.binary(
                new BsatnWriter().u8(4).u32(1).u8(0).string("wait").bytes(NONE).toBytes());
        client.call(2, "add", arguments(1, "a"));
        assertThat(client.last()).contains("request_id=2");
        advance(5_000);
        assertThat(client.last()).startsWith("ProcedureResult [status=Returned 07000000");
    }

    @Test
    @Tag("T33")
    void othersHearTheLightFormFromNewModulesAndAllFromOldOnes() {
        for (boolean old : List.of(false, true)) {
            SpacetimeDbModule.Builder builder = builder();
            SpacetimeDbModule module = (old ? builder.oldLibraries() : builder).build();
            model = new SpacetimeDbModel(
                    module, SpacetimeDbOptions.current(), () -> now, new SplittableRandom(1), () -> {});
            ModelClient plain = ModelClient.connect(model, V1);
            ModelClient light = ModelClient.connect(model, V1, "compression=None&light=true", null);
            plain.subscribeMulti(1, 1, "SELECT * FROM person");
            light.subscribeMulti(1, 1, "SELECT * FROM person");
            model.callAs(BigInteger.TEN, BigInteger.TWO, 41, "add", 1, "a");
            assertThat(plain.last()).startsWith(old ? "TransactionUpdate [" : "TransactionUpdateLight [request_id=41");
            assertThat(light.last()).startsWith("TransactionUpdateLight [request_id=41");
        }
    }

    // ---- frames ----

    @Test
    @Tag("T17")
    void onlyBodiesOverTheThresholdAreCompressed() throws BsatnException {
        for (String wanted : List.of("Gzip", "Brotli")) {
            ModelClient client = ModelClient.connect(model, V2, "compression=" + wanted, null);
            client.subscribe(1, 1, "SELECT * FROM person");
            String name = "x".repeat(100);
            person(1, name);
            int overhead = client.lastFrame().length - 1 - 100;
            person(1, "y");
            person(2, "z".repeat(1_024 - overhead));
            assertThat(client.lastFrame()).hasSize(1_025).startsWith(0);
            person(3, "z".repeat(1_025 - overhead));
            assertThat(client.lastFrame()[0]).isEqualTo((byte) (wanted.equals("Gzip") ? 2 : 1));
            model.transact(c -> c.clear("person"));
        }
    }

    @Test
    @Tag("T25")
    void aServerOfTheFirstReleaseCompressesInside() {
        model = model(SpacetimeDbOptions.version(1, 0, 0));
        ModelClient client = ModelClient.connect(model, V1, "compression=Gzip", null);
        person(1, "x".repeat(3_000));
        client.subscribeMulti(1, 1, "SELECT * FROM person");
        assertThat(client.last()).contains("updates=[Gzip ");
        assertThat(ModelClient.ask(model, ModelClient.upgrade("", V2, null)))
                .isInstanceOf(SpacetimeDbAnswer.Response.class);
    }

    @Test
    @Tag("T18")
    void aBundleIsAnsweredByABundle() {
        ModelClient client = ModelClient.connect(model, V3);
        int before = client.frames.size();
        client.session.binary(new BsatnWriter()
                .raw(ModelClient.subscribeBytes(1, 1, "SELECT * FROM person"))
                .raw(ModelClient.callBytes(2, "add", arguments(1, "a")))
                .raw(ModelClient.callBytes(3, "nope", NONE))
                .toBytes());
        assertThat(client.frames).hasSize(before + 1);
        assertThat(client.heard).hasSize(4);
        client.session.binary(NONE);
        assertThat(client.last())
                .isEqualTo("close 1011 v3 websocket binary payload must contain at least one v2 client message");
    }

    @ParameterizedTest
    @EnumSource(RowDamage.class)
    @Tag("T22")
    void everyDamageOfRowsCanBeMade(RowDamage damage) {
        person(1, "one");
        person(2, "zwei");
        ModelClient whole = ModelClient.connect(model, V2);
        whole.subscribe(1, 1, "SELECT * FROM person");
        ModelClient client = ModelClient.connect(model, V2);
        model.faults().nth(1, ServerMessageKind.SUBSCRIBED, SpacetimeDbFault.rows(damage));
        client.subscribe(1, 1, "SELECT * FROM person");
        assertThat(client.lastFrame()).isNotEqualTo(whole.lastFrame());
        assertThat(model.faults().pending()).isZero();
    }

    @Test
    @Tag("T22")
    void faultsTakeThePlaceOfMessages() {
        List<SpacetimeDbFault> faults = List.of(
                SpacetimeDbFault.lose(),
                SpacetimeDbFault.duplicate(),
                SpacetimeDbFault.truncated(3),
                SpacetimeDbFault.surplus(2),
                SpacetimeDbFault.unknownVariant(),
                SpacetimeDbFault.compressionByte(7),
                SpacetimeDbFault.bomb(1_000_000),
                SpacetimeDbFault.frame(),
                SpacetimeDbFault.breakWithin(5),
                SpacetimeDbFault.close(1011, "x".repeat(200)));
        List<String> seen = new ArrayList<>();
        for (SpacetimeDbFault fault : faults) {
            ModelClient client = ModelClient.connect(model, V2);
            client.subscribe(1, 1, "SELECT * FROM person");
            int before = client.frames.size();
            model.faults().next(fault);
            person(1, "n" + now++);
            seen.add(client.frames.size() - before + " " + client.last().replaceAll(" .*", ""));
            client.session.gone();
        }
        assertThat(seen)
                .containsExactly(
                        "0 SubscribeApplied",
                        "2 TransactionUpdate",
                        "1 unreadable",
                        "1 unreadable",
                        "1 unreadable",
                        "1 TransactionUpdate",
                        "1 unreadable",
                        "1 unreadable",
                        "0 cut",
                        "0 close");
    }

    @Test
    @Tag("T61")
    void aCloseFrameMayBeTooLong() {
        ModelClient client = ModelClient.connect(model, JSON);
        client.json("{'Nonsense':{}}");
        assertThat(client.last()).startsWith("close 1011 unknown variant").hasSizeGreaterThan(140);
    }

    @Test
    void aLargeAnswerIsTheSameForEveryoneUntilSomethingChanges() {
        model.transact(c -> {
            for (int i = 0; i < RowListWriter.LARGE; i++) {
                c.insert("pet", i, i);
            }
        });
        ModelClient one = ModelClient.connect(model, V2);
        one.subscribe(1, 1, "SELECT * FROM pet");
        model.prepare("SELECT * FROM pet");
        ModelClient two = ModelClient.connect(model, V2);
        two.subscribe(1, 1, "SELECT * FROM pet");
        assertThat(two.lastFrame()).isEqualTo(one.lastFrame());
        int before = two.lastFrame().length;
        model.transact(c -> c.deleteBy("pet", "id", 5));
        ModelClient three = ModelClient.connect(model, V2);
        three.subscribe(1, 1, "SELECT * FROM pet");
        assertThat(three.lastFrame()).hasSize(before - 8);
    }

    // ---- time ----

    @Test
    @Tag("T62")
    void aSilentClientIsLeftWithoutAWord() {
        ModelClient client = ModelClient.connect(model, V2);
        client.answersPings = false;
        advance(15_000);
        advance(15_000);
        assertThat(model.sessions()).isEmpty();
        assertThat(client.heard).hasSize(1);
        assertThat(client.pings).isEqualTo(2);
        assertThat(client.session.ping(NONE)).isFalse();
        assertThat(client.last()).isEqualTo("end");
    }

    @Test
    @Tag("T12")
    void aClientThatAnswersIsKept() {
        ModelClient client = ModelClient.connect(model, V2);
        for (int i = 0; i < 8; i++) {
            advance(15_000);
        }
        assertThat(client.pings).isEqualTo(9);
        assertThat(client.session.isOpen()).isTrue();
    }

    @Test
    @Tag("T9")
    void tooManyWaitingRequestsCloseAndTooManyWaitingMessagesDoNot() {
        model = model(SpacetimeDbOptions.current().withQueueLimit(10));
        ModelClient client = ModelClient.connect(model, V2);
        model.pause();
        for (int i = 0; i <= 10; i++) {
            client.call(i, "add", arguments(i, "a"));
        }
        assertThat(client.last()).isEqualTo("close 1013 too many requests");
        model.resume();
        ModelClient slow = ModelClient.connect(model, V2);
        slow.subscribe(1, 1, "SELECT * FROM person");
        slow.writable = false;
        for (int i = 0; i <= 10; i++) {
            person(i, "p" + i);
        }
        assertThat(slow.session.isSilent()).isTrue();
        assertThat(slow.heard).hasSize(2);
    }

    @Test
    void whatIsConfirmedWaitsUntilItIsDurableAndACrashUndoesTheRest() {
        ModelClient client = ModelClient.connect(model, V2);
        ModelClient hasty = ModelClient.connect(model, V2, "compression=None&confirmed=false", null);
        client.subscribe(1, 1, "SELECT * FROM person");
        hasty.subscribe(1, 1, "SELECT * FROM person");
        person(1, "safe");
        model.holdDurability();
        person(2, "fleeting");
        client.call(2, "nope", NONE);
        assertThat(client.last()).doesNotContain("fleeting").contains("73616665");
        assertThat(hasty.last()).contains("666c656574696e67");
        model.crash();
        assertThat(client.last()).isEqualTo("end");
        assertThat(model.rows("person")).hasSize(1);
    }

    // ---- credentials and HTTP ----

    @Test
    @Tag("T6")
    void everyRefusalHasItsStatus() {
        String token = model.token("me");
        assertThat(status("", "foo", token)).isEqualTo("400 no valid protocol selected");
        assertThat(status("compression=gzip", V2, token)).startsWith("400 Failed to deserialize query string");
        assertThat(status("light=1", V1, token)).startsWith("400 ");
        assertThat(status("connection_id=" + "0".repeat(32), V2, token)).startsWith("400 Invalid connection ID");
        assertThat(status("", V2, "rubbish")).isEqualTo("401 Invalid token: InvalidToken");
        model.rotateKeys();
        assertThat(status("", V2, token)).isEqualTo("401 Invalid token: InvalidSignature");
        model.faults().refuseHandshake(403, "not yours");
        assertThat(status("", V2, null)).isEqualTo("403 not yours");
        assertThat(get("/v1/database/nosuch/names").bodyText()).isEqualTo("`nosuch` not found");
        assertThat(get("/v1/database/Bad_Name!/names").status()).isEqualTo(400);
        assertThat(get("/v1/database/" + "c".repeat(64) + "/names").status()).isEqualTo(500);
        assertThat(get("/v1/database/game/subscribe").status()).isEqualTo(426);
        assertThat(get("/database/game/subscribe").status()).isEqualTo(404);
    }

    private String status(String parameters, String subprotocol, @org.jspecify.annotations.Nullable String token) {
        HttpResponse response = ModelClient.response(model, ModelClient.upgrade(parameters, subprotocol, token));
        return response.status() + " " + response.bodyText();
    }

    private HttpResponse get(String target) {
        return ModelClient.response(model, HttpRequest.get(target));
    }

    private HttpResponse post(String target, String body, @org.jspecify.annotations.Nullable String token) {
        Map<String, String> headers = token == null
                ? Map.of("content-type", "application/json")
                : Map.of("content-type", "application/json", "authorization", "Bearer " + token);
        return ModelClient.response(
                model, new HttpRequest("POST", target, headers, body.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    @Tag("T4")
    void aShortTokenComesBackAndExpires() throws JsonException {
        String token = model.token("me");
        String body = post("/v1/identity/websocket-token", "", token).bodyText();
        String shortToken = ((JsonNode.Text) ((JsonNode.Obj) JsonText.parse(body)).need("token")).value();
        ModelClient client = ModelClient.connect(model, V2, "token=" + shortToken, null);
        assertThat(client.session.token()).isEqualTo(shortToken);
        assertThat(client.session.identity()).isEqualTo(SpacetimeDbModel.identityOf("me"));
        assertThat("%064x".formatted(client.session.identity())).startsWith("c200");
        now += 61_000;
        assertThat(status("token=" + shortToken, V2, null)).isEqualTo("401 Invalid token: ExpiredSignature");
    }

    @Test
    @Tag("T7")
    void aRefusalByTheModuleIsAnEndWithoutAMessage() {
        model.faults().refuseByModule(1);
        ModelClient client = ModelClient.connect(model, V2);
        assertThat(client.heard).containsExactly("end");
        assertThat(client.pings).isZero();
        assertThat(ModelClient.connect(model, V2).heard).hasSize(1);
    }

    @Test
    @Tag("T59")
    void aSchemaIsServedInBothVersionsAndReadsBackTheSame() {
        String nine = get("/v1/database/game/schema?version=9").bodyText();
        SpacetimeDbModule again = SpacetimeDbModule.ofSchema(nine).build();
        assertThat(again.tables().get("person")).isNotNull();
        assertThat(again.rowType("pet")).isEqualTo(module().rowType("pet"));
        assertThat(again.reducers().keySet()).isEqualTo(module().reducers().keySet());
        assertThat(get("/v1/database/game/schema?version=10").bodyText())
                .contains("\"source_name\":\"shout\"")
                .contains("\"is_event\":true")
                .contains("{\"ExplicitNames\":{\"entries\":[{\"Table\":{\"source_name\":\"person\"");
        assertThat(get("/v1/database/game/schema").status()).isEqualTo(400);
    }

    @Test
    @Tag("T60")
    void theHttpApiCallsAndQueries() {
        assertThat(post("/v1/database/game/call/add", "[1,\"a\"]", null).status())
                .isEqualTo(200);
        assertThat(post("/v1/database/game/call/add", "{\"name\":\"b\",\"id\":2}", null)
                        .status())
                .isEqualTo(200);
        assertThat(post("/v1/database/game/call/add", "[1]", null).status()).isEqualTo(400);
        assertThat(post("/v1/database/game/call/nope", "[]", null).bodyText()).isEqualTo("No such procedure");
        assertThat(post("/v1/database/game/sql", "SELECT * FROM person WHERE id = 2", null)
                        .bodyText())
                .contains("\"rows\":[[2,\"b\",true,[1,[]]]]");
        assertThat(post("/v1/database/game/sql", "SELECT COUNT(*) AS n FROM person", null)
                        .bodyText())
                .contains("\"rows\":[[2]]");
        assertThat(post("/v1/database/game/sql", "DELETE FROM person WHERE id = 2", null)
                        .status())
                .isEqualTo(400);
        assertThat(post("/v1/database/game/sql", "DELETE FROM person WHERE id = 2", model.ownerToken())
                        .bodyText())
                .contains("\"rows_deleted\":1");
        assertThat(get("/v1/ping").status()).isEqualTo(200);
        assertThat(get("/v1/database/game/identity").bodyText())
                .startsWith("c200")
                .hasSize(64);
    }

    // ---- the module changes ----

    @Test
    @Tag("T9")
    void aNewModuleClosesAndARestartDoesNot() {
        person(1, "a");
        ModelClient client = ModelClient.connect(model, V1);
        client.subscribeMulti(1, 1, "SELECT * FROM person");
        assertThat(client.last()).contains("table_id=4096");
        model.restart(true);
        assertThat(client.last()).isEqualTo("end");
        client = ModelClient.connect(model, V1);
        client.subscribeMulti(1, 1, "SELECT * FROM person");
        assertThat(client.last()).contains("table_id=5096");
        SpacetimeDbModule grown = SpacetimeDbModule.builder()
                .table(
                        "person",
                        t -> t.column("id", Scalar.U32)
                                .column("name", Scalar.STRING)
                                .column("here", Scalar.BOOL)
                                .column("nick", SpacetimeType.option(Scalar.STRING))
                                .column("age", Scalar.U8, 18)
                                .primaryKey("id"))
                .build();
        model.update(grown, true);
        model.transact(c -> c.put("person", 2, "b", true, Optional.empty(), 20));
        assertThat(client.last()).contains("0200000001000000620101" + "14");
        assertThat(model.rows("person").get(0)).endsWith(18);
        model.update(grown, false);
        assertThat(client.last()).isEqualTo("close 1001 module exited");
    }
}
