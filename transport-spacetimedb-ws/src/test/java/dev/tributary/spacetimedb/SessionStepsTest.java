package dev.tributary.spacetimedb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ConfigurationException;
import dev.tributary.ConnectionException;
import dev.tributary.Credential;
import dev.tributary.LimitExceededException;
import dev.tributary.OutcomeUnknownException;
import dev.tributary.ProtocolException;
import dev.tributary.spacetimedb.codec.MessageKind;
import dev.tributary.spacetimedb.codec.RowPlace;
import dev.tributary.spacetimedb.codec.RowSink;
import dev.tributary.spacetimedb.codec.ServerMessage;
import dev.tributary.spacetimedb.codec.Subprotocol;
import dev.tributary.spacetimedb.types.DatabaseSchema;
import dev.tributary.spi.Call;
import dev.tributary.spi.Ending;
import dev.tributary.spi.HttpTarget;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.WireEnd;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One session input by input: what it does after each, and what it leaves alone. */
class SessionStepsTest {

    private static final String STOCK = "SELECT * FROM stock";
    private static final String ORDERS = "SELECT * FROM orders";
    private static final Map<dev.tributary.Option<?>, Object> ONE_REQUEST = Map.of(SpacetimeDbOptions.MAX_REQUESTS, 1);

    // ---- the first message ----

    @Test
    @Tag("T7")
    void whoDoesNotSayWhoWeAreInTimeIsLeft() {
        Scene scene = new Scene();
        scene.call(new Wish.Connect());
        scene.accept();
        assertThat(scene.told.timers).isEqualTo(Map.of(Tick.FIRST_MESSAGE, Duration.ofSeconds(30)));
        scene.protocol.timer("another", scene.told);
        assertThat(scene.told.ends).isEmpty();
        scene.protocol.timer(Tick.FIRST_MESSAGE, scene.told);
        assertThat(scene.told.ends).singleElement().satisfies(end -> {
            assertThat(end.kind()).isEqualTo(Ending.Kind.RETRY);
            assertThat(end.reason()).isInstanceOf(ConnectionException.class).hasMessageContaining("within 30 s");
        });
        assertThat(scene.told.closed).containsExactly(new Told.Closed(scene.socket(), 1000));
        assertThat(scene.told.notices(SpacetimeDbNotice.Disconnected.class))
                .singleElement()
                .satisfies(notice -> assertThat(notice.retries()).isTrue());
        // What comes behind that is of nobody's interest.
        scene.protocol.timer(Tick.FIRST_MESSAGE, scene.told);
        scene.greet();
        assertThat(scene.told.ends).hasSize(1);
        assertThat(scene.told.closed).hasSize(1);
        assertThat(scene.told.replies).isEmpty();
    }

    @Test
    @Tag("T7")
    void theFirstMessageEndsTheWait() {
        Scene scene = Scene.connected();
        assertThat(scene.told.timers).isEmpty();
        scene.protocol.timer(Tick.FIRST_MESSAGE, scene.told);
        assertThat(scene.told.ends).isEmpty();
        assertThat(scene.told.notices(SpacetimeDbNotice.Connected.class))
                .singleElement()
                .satisfies(notice -> {
                    assertThat(notice.info().protocol()).isEqualTo(ProtocolVersion.V1_JSON);
                    assertThat(notice.info().issued()).isTrue();
                });
        assertThat(scene.told.sentCalls).hasSize(1);
        assertThat(scene.told.replies.values()).singleElement().isInstanceOf(ConnectionInfo.class);
        assertThat(scene.memory.issuedToken()).isEqualTo("t0ken");
    }

    @Test
    @Tag("T9")
    void howFarItHadComeTellsWhyItEnded() {
        Scene opening = new Scene();
        opening.call(new Wish.Connect());
        Scene open = new Scene();
        open.call(new Wish.Connect());
        open.accept();
        Scene live = Scene.connected();
        for (Scene scene : List.of(opening, open, live)) {
            scene.end(scene.socket(), WireEnd.Kind.BROKEN);
            assertThat(scene.told.closed).isEmpty();
        }
        assertThat(List.of(opening, open, live))
                .extracting(
                        scene -> ((DisconnectedException) scene.told.ends.get(0).reason()).disconnect())
                .containsExactly(Disconnect.UNREACHABLE, Disconnect.REFUSED_OR_LOST, Disconnect.LOST);
    }

    @Test
    @Tag("T13")
    void optionsThatCannotWorkAreRefusedBeforeAnythingIsOpened() {
        for (Map<dev.tributary.Option<?>, Object> wrong : List.<Map<dev.tributary.Option<?>, Object>>of(
                Map.of(SpacetimeDbOptions.PING, Duration.ZERO),
                Map.of(SpacetimeDbOptions.SILENCE, Duration.ZERO),
                Map.of(SpacetimeDbOptions.CONNECTION_ID, "0".repeat(32)),
                Map.of(SpacetimeDbOptions.COMPRESSION, "zip"))) {
            assertThatThrownBy(() ->
                            new SpacetimeDbTransport().check(URI.create("ws://h/db"), dev.tributary.Options.of(wrong)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(wrong.keySet().iterator().next().name());
        }
    }

    // ---- the way in ----

    private static Scene exchanging() {
        Scene scene = new Scene(true, true, Map.of(SpacetimeDbOptions.TOKEN_EXCHANGE, true));
        scene.call(new Wish.Connect());
        assertThat(scene.told.credentialsAsked).isEqualTo(1);
        scene.protocol.credential(Credential.token("long"), scene.told);
        return scene;
    }

    @Test
    @Tag("T4")
    @Tag("T6")
    void anExchangeOfTheTokenThatIsRefusedIsTheEnd() {
        Scene refused = exchanging();
        refused.answer(refused.told.wires.get(0), 401, "no such token");
        assertThat(refused.told.ends).singleElement().satisfies(end -> {
            assertThat(end.kind()).isEqualTo(Ending.Kind.REAUTHENTICATE);
            assertThat(end.reason()).hasMessageContaining("no such token").hasMessageContaining("401");
        });
        Scene cut = exchanging();
        cut.end(cut.told.wires.get(0), WireEnd.Kind.BROKEN);
        assertThat(cut.told.ends)
                .singleElement()
                .satisfies(end -> assertThat(end.kind()).isEqualTo(Ending.Kind.RETRY));
        for (Scene scene : List.of(refused, cut)) {
            assertThat(scene.told.wires).hasSize(1);
        }
    }

    @Test
    @Tag("T8")
    @Tag("T6")
    void onlyATokenThatTheServerMadeIsForgottenWhenItIsRefused() {
        Scene issued = new Scene();
        issued.memory.issuedToken("of the server");
        Scene given = new Scene(Map.of(SpacetimeDbOptions.TOKEN, "of the application"));
        given.memory.issuedToken("of the server");
        for (Scene scene : List.of(issued, given)) {
            scene.call(new Wish.Connect());
            scene.protocol.opened(scene.socket(), new dev.tributary.spi.Head(401, Map.of()), scene.told);
            scene.end(scene.socket(), WireEnd.Kind.COMPLETE);
            assertThat(scene.told.ends)
                    .singleElement()
                    .satisfies(end -> assertThat(end.kind()).isEqualTo(Ending.Kind.REJECTED));
        }
        assertThat(issued.memory.issuedToken()).isNull();
        assertThat(given.memory.issuedToken()).isEqualTo("of the server");
    }

    // ---- the schema ----

    private static Scene fetching() {
        Scene scene = new Scene(false, false, Map.of());
        scene.call(new Wish.Connect());
        scene.accept();
        scene.greet();
        return scene;
    }

    private static Told.Opened schemaWire(Scene scene, int version, int from) {
        return scene.told.wires.stream()
                .skip(from)
                .filter(wire -> wire.target().uri().toString().endsWith("version=" + version))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no schema was asked for"));
    }

    @Test
    @Tag("T59")
    void onlyVersionNineOfTheSchemaIsNeeded() {
        for (String kind : List.of("unreadable", "cut")) {
            Scene scene = fetching();
            Call call = scene.reducer("nothing");
            scene.answer(schemaWire(scene, 9, 0), 200, Scene.SCHEMA);
            assertThat(scene.told.sent).isEmpty();
            if (kind.equals("cut")) {
                scene.end(schemaWire(scene, 10, 0), WireEnd.Kind.BROKEN);
            } else {
                scene.answer(schemaWire(scene, 10, 0), 200, "{");
            }
            assertThat(scene.told.sentCalls).as(kind).contains(call);
            Scene lost = fetching();
            if (kind.equals("cut")) {
                lost.end(schemaWire(lost, 9, 0), WireEnd.Kind.BROKEN);
            } else {
                lost.answer(schemaWire(lost, 9, 0), 200, "{");
            }
            assertThat(lost.told.ends).isEmpty();
            lost.answer(schemaWire(lost, 10, 0), 200, Scene.SCHEMA_10);
            assertThat(lost.told.ends)
                    .singleElement()
                    .satisfies(end -> assertThat(end.kind()).isEqualTo(Ending.Kind.RETRY));
        }
    }

    @Test
    @Tag("T59")
    void theSchemaIsFetchedAgainOnceForEachFunctionThatItDoesNotHave() {
        Scene scene = fetching();
        scene.answer(schemaWire(scene, 9, 0), 200, Scene.SCHEMA);
        scene.answer(schemaWire(scene, 10, 0), 200, Scene.SCHEMA_10);
        int wires = scene.told.wires.size();
        scene.reducer("nothing");
        scene.call(new Wish.Procedure("twice", Arguments.of(1)));
        scene.call(new Wish.OneOff(STOCK));
        assertThat(scene.told.wires).hasSize(wires);
        assertThat(scene.told.sent).hasSize(3);
        Arguments raw = Arguments.json("[]");
        for (Wish unknown : List.of(
                new Wish.Reducer("absent", raw, false),
                new Wish.Procedure("absent", raw),
                new Wish.Reducer("missing", raw, false),
                new Wish.Procedure("missing", raw))) {
            scene.call(unknown);
            assertThat(scene.told.wires).as(unknown.toString()).hasSize(wires + 2);
            Told.Opened nine = schemaWire(scene, 9, wires);
            Told.Opened ten = schemaWire(scene, 10, wires);
            wires += 2;
            int before = scene.told.sent.size();
            scene.answer(nine, 200, Scene.SCHEMA);
            scene.answer(ten, 200, Scene.SCHEMA_10);
            assertThat(scene.told.sent).hasSize(before + 1);
            scene.call(unknown);
            assertThat(scene.told.wires).hasSize(wires);
            assertThat(scene.told.sent).hasSize(before + 2);
        }
    }

    // ---- calls that nobody waits for ----

    @Test
    @Tag("T39")
    void whatIsGivenUpBeforeItWasSentIsNotSent() {
        Scene scene = new Scene();
        Call given = scene.reducer("put_stock", 1, 2);
        Call other = scene.reducer("nothing");
        scene.protocol.cancel(given, scene.told);
        scene.accept();
        scene.greet();
        assertThat(scene.told.sentCalls).containsExactly(other);
        assertThat(scene.told.sent).singleElement().asString().contains("nothing");

        Scene http = new Scene(true, true, Map.of());
        Call ping = http.call(HttpQuestion.ping());
        http.protocol.cancel(ping, http.told);
        http.protocol.credential(Credential.NONE, http.told);
        assertThat(http.told.wires).isEmpty();
    }

    @Test
    @Tag("T39")
    void theAnswerToWhatWasGivenUpIsDroppedAndThatToOthersIsNot() {
        Scene scene = Scene.connected();
        Call[] given = {
            scene.reducer("put_stock", 1, 2),
            scene.call(new Wish.Procedure("twice", Arguments.of(1))),
            scene.call(new Wish.OneOff(STOCK)),
            scene.call(HttpQuestion.ping())
        };
        Call[] kept = {
            scene.reducer("put_stock", 1, 2),
            scene.call(new Wish.Procedure("twice", Arguments.of(1))),
            scene.call(new Wish.OneOff(STOCK)),
            scene.call(HttpQuestion.ping())
        };
        for (Call call : given) {
            scene.protocol.cancel(call, scene.told);
        }
        int answered = scene.told.replies.size();
        List<Told.Opened> pings = scene.told.wires.stream()
                .filter(wire -> wire.target() instanceof HttpTarget)
                .toList();
        for (int round = 0; round < 2; round++) {
            scene.full(Puppet.committed(""), "put_stock", scene.number(3 * round, "request_id"), "");
            scene.procedure(3 * round + 1, "{\"Returned\":\"2\"}");
            scene.answered(3 * round + 2, Scene.none(), Scene.rowsOf("stock", Puppet.row(1, 2)));
            scene.answer(pings.get(round), 200, "");
            assertThat(scene.told.replies).hasSize(answered + 4 * round);
        }
        assertThat(scene.told.replies).containsKeys(kept).doesNotContainKeys(given);
        assertThat(scene.told.refusals).isEmpty();
        assertThat(((QueryResult) scene.told.replies.get(kept[2])).rows())
                .singleElement()
                .satisfies(row -> assertThat(row.toMap()).isEqualTo(Map.of("id", 1, "v", 2)));
    }

    // ---- room ----

    @Test
    @Tag("T14")
    void nothingIsSentWhileTheWireIsFull() {
        Scene scene = Scene.connected();
        scene.told.full = true;
        Call first = scene.reducer("nothing");
        Call second = scene.reducer("nothing");
        scene.subscribe(STOCK);
        scene.protocol.writable(new Told.Opened(scene.socket().target(), 99), scene.told);
        assertThat(scene.told.sentCalls).contains(first).doesNotContain(second);
        assertThat(scene.told.sent).hasSize(1);
        scene.told.full = false;
        scene.protocol.writable(scene.socket(), scene.told);
        assertThat(scene.told.sentCalls).contains(second);
        assertThat(scene.told.sent).hasSize(3);
        assertThat(scene.told.sent).anyMatch(text -> text.contains("SubscribeMulti"));
    }

    @Test
    @Tag("T14")
    void roomBeforeTheFirstMessageChangesNothing() {
        Scene scene = new Scene();
        scene.protocol.writable(new Told.Opened(null, 0), scene.told);
        scene.reducer("nothing");
        scene.accept();
        scene.protocol.writable(scene.socket(), scene.told);
        assertThat(scene.told.sent).isEmpty();
    }

    @Test
    @Tag("T14")
    void eachAnswerMakesRoomForOneRequest() {
        Map<String, ObjIntConsumer<Scene>> answers = Map.of(
                "reducer",
                        (scene, at) -> scene.full(Puppet.committed(""), "nothing", scene.number(at, "request_id"), ""),
                "procedure", (scene, at) -> scene.procedure(at, "{\"Returned\":\"2\"}"),
                "question", (scene, at) -> scene.answered(at, Scene.none(), ""),
                "query", (scene, at) -> scene.applied(at),
                "refused query", (scene, at) -> scene.refused(at, "no"));
        answers.forEach((kind, answer) -> {
            Scene scene = Scene.connected(ONE_REQUEST);
            switch (kind) {
                case "reducer" -> scene.reducer("nothing");
                case "procedure" -> scene.call(new Wish.Procedure("twice", Arguments.of(1)));
                case "question" -> scene.call(new Wish.OneOff(STOCK));
                default -> scene.subscribe(STOCK);
            }
            Told.Wanted next = scene.subscribe(ORDERS);
            Call last = scene.reducer("nothing");
            assertThat(scene.told.sent).as(kind).hasSize(1);
            answer.accept(scene, 0);
            assertThat(scene.told.sent).as(kind).hasSize(2);
            assertThat(scene.told.sent.get(1)).contains("orders");
            scene.applied(1);
            assertThat(next.upToDate).isEqualTo(1);
            assertThat(scene.told.sentCalls).as(kind).contains(last);
        });
    }

    @Test
    @Tag("T14")
    @Tag("T43")
    void theAnswerToAnUnsubscribeMakesRoomToo() {
        Scene scene = Scene.connected(ONE_REQUEST);
        Told.Wanted stock = scene.subscribe(STOCK);
        scene.applied(0);
        scene.unsubscribe(stock);
        Call call = scene.reducer("nothing");
        assertThat(scene.told.sent).hasSize(2);
        scene.letGo(1);
        assertThat(scene.told.sentCalls).contains(call);
        assertThat(scene.told.ends).isEmpty();
        // It is let go of for good: the id means nothing any more.
        scene.letGo(1);
        assertThat(scene.told.ends)
                .singleElement()
                .satisfies(end -> assertThat(end.reason()).hasMessageContaining("did not ask for that"));
    }

    @Test
    @Tag("T14")
    void moreCallsThanCanWaitAreRefused() {
        Scene scene = new Scene();
        Call call = new Told.Asked(new Wish.Connect());
        for (int i = 0; i < 100_000; i++) {
            scene.protocol.call(call, scene.told);
        }
        assertThat(scene.told.refusals).isEmpty();
        Call over = scene.reducer("nothing");
        assertThat(scene.told.refusals.get(over))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("100000");
    }

    @Test
    @Tag("T15")
    void whatTheServerWouldNotTakeIsRefusedHereWhateverItIs() {
        Scene scene = Scene.connected();
        String long32 = "x".repeat(32 << 20);
        Call query = scene.call(new Wish.OneOff(long32));
        assertThat(scene.told.refusals.get(query)).isInstanceOf(LimitExceededException.class);
        Call procedure = scene.call(new Wish.Procedure("twice", Arguments.of("x")));
        assertThat(scene.told.refusals.get(procedure)).hasMessageContaining("twice");
        assertThat(scene.told.sent).isEmpty();
        byte[] most = new byte[32 << 20];
        assertThat(Link.checked("a message", most)).isSameAs(most);
    }

    // ---- answers ----

    @Test
    @Tag("T31")
    @Tag("T35")
    void aCallIsToldWithItsTimesAndArgumentsWhereTheyAreKnown() {
        Scene scene = Scene.connected();
        scene.reducer("put_stock", 1, 2);
        scene.full(Puppet.committed(""), "put_stock", scene.number(0, "request_id"), "[1,2]");
        scene.full(Puppet.committed(""), "put_stock", 999, "[1]");
        scene.full(Puppet.committed(""), "another", 999, "[]");
        List<ReducerEvent> events = scene.told.notices(SpacetimeDbNotice.Transaction.class).stream()
                .map(SpacetimeDbNotice.Transaction::reducer)
                .toList();
        assertThat(events.get(0).arguments()).isEqualTo(Map.of("id", 1, "v", 2));
        assertThat(events.get(0).timestamp())
                .isEqualTo(Instant.parse("2025-01-01T00:00:00Z").plusNanos(1_000));
        assertThat(events.get(0).duration()).isEqualTo(Duration.ofSeconds(2).plusNanos(450_000));
        assertThat(events.get(1).arguments()).isNull();
        assertThat(events.get(2).arguments()).isNull();
    }

    @Test
    @Tag("T37")
    @Tag("T67")
    void failuresWithoutAnIdGoToTheCallsOfTheirNameInOrder() {
        Scene scene = Scene.connected();
        Call first = scene.reducer("put_stock", 1, 2);
        Call second = scene.reducer("put_stock", 3, 4);
        Told.Wanted view = scene.subscribe(STOCK);
        scene.full("{\"Failed\":\"a\"}", "put_stock", 0, "");
        scene.full("{\"Failed\":\"b\"}", "put_stock", 0, "");
        assertThat(scene.told.replies.get(first)).isEqualTo(new ReducerOutcome.Failed("a", "a"));
        assertThat(scene.told.replies.get(second)).isEqualTo(new ReducerOutcome.Failed("b", "b"));
        assertThat(view.faults).isEmpty();
    }

    @Test
    @Tag("T37")
    @Tag("T34")
    void aFailureOfOursThatNamesNoCallIsReported() {
        Scene scene = Scene.connected();
        Told.Wanted view = scene.subscribe(STOCK);
        scene.applied(0);
        Call call = scene.reducer("nothing");
        // An own call without a name that failed is that call's.
        scene.full("{\"Failed\":\"mine\"}", "", scene.number(1, "request_id"), "");
        assertThat(scene.told.replies.get(call)).isEqualTo(new ReducerOutcome.Failed("mine", "mine"));
        assertThat(view.faults).isEmpty();
        scene.full("{\"Failed\":\"of a name\"}", "put_stock", 999, "");
        scene.full(Puppet.committed(""), "", 999, "");
        assertThat(view.faults).isEmpty();
        scene.full("{\"Failed\":\"which request?\"}", "", 0, "");
        assertThat(view.faults).singleElement().asString().contains("which request?");
        assertThat(scene.told.ends).isEmpty();
    }

    @Test
    @Tag("T31")
    void anAnswerToALegacySubscriptionIsReportedAndNotTheEnd() {
        Scene scene = Scene.connected();
        Told.Wanted view = scene.subscribe(STOCK);
        scene.say("{\"InitialSubscription\":{\"database_update\":{\"tables\":[]},\"request_id\":5,"
                + "\"total_host_execution_duration\":{\"__time_duration_micros__\":4}}}");
        assertThat(view.faults).singleElement().asString().contains("legacy subscription");
        assertThat(scene.told.ends).isEmpty();
    }

    @Test
    @Tag("T39")
    void aQuestionWhoseAnswerCannotBeReadIsRefused() {
        Scene scene = Scene.connected();
        Call call = scene.call(new Wish.OneOff(STOCK));
        scene.answered(0, Scene.none(), Scene.rowsOf("absent", Puppet.row(1, 2)));
        assertThat(scene.told.refusals.get(call)).hasMessageContaining("no table 'absent'");
        Call error = scene.call(new Wish.OneOff(STOCK));
        scene.answered(1, "{\"some\":\"no such column\"}", "");
        assertThat(scene.told.refusals.get(error)).hasMessageContaining("no such column");
    }

    @Test
    @Tag("T16")
    @Tag("T39")
    void theRowsOfAnAnswerAreBounded() {
        DatabaseSchema schema = DatabaseSchema.parse(Scene.SCHEMA);
        byte[] bytes = new byte[8];
        int size = schema.table("stock").layout().decoder().row(bytes, 0, 8).sizeInBytes();
        for (int rows : new int[] {3, 4}) {
            Told told = new Told();
            Questions questions = new Questions(3L * size);
            Link link = new Link(new Told.Opened(null, 0), Subprotocol.V2_BSATN, 1);
            Wish.OneOff wish = new Wish.OneOff(STOCK);
            Call call = new Told.Asked(wish);
            questions.send(call, wish, link, told);
            RowSink sink = questions.rows(
                    new RowPlace(MessageKind.ONE_OFF_RESULT, "stock", RowPlace.Effect.INSERT, null, 1L), schema);
            for (int i = 0; i < rows; i++) {
                sink.row(bytes, 0, 8);
            }
            questions.answer(new ServerMessage.OneOffResult(1L, null, null, null), link, told);
            if (rows == 3) {
                assertThat(((QueryResult) told.replies.get(call)).rows()).hasSize(3);
            } else {
                assertThat(told.refusals.get(call)).hasMessageContaining("more than " + 3 * size + " bytes");
            }
            assertThat(link.hasRoom()).isTrue();
        }
    }

    @Test
    @Tag("T39")
    void aProcedureIsAnsweredByWhatItsValueIs() {
        Scene scene = Scene.connected();
        Call good = scene.call(new Wish.Procedure("twice", Arguments.of(21)));
        Call bad = scene.call(new Wish.Procedure("twice", Arguments.of(21)));
        Call unknown = scene.call(new Wish.Procedure("another", Arguments.json("[]")));
        scene.procedure(0, "{\"Returned\":\"42\"}");
        scene.procedure(1, "{\"Returned\":\"[]\"}");
        scene.procedure(2, "{\"Returned\":\"[7]\"}");
        assertThat(scene.told.replies.get(good))
                .isEqualTo(new ProcedureOutcome.Returned(
                        42L, Instant.parse("2025-01-01T00:00:00Z").plusNanos(1_000), Duration.ofNanos(450_000)));
        assertThat(scene.told.refusals.get(bad))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("twice");
        assertThat(scene.told.replies.get(unknown))
                .isInstanceOfSatisfying(
                        ProcedureOutcome.Returned.class,
                        returned -> assertThat(returned.value()).isEqualTo("[7]"));
    }

    @Test
    @Tag("T16")
    void aMessageBeyondTheBoundIsToldAsALoss() {
        Scene scene = Scene.connected(Map.of(SpacetimeDbOptions.MAX_MESSAGE, 300L));
        assertThatThrownBy(() -> scene.say("{\"Novelty\":\"" + "x".repeat(400) + "\"}"))
                .isInstanceOf(LimitExceededException.class);
        assertThat(scene.told.notices(SpacetimeDbNotice.Disconnected.class))
                .singleElement()
                .satisfies(notice -> {
                    assertThat(notice.reason()).isInstanceOf(LimitExceededException.class);
                    assertThat(notice.retries()).isTrue();
                });
    }

    @Test
    @Tag("T22")
    void whatCannotBeReadClosesTheConnection() {
        Scene scene = Scene.connected();
        scene.say("[]");
        assertThat(scene.told.closed).containsExactly(new Told.Closed(scene.socket(), 1000));
        assertThat(scene.told.ends)
                .singleElement()
                .satisfies(end -> assertThat(end.kind()).isEqualTo(Ending.Kind.RETRY));
        scene.protocol.data(scene.socket(), DataKind.TEXT, ByteBuffer.allocate(0), true, scene.told);
        assertThat(scene.told.ends).hasSize(1);
    }

    @Test
    @Tag("T11")
    @Tag("T42")
    void aLoadThatComesInFragmentsTellsHowFarItIs() {
        Scene scene = new Scene(Map.of(SpacetimeDbOptions.PROTOCOLS, "v2.bsatn"));
        Told.Wanted view = scene.subscribe(STOCK);
        scene.accept("v2.bsatn.spacetimedb");
        ByteBuffer hello = message(0, 60);
        hello.position(2 + 32 + 16);
        hello.putInt(5).put("t0ken".getBytes(StandardCharsets.UTF_8)).flip();
        scene.protocol.data(scene.socket(), DataKind.BINARY, hello, true, scene.told);
        assertThat(scene.told.sent).hasSize(1);
        ByteBuffer applied = message(1, 100);
        // Request 2 for query set 1, and two rows of one table.
        applied.putInt(2).putInt(1).putInt(1);
        applied.putInt(5).put("stock".getBytes(StandardCharsets.UTF_8));
        applied.put((byte) 0).putShort((short) 8).putInt(16);
        applied.putInt(1).putInt(2).putInt(3).putInt(4).flip();
        ByteBuffer start = applied.duplicate().limit(applied.limit() - 8);
        ByteBuffer rest = applied.duplicate().position(applied.limit() - 8);
        scene.protocol.data(scene.socket(), DataKind.BINARY, start, false, scene.told);
        assertThat(view.progress).containsExactly("1 rows, 8 bytes");
        assertThat(view.upToDate).isZero();
        scene.protocol.data(scene.socket(), DataKind.BINARY, rest, true, scene.told);
        assertThat(view.progress).hasSize(1);
        assertThat(view.upToDate).isEqualTo(1);
        assertThat(view.kept.rows).hasSize(2);
    }

    /** A message of v2, not compressed, of this kind. */
    private static ByteBuffer message(int tag, int most) {
        return ByteBuffer.allocate(most)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0)
                .put((byte) tag);
    }

    // ---- HTTP ----

    @Test
    @Tag("T60")
    void anExchangeIsBegunOnceAndItsLossTellsWhetherItMayHaveBeenDone() {
        Scene scene = new Scene();
        Call write = scene.call(HttpQuestion.sql("DELETE FROM stock", null));
        Call read = scene.call(HttpQuestion.ping());
        Call verify = scene.call(HttpQuestion.verify(new Identity(java.math.BigInteger.ONE)));
        assertThat(scene.told.wires).hasSize(3);
        assertThat(scene.told.sentCalls).containsExactly(write, read, verify);
        scene.told.wires.forEach(wire -> scene.end(wire, WireEnd.Kind.BROKEN));
        assertThat(scene.told.refusals.get(write))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("the SQL");
        for (Call asking : List.of(read, verify)) {
            assertThat(scene.told.refusals.get(asking))
                    .isInstanceOf(ConnectionException.class)
                    .isNotInstanceOf(OutcomeUnknownException.class)
                    .hasMessageContaining("no whole answer");
        }
    }

    @Test
    @Tag("T39")
    void theLossOfAnExchangeThatWasGivenUpIsOfNoInterest() {
        Scene scene = new Scene();
        Call ping = scene.call(HttpQuestion.ping());
        scene.protocol.cancel(ping, scene.told);
        scene.end(scene.told.wires.get(0), WireEnd.Kind.BROKEN);
        assertThat(scene.told.refusals).isEmpty();
    }
}
