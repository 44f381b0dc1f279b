package dev.tributary.spacetimedb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.Backoff;
import dev.tributary.Capability;
import dev.tributary.ConfigurationException;
import dev.tributary.Credential;
import dev.tributary.MaterializedView;
import dev.tributary.NoticeListener;
import dev.tributary.Option;
import dev.tributary.Options;
import dev.tributary.Phase;
import dev.tributary.Registration;
import dev.tributary.RejectedException;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.spacetimedb.types.DatabaseSchema;
import dev.tributary.spi.Calls;
import dev.tributary.spi.Delivery;
import dev.tributary.spi.Verbs;
import dev.tributary.spi.WebSocketTarget;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The public face: that each option arrives, that each verb does what it says, and what values promise. */
class FacadeTest {

    private static final String STOCK = "SELECT * FROM stock";

    /** Takes calls instead of a source, and answers each at once. */
    private static final class Answering implements Calls {

        final List<Object> requests = new ArrayList<>();
        final List<Delivery> deliveries = new ArrayList<>();
        final Map<Class<?>, NoticeListener<?>> listeners = new HashMap<>();

        @Nullable
        Object answer;

        @Override
        public CompletableFuture<@Nullable Object> call(
                MaterializedView<?> view, Object request, Duration deadline, Delivery delivery) {
            throw new AssertionError("no call is of a view");
        }

        @Override
        public CompletableFuture<@Nullable Object> call(Object request, Duration deadline, Delivery delivery) {
            requests.add(request);
            deliveries.add(delivery);
            return CompletableFuture.completedFuture(answer);
        }

        @Override
        public <N> Registration onNotice(Class<N> type, NoticeListener<? super N> listener) {
            listeners.put(type, listener);
            return () -> listeners.remove(type);
        }

        @SuppressWarnings("unchecked")
        <N> NoticeListener<N> listener(Class<N> type) {
            return (NoticeListener<N>) listeners.get(type);
        }
    }

    private final Answering calls = new Answering();
    private final SpacetimeDb db = new SpacetimeDbCalls(calls);
    private final Verbs verbs = SpacetimeDbVerbs.of(db);

    // ---- options ----

    @Test
    @Tag("T3")
    @Tag("T2")
    void whatTheBuilderIsToldArrivesInTheHandshake() {
        try (Rig rig = new Rig()) {
            AtomicInteger tasks = new AtomicInteger();
            String token = rig.model.token("ada");
            SyncSource source = rig.open(builder -> builder.token(() -> token)
                    .header("X-Proxy", "open sesame")
                    .protocols(ProtocolVersion.V1_BSATN, ProtocolVersion.V1_JSON)
                    .compression(Compression.BROTLI)
                    .light(true)
                    .confirmed(false)
                    .connectionId(new ConnectionId(BigInteger.valueOf(42)))
                    .liveness(Duration.ofSeconds(3), Duration.ofSeconds(4))
                    .maxMessage(1 << 20)
                    .backoff(Backoff.exponential(Duration.ofSeconds(1), Duration.ofSeconds(2)))
                    .require(Capability.TRANSACTIONS)
                    .executor(task -> {
                        tasks.incrementAndGet();
                        task.run();
                    }));
            rig.view(source, STOCK);
            WebSocketTarget socket = rig.sockets().get(0);
            assertThat(socket.uri().getRawQuery())
                    .isEqualTo("compression=Brotli&light=true&confirmed=false"
                            + "&connection_id=0000000000000000000000000000002a");
            assertThat(socket.headers()).isEqualTo(Map.of("x-proxy", "open sesame"));
            assertThat(socket.subprotocols()).containsExactly("v1.bsatn.spacetimedb", "v1.json.spacetimedb");
            assertThat(socket.credentials()).containsEntry("Authorization", "Bearer " + token);
            assertThat(socket.toString()).doesNotContain("open sesame");
            assertThat(rig.exchanges())
                    .isNotEmpty()
                    .allSatisfy(exchange -> assertThat(exchange.headers()).containsEntry("x-proxy", "open sesame"));
            assertThat(tasks).hasPositiveValue();
        }
    }

    @Test
    @Tag("T3")
    void withoutHeadersThereAreNone() {
        try (Rig rig = new Rig()) {
            rig.view(rig.open(), STOCK);
            assertThat(rig.sockets().get(0).headers()).isEmpty();
        }
    }

    @Test
    @Tag("T4")
    void parametersOfCredentialsGoIntoTheAddressAndAreNotPrinted() {
        Targets targets = new Targets(DatabaseAddress.of(URI.create("ws://h/db")), Options.of(Map.of()));
        Credential credential = Credential.NONE.withParameter("key", "s3cret");
        WebSocketTarget socket = targets.socket(List.of(ProtocolVersion.V2_BSATN), credential, null);
        assertThat(socket.uri().getRawQuery()).isEqualTo("compression=Gzip&key=s3cret");
        assertThat(socket.printable()).doesNotContain("s3cret");
        assertThat(targets.publicKey().uri()).hasToString("http://h/v1/identity/public-key");
    }

    @Test
    @Tag("T3")
    void aBuilderRefusesWhatCannotBeMeant() {
        SpacetimeDbSourceBuilder builder = SpacetimeDb.source(URI.create("ws://h/db"));
        builder.header("X-A", "1");
        assertThatThrownBy(() -> builder.header("x-a", "2"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("twice");
        assertThatThrownBy(builder::protocols).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> builder.schema("{")).isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> SpacetimeDbOptions.compression(
                        Options.of(Map.<Option<?>, Object>of(SpacetimeDbOptions.COMPRESSION, "zip"))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("none, gzip, brotli")
                .hasMessageContaining("'zip'");
    }

    @Test
    @Tag("T3")
    @Tag("T13")
    void whatCannotWorkIsRefusedWhenTheSourceIsOpened() {
        URI address = URI.create("ws://h/db");
        Map<String, SpacetimeDbSourceBuilder> wrong = Map.of(
                "ping", SpacetimeDb.source(address).liveness(Duration.ZERO, Duration.ofSeconds(1)),
                "silence", SpacetimeDb.source(address).liveness(Duration.ofSeconds(1), Duration.ZERO),
                "connectionId", SpacetimeDb.source(address).connectionId(new ConnectionId(BigInteger.ZERO)),
                "compression", SpacetimeDb.source(address).set(SpacetimeDbOptions.COMPRESSION, "zip"));
        wrong.forEach((option, builder) -> assertThatThrownBy(builder::open)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(option));
    }

    @Test
    @Tag("T6")
    void aConstantTokenThatIsRefusedIsNotPresentedAgain() {
        try (Rig rig = new Rig()) {
            String good = rig.model.token("ada");
            SyncSource source = rig.open(builder -> builder.token(good));
            assertThat(rig.get(Rig.db(source).connection(Rig.SOON)).issued()).isFalse();
            MaterializedView<Row> failed = rig.view(rig.open(builder -> builder.token("worthless")), STOCK);
            rig.advance(Rig.LONG);
            assertThat(failed.status().phase()).isEqualTo(Phase.FAILED);
            assertThat(rig.sockets().stream()
                            .filter(socket -> "Bearer worthless"
                                    .equals(socket.credentials().get("Authorization"))))
                    .hasSize(1);
        }
    }

    // ---- addresses and queries ----

    @Test
    @Tag("T1")
    void aDatabaseIsNamedBehindTheServer() {
        for (String server : List.of("http://model/a", "http://model/a/")) {
            try (Rig rig = new Rig()) {
                SyncSource source = SpacetimeDb.database(URI.create(server), "game")
                        .environment(rig.environment)
                        .open();
                assertThat(source.address()).isEqualTo("spacetimedb+http://model/a/game");
                source.close();
            }
        }
        for (String wrong : List.of("", "/game", "a/b")) {
            assertThatThrownBy(() -> SpacetimeDb.database(URI.create("http://model"), wrong))
                    .isInstanceOf(ConfigurationException.class);
        }
        for (String wrong : List.of("ws://h/%2Fgame", "ws://h/game//", "ws://h/")) {
            assertThatThrownBy(() -> DatabaseAddress.of(URI.create(wrong)))
                    .as(wrong)
                    .isInstanceOf(ConfigurationException.class);
        }
    }

    @Test
    @Tag("T42")
    void queriesAreMadeOfNamesAndOfText() {
        assertThat(SpacetimeDb.table("stock").name()).isEqualTo(STOCK);
        assertThat(SpacetimeDb.table("my \"own\"").name()).isEqualTo("SELECT * FROM \"my \"\"own\"\"\"");
        assertThat(SpacetimeDb.sql(STOCK).name()).isEqualTo(STOCK);
        assertThatThrownBy(() -> SpacetimeDb.sql("SELECT 1")).isInstanceOf(ConfigurationException.class);
    }

    @Test
    @Tag("T42")
    void theTextOfAQueryIsTakenUpToItsLastWord() {
        assertThat(SqlQuery.of(" SELECT * FROM stock WHERE name = 'it''s' ; -- what")
                        .statements())
                .containsExactly("SELECT * FROM stock WHERE name = 'it''s'");
        assertThat(SqlQuery.of("SELECT s.* FROM stock AS s").table()).isEqualTo("stock");
        assertThat(SqlQuery.of("SELECT * FROM stock WHERE v = 1 AND join = 2").mayRepeat())
                .isFalse();
        for (String wrong : List.of(
                "SELECT s.",
                "SELECT s",
                "SELECT 's'.* FROM s",
                "SELECT * FROM",
                "SELECT * FROM stock, 'x'",
                "SELECT * FROM stock /* and",
                "SELECT * FROM stock /*",
                "SELECT * FROM \"stock")) {
            assertThatThrownBy(() -> SqlQuery.of(wrong)).as(wrong).isInstanceOf(ConfigurationException.class);
        }
        assertThatThrownBy(() -> SqlQuery.of("SELECT * FROM")).hasMessageContaining("behind FROM");
        String most = "SELECT * FROM stock WHERE name = '";
        String fits = most + "x".repeat(50_000 - most.length() - 1) + "'";
        assertThat(SqlQuery.of(fits).statements()).containsExactly(fits);
        assertThatThrownBy(() -> SqlQuery.of(fits.replace("x'", "xx'")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("50000");
    }

    // ---- notices ----

    @Test
    @Tag("T31")
    @Tag("T9")
    void whoListensHearsUntilTheRegistrationIsClosed() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(ProtocolVersion.V2_BSATN);
            SpacetimeDb face = Rig.db(source);
            List<String> heard = new ArrayList<>();
            List<Registration> all = List.of(
                    face.onTransaction(one -> heard.add("transaction")),
                    face.onReducer(one -> heard.add("reducer " + one.reducer())),
                    face.onConnect(one -> heard.add("connect")),
                    face.onDisconnect(one -> heard.add("disconnect")));
            rig.view(source, STOCK);
            rig.get(face.callReducer("nothing"));
            rig.put("stock", 1, 2);
            rig.session().breakConnection();
            rig.advance(Rig.LONG);
            assertThat(heard)
                    .containsExactlyInAnyOrder(
                            "connect", "transaction", "reducer nothing", "transaction", "disconnect", "connect");
            heard.clear();
            all.forEach(Registration::close);
            rig.get(face.callReducer("nothing"));
            rig.session().breakConnection();
            rig.advance(Rig.LONG);
            assertThat(heard).isEmpty();
        }
    }

    @Test
    @Tag("T31")
    void whoListensToReducersHearsWhatWasDropped() {
        List<Long> dropped = new ArrayList<>();
        List<ReducerEvent> heard = new ArrayList<>();
        db.onReducer(new NoticeListener<>() {
            @Override
            public void onNotice(ReducerEvent notice) {
                heard.add(notice);
            }

            @Override
            public void onNoticesDropped(long count) {
                dropped.add(count);
            }
        });
        NoticeListener<SpacetimeDbNotice.Transaction> inner = calls.listener(SpacetimeDbNotice.Transaction.class);
        inner.onNoticesDropped(3);
        inner.onNotice(new SpacetimeDbNotice.Transaction(List.of(), null));
        assertThat(dropped).containsExactly(3L);
        assertThat(heard).isEmpty();
    }

    // ---- verbs ----

    private @Nullable Object verb(String name, @Nullable Object answer, Object... arguments) {
        calls.answer = answer;
        return verbs.named(name).call(Arrays.asList(arguments), Rig.SOON).join();
    }

    @Test
    @Tag("T35")
    @Tag("T60")
    void verbsGiveArgumentsAsTheyAreAndAnswersAsPlainValues() {
        Instant then = Instant.EPOCH;
        assertThat(verb("reducer", new ReducerOutcome.Committed(then, "done"), "put", List.of(1L, 2L)))
                .isEqualTo("done");
        verb("reducer", new ReducerOutcome.Committed(then, null), "put", Map.of("id", 1L));
        verb("reducer", new ReducerOutcome.Committed(then, null), "put");
        assertThat(calls.requests)
                .containsExactly(
                        new Wish.Reducer("put", Arguments.of(1L, 2L), false),
                        new Wish.Reducer("put", Arguments.named(Map.of("id", 1L)), false),
                        new Wish.Reducer("put", Arguments.of(), false));
        assertThat(verb("procedure", new ProcedureOutcome.Returned(4L, then, Duration.ZERO), "twice", List.of(2L)))
                .isEqualTo(4L);
        assertThatThrownBy(() -> verb("reducer", null, "put", "neither")).hasMessageContaining("ARGUMENTS");
        Row row = rowOfStock();
        assertThat(verb("query", new QueryResult("stock", List.of(row)), STOCK))
                .isEqualTo(List.of(Map.of("id", 5, "v", 6)));
        assertThat(verb(
                        "sql",
                        List.of(new SpacetimeDbHttp.SqlResult(List.of("id"), List.of(List.of(1L)), 0, 0, 0)),
                        "SELECT id FROM stock"))
                .isEqualTo(List.of(Map.of("columns", List.of("id"), "rows", List.of(List.of(1L)))));
        Identity self = new Identity(BigInteger.TEN);
        assertThat(verb(
                        "identity",
                        new ConnectionInfo(
                                self, new ConnectionId(BigInteger.ONE), ProtocolVersion.V2_BSATN, "t", true)))
                .isEqualTo("0".repeat(63) + "a");
        assertThat(verb("schema", "{}")).isEqualTo("{}");
    }

    private static Row rowOfStock() {
        return DatabaseSchema.parse(Scene.SCHEMA)
                .table("stock")
                .layout()
                .decoder()
                .row(new byte[] {5, 0, 0, 0, 6, 0, 0, 0}, 0, 8);
    }

    @Test
    @Tag("T35")
    void verbsFailWithTheReasonOfTheServer() {
        for (Object[] one : List.of(
                new Object[] {"reducer", new ReducerOutcome.Failed("no luck", null), "no luck"},
                new Object[] {"reducer", new ReducerOutcome.InternalError("panic"), "panic"},
                new Object[] {"reducer", new ReducerOutcome.OutOfEnergy(), "energy"},
                new Object[] {"procedure", new ProcedureOutcome.InternalError("panic"), "panic"},
                new Object[] {"procedure", new ProcedureOutcome.OutOfEnergy(), "energy"})) {
            assertThatThrownBy(() -> verb((String) one[0], one[1], "f", List.of()))
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(RejectedException.class)
                    .hasMessageContaining((String) one[2]);
        }
    }

    @Test
    @Tag("T60")
    void theTransportGivesTwoInterfacesAndNoOther() {
        SpacetimeDbTransport transport = new SpacetimeDbTransport();
        assertThat(transport.interfaces()).containsExactlyInAnyOrder(SpacetimeDb.class, Verbs.class);
        for (Class<?> each : transport.interfaces()) {
            assertThat(transport.unwrap(each, calls)).isPresent();
        }
        assertThat(transport.unwrap(Calls.class, calls)).isEmpty();
    }

    // ---- HTTP ----

    @Test
    @Tag("T60")
    void whatOnlyAsksMayBeAskedTwiceAndWhatWritesMayNot() {
        SpacetimeDbHttp http = db.http();
        List<CompletableFuture<?>> all = List.of(
                http.ping(Rig.SOON),
                http.websocketToken(Rig.SOON),
                http.publicKey(Rig.SOON),
                http.database(Rig.SOON),
                http.names(Rig.SOON),
                http.schema(9, Rig.SOON),
                http.schema(10, Rig.SOON),
                http.verify(new Identity(BigInteger.ONE), Rig.SOON),
                http.sql("x", Rig.SOON),
                http.sql("x", true, Rig.SOON),
                http.call("f", "[]", Rig.SOON),
                http.createIdentity(Rig.SOON));
        assertThat(all).doesNotContainNull();
        assertThat(calls.deliveries.subList(0, 8)).containsOnly(Delivery.REPEATABLE);
        assertThat(calls.deliveries.subList(8, 12)).containsOnly(Delivery.ONCE);
        assertThatThrownBy(() -> http.schema(8, Rig.SOON))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("8");
    }

    @Test
    @Tag("T60")
    void answersOverHttpAreReadAsTheyAre() {
        assertThat(HttpQuestion.publicKey().answer(200, "-----BEGIN")).isEqualTo("-----BEGIN");
        assertThat(HttpQuestion.websocketToken().answer(200, "{\"token\":\"sh0rt\"}"))
                .isEqualTo("sh0rt");
        String unnamed = "[{\"schema\":{\"elements\":[{\"name\":{\"some\":\"id\"}},{\"name\":{\"none\":[]}},"
                + "{\"name\":{\"some\":7}},{}]},\"rows\":[[1,2,3,4]],\"stats\":{\"rows_inserted\":5,\"rows_deleted\":7}}]";
        assertThat(HttpQuestion.sql("x", null).answer(200, unnamed))
                .isEqualTo(List.of(new SpacetimeDbHttp.SqlResult(
                        List.of("id", "", "", ""), List.of(List.of(1L, 2L, 3L, 4L)), 5, 0, 7)));
        String database = "{\"database_identity\":\"0x2a\",\"owner_identity\":{\"__identity__\":\"0x2b\"},"
                + "\"host_type\":HOST,\"initial_program\":\"abc\"}";
        for (String[] host : List.of(new String[] {"{\"wasm\":[]}", "wasm"}, new String[] {"{}", ""})) {
            assertThat(HttpQuestion.database().answer(200, database.replace("HOST", host[0])))
                    .isEqualTo(new SpacetimeDbHttp.DatabaseInfo(
                            new Identity(BigInteger.valueOf(42)),
                            new Identity(BigInteger.valueOf(43)),
                            host[1],
                            "abc"));
        }
    }

    // ---- values ----

    @Test
    @Tag("T26")
    void anIdentityHasUpTo256BitsAndNoSign() {
        assertThat(new Identity(BigInteger.ZERO)).hasToString("0".repeat(64));
        assertThat(new Identity(BigInteger.TWO.pow(256).subtract(BigInteger.ONE)))
                .hasToString("f".repeat(64));
        for (BigInteger wrong : List.of(BigInteger.TWO.pow(256), BigInteger.ONE.negate())) {
            assertThatThrownBy(() -> new Identity(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    @Tag("T29")
    void rawArgumentsAreEqualByTheirBytesAndShowHowMany() {
        Arguments one = Arguments.bsatn(new byte[] {1, 2});
        assertThat(one)
                .isEqualTo(Arguments.bsatn(new byte[] {1, 2}))
                .hasSameHashCodeAs(Arguments.bsatn(new byte[] {1, 2}))
                .isNotEqualTo(Arguments.bsatn(new byte[] {1, 3}))
                .isNotEqualTo("bytes")
                .hasToString("Bsatn[2 bytes]");
        assertThat(one.hashCode())
                .isNotEqualTo(Arguments.bsatn(new byte[] {1, 3}).hashCode());
    }

    @Test
    @Tag("T5")
    void whatHidesItsTokenShowsTheRest() {
        Identity self = new Identity(BigInteger.TEN);
        assertThat(new ConnectionInfo(self, new ConnectionId(BigInteger.ONE), ProtocolVersion.V2_BSATN, "s3cret", true)
                        .toString())
                .contains(self.toString(), "v2.bsatn", "issued=true")
                .doesNotContain("s3cret");
        assertThat(new SpacetimeDbHttp.NewIdentity(self, "s3cret").toString())
                .contains(self.toString())
                .doesNotContain("s3cret");
    }

    @Test
    @Tag("T9")
    @Tag("T6")
    void reasonsAreInWords() {
        assertThat(new DisconnectedException(Disconnect.LOST, 0, " ", null)).hasMessage("the connection was lost");
        assertThat(new DisconnectedException(Disconnect.NORMAL, 1000, "bye", null))
                .hasMessage("the server closed the connection (close code 1000): bye");
        assertThat(SpacetimeDbException.ofStatus("it", 500, "")).hasMessageContaining("the server failed (500)");
        assertThat(SpacetimeDbException.ofStatus("it", 499, "")).hasMessageContaining("unexpectedly (499)");
        assertThat(SpacetimeDbException.shortened("x".repeat(500))).isEqualTo("x".repeat(500));
        assertThat(SpacetimeDbException.shortened("x".repeat(501))).isEqualTo("x".repeat(500) + "…");
    }

    @Test
    @Tag("T50")
    void anEventTakesAsMuchRoomAsItsRow() {
        Row row = rowOfStock();
        assertThat(new EventRow(row).sizeInBytes()).isEqualTo(row.sizeInBytes()).isPositive();
    }
}
