package dev.tributary.spacetimedb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Capability;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.ProtocolException;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.spi.WebSocketTarget;
import dev.tributary.testkit.spacetimedb.SpacetimeDbModel;
import dev.tributary.testkit.spacetimedb.SpacetimeDbOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How connections begin and end. */
class ConnectionTest {

    private static final String STOCK = "SELECT * FROM stock";

    private final Rig rig = new Rig();

    @Test
    @Tag("T2")
    void theServerTakesTheNewestThatItKnowsAndWeActByIt() {
        for (Object[] pair : List.of(
                new Object[] {SpacetimeDbOptions.current(), ProtocolVersion.V3_BSATN, true},
                new Object[] {SpacetimeDbOptions.version(2, 0, 5), ProtocolVersion.V2_BSATN, true},
                new Object[] {SpacetimeDbOptions.version(1, 12, 0), ProtocolVersion.V1_BSATN, false},
                new Object[] {SpacetimeDbOptions.version(1, 0, 0), ProtocolVersion.V1_BSATN, false})) {
            try (Rig other = new Rig(Arcade.module(false, table -> {}), (SpacetimeDbOptions) pair[0])) {
                SyncSource source = other.open();
                MaterializedView<Row> view = other.view(source, STOCK);
                other.put("stock", 1, 2);
                assertThat(Rig.rows(view)).containsExactly("1=2");
                ConnectionInfo info = other.get(Rig.db(source).connection(Rig.SOON));
                assertThat(info.protocol()).isEqualTo(pair[1]);
                assertThat(source.capabilities().contains(Capability.EVENTS)).isEqualTo(pair[2]);
            }
        }
    }

    @Test
    @Tag("T2")
    void aProtocolThatWasNotOfferedIsAnError() {
        for (Map<String, String> headers :
                List.of(Map.of("sec-websocket-protocol", "v1.json.spacetimedb"), Map.<String, String>of())) {
            try (Rig other = new Rig()) {
                other.intercept = wire -> {
                    if (wire.target() instanceof WebSocketTarget) {
                        wire.head(101, headers);
                        return true;
                    }
                    return false;
                };
                MaterializedView<Row> view = other.view(other.open(), STOCK);
                assertThat(view.status().phase()).isEqualTo(Phase.FAILED);
                assertThat(view.status().reason()).hasMessageContaining("none of the protocols offered");
            }
        }
    }

    @Test
    @Tag("T4")
    void theTokenIsChangedForAShortOneWhereThatIsWanted() {
        String token = rig.model.token("ada");
        SyncSource source = rig.open(builder -> builder.token(token).exchangeToken());
        rig.view(source, STOCK);
        assertThat(rig.exchanges().get(0).method() + rig.exchanges().get(0).uri())
                .isEqualTo("POSThttp://model/v1/identity/websocket-token");
        WebSocketTarget socket = rig.sockets().get(0);
        assertThat(socket.credentials()).isEmpty();
        assertThat(socket.uri().getRawQuery()).contains("&token=");
        ConnectionInfo info = rig.get(Rig.db(source).connection(Rig.SOON));
        assertThat(info.identity().value()).isEqualTo(SpacetimeDbModel.identityOf("ada"));
        assertThat(info.token()).isNotEqualTo(token);
        assertThat(info.issued()).isFalse();
        // What came back is never kept in place of the application's own.
        rig.session().breakConnection();
        rig.advance(Rig.LONG);
        assertThat(rig.exchanges().stream()
                        .filter(one -> one.uri().getPath().endsWith("websocket-token"))
                        .map(one -> one.credentials().get("Authorization")))
                .containsExactly("Bearer " + token, "Bearer " + token);
        rig.close();
    }

    @Test
    @Tag("T5")
    void noTokenIsInAnyFaultNoticeOrAddress() {
        SyncSource source = rig.open(builder -> builder.token("not.a.token"));
        MaterializedView<Row> view = rig.view(source, STOCK);
        assertThat(view.status().toString() + rig.notices + rig.faults + rig.endings + rig.targets)
                .doesNotContain("not.a.token");
        assertThat(new ConnectionInfo(
                                new Identity(java.math.BigInteger.ONE),
                                new ConnectionId(java.math.BigInteger.ONE),
                                ProtocolVersion.V2_BSATN,
                                "s3cret",
                                true)
                        .toString())
                .doesNotContain("s3cret");
        rig.close();
    }

    @Test
    @Tag("T6")
    @Tag("T56")
    void eachStatusOfTheHandshakeHasItsMeaning() {
        for (Object[] status : List.of(
                new Object[] {400, Phase.FAILED},
                new Object[] {403, Phase.FAILED},
                new Object[] {404, Phase.FAILED},
                new Object[] {426, Phase.FAILED},
                new Object[] {500, Phase.LIVE},
                new Object[] {503, Phase.LIVE})) {
            try (Rig other = new Rig()) {
                other.model.faults().refuseHandshake((int) status[0], "because of " + status[0]);
                MaterializedView<Row> view = other.view(other.open(), STOCK);
                other.advance(Rig.LONG);
                assertThat(view.status().phase()).as("after " + status[0]).isEqualTo(status[1]);
                SpacetimeDbNotice.Disconnected told =
                        other.notices(SpacetimeDbNotice.Disconnected.class).get(0);
                assertThat(told.reason())
                        .isInstanceOf(SpacetimeDbException.class)
                        .hasMessageContaining("because of " + status[0])
                        .satisfies(reason -> assertThat(((SpacetimeDbException) reason).status())
                                .isEqualTo(status[0]));
                assertThat(told.retries()).isEqualTo(status[1] == Phase.LIVE);
            }
        }
    }

    @Test
    @Tag("T6")
    @Tag("T56")
    void aRefusedTokenIsAskedForAgainAndNobodyElseIsTriedInstead() {
        List<Throwable> refusals = new ArrayList<>();
        String good = rig.model.token("ada");
        SyncSource source = rig.open(builder -> builder.credentials(refusal -> {
            refusals.add(refusal);
            return java.util.concurrent.CompletableFuture.completedFuture(
                    dev.tributary.Credential.token(refusal == null ? "worthless" : good));
        }));
        MaterializedView<Row> view = rig.view(source, STOCK);
        rig.advance(Rig.LONG);
        assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
        assertThat(refusals.get(0)).isNull();
        assertThat(refusals.get(1)).isInstanceOf(SpacetimeDbException.class).hasMessageContaining("401");
        rig.close();
        try (Rig other = new Rig()) {
            MaterializedView<Row> failed = other.view(other.open(builder -> builder.token("worthless")), STOCK);
            other.advance(Rig.LONG);
            assertThat(failed.status().phase()).isEqualTo(Phase.FAILED);
            assertThat(other.model.connections()).isZero();
        }
    }

    @Test
    @Tag("T7")
    void refusedByTheModuleIsNoConnection() {
        rig.model.faults().refuseByModule(1);
        SyncSource source = rig.open();
        MaterializedView<Row> view = source.materialize(STOCK);
        rig.advance(Duration.ofMillis(100));
        assertThat(rig.notices(SpacetimeDbNotice.Connected.class)).isEmpty();
        assertThat(rig.notices(SpacetimeDbNotice.Disconnected.class).get(0).reason())
                .isInstanceOfSatisfying(
                        DisconnectedException.class,
                        reason -> assertThat(reason.disconnect()).isEqualTo(Disconnect.REFUSED_OR_LOST));
        assertThat(view.status().phase()).isEqualTo(Phase.LOADING);
        rig.advance(Rig.LONG);
        assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
        rig.close();
    }

    @Test
    @Tag("T8")
    void theIdentityThatTheServerMadeIsKeptOverReconnects() {
        SyncSource source = rig.open();
        rig.view(source, STOCK);
        ConnectionInfo first = rig.get(Rig.db(source).connection(Rig.SOON));
        assertThat(first.issued()).isTrue();
        rig.session().breakConnection();
        rig.advance(Rig.LONG);
        ConnectionInfo second = rig.get(Rig.db(source).connection(Rig.SOON));
        assertThat(second.identity()).isEqualTo(first.identity());
        assertThat(second.connectionId()).isNotEqualTo(first.connectionId());
        assertThat(rig.sockets().get(0).credentials()).isEmpty();
        assertThat(rig.sockets().get(1).credentials()).containsEntry("Authorization", "Bearer " + first.token());
        rig.close();
    }

    @Test
    @Tag("T6")
    @Tag("T8")
    void anIdentityThatTheServerDoesNotKnowAnyMoreIsNotReplacedSilently() {
        SyncSource source = rig.open();
        MaterializedView<Row> view = rig.view(source, STOCK);
        rig.model.rotateKeys();
        rig.session().breakConnection();
        rig.advance(Rig.LONG);
        assertThat(view.status().phase()).isEqualTo(Phase.FAILED);
        assertThat(view.status().reason()).hasMessageContaining("worthless");
        assertThat(rig.model.connections()).isEqualTo(1);
        rig.close();
    }

    @Test
    @Tag("T9")
    void waysToEndAreToldApart() {
        for (Object[] end : List.of(
                new Object[] {1000, Disconnect.NORMAL},
                new Object[] {1001, Disconnect.MODULE_EXITED},
                new Object[] {1011, Disconnect.SERVER_ERROR},
                new Object[] {1013, Disconnect.TOO_MANY_REQUESTS},
                new Object[] {0, Disconnect.LOST})) {
            try (Rig other = new Rig()) {
                MaterializedView<Row> view = other.view(other.open(), STOCK);
                if ((int) end[0] == 0) {
                    other.session().breakConnection();
                } else {
                    other.session().close((int) end[0], "the reason");
                }
                other.advance(Duration.ofMillis(50));
                assertThat(view.status().phase()).isEqualTo(Phase.STALE);
                assertThat(view.status().reason()).isInstanceOfSatisfying(DisconnectedException.class, reason -> {
                    assertThat(reason.disconnect()).isEqualTo(end[1]);
                    assertThat(reason.code()).isEqualTo(end[0]);
                });
                if ((int) end[0] != 0) {
                    assertThat(view.status().reason()).hasMessageContaining("the reason");
                }
                other.advance(Rig.LONG);
                assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
            }
        }
    }

    @Test
    @Tag("T10")
    void aConnectionThatNobodyNeedsIsClosedWith1000() {
        Puppet puppet = new Puppet(rig);
        SyncSource source = rig.open(ProtocolVersion.V1_JSON);
        rig.view(source, STOCK).close();
        rig.run();
        assertThat(puppet.closed).containsExactly(1000);
        rig.close();
    }

    @Test
    @Tag("T62")
    @Tag("T13")
    void aSessionThatTheServerHasEndedSilentlyIsNoticed() {
        SyncSource source = rig.open(builder -> builder.liveness(Duration.ofSeconds(5), Duration.ofSeconds(5)));
        MaterializedView<Row> view = rig.view(source, STOCK);
        rig.session().silence();
        rig.advance(Duration.ofSeconds(4));
        assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
        rig.advance(Duration.ofSeconds(8));
        assertThat(rig.notices(SpacetimeDbNotice.Disconnected.class).get(0).reason())
                .isInstanceOfSatisfying(
                        DisconnectedException.class,
                        reason -> assertThat(reason.disconnect()).isEqualTo(Disconnect.SILENT));
        rig.close();
    }

    @Test
    @Tag("T16")
    void aMessageBeyondTheBoundEndsTheConnectionWithAReason() {
        SyncSource source =
                rig.open(builder -> builder.compression(Compression.NONE).maxMessage(2_000));
        MaterializedView<Row> view = rig.view(source, STOCK);
        rig.model.transact(context -> {
            for (long id = 0; id < 1_000; id++) {
                context.put("stock", id, id);
            }
        });
        rig.server.arm();
        rig.advance(Duration.ofMillis(200));
        assertThat(view.status().phase()).isEqualTo(Phase.STALE);
        assertThat(view.status().reason()).hasMessageContaining("2000");
        rig.close();
    }

    @Test
    @Tag("T56")
    void whoDoesNotWantToReconnectFails() {
        SyncSource source = rig.open(SpacetimeDbSourceBuilder::withoutReconnect);
        MaterializedView<Row> view = rig.view(source, STOCK);
        rig.session().breakConnection();
        rig.advance(Rig.LONG);
        assertThat(view.status().phase()).isEqualTo(Phase.FAILED);
        assertThat(rig.notices(SpacetimeDbNotice.Disconnected.class).get(0).retries())
                .isFalse();
        assertThat(rig.sockets()).hasSize(1);
        rig.close();
    }

    @Test
    @Tag("T61")
    void aCloseReasonLongerThanAllowedDoesNoHarm() {
        MaterializedView<Row> view = rig.view(rig.open(), STOCK);
        rig.session().close(1011, "x".repeat(300));
        rig.advance(Rig.LONG);
        assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
        rig.close();
    }

    @Test
    @Tag("T19")
    void aVariantThatIsNotKnownIsReportedAndNotTheEnd() {
        Puppet puppet = new Puppet(rig);
        SyncSource source = rig.open(ProtocolVersion.V1_JSON);
        MaterializedView<Row> view = rig.view(source, STOCK);
        puppet.applied(Puppet.row(1, 2));
        puppet.say("{\"Novelty\":{\"x\":[1,{\"y\":null}]}}");
        puppet.light(Puppet.table("stock", "", Puppet.row(2, 3)));
        assertThat(Rig.rows(view)).containsExactly("1=2", "2=3");
        assertThat(rig.faults).anyMatch(fault -> fault.contains("Novelty"));
        rig.close();
    }

    @Test
    @Tag("T60")
    void theInterfaceOverHttpIsThere() {
        String token = rig.model.token("ada");
        SyncSource source = rig.open(builder -> builder.token(token));
        SpacetimeDbHttp http = Rig.db(source).http();
        rig.model.call("put_stock", 1L, 2L);
        rig.get(http.ping(Rig.SOON));
        SpacetimeDbHttp.SqlResult result =
                rig.get(http.sql("SELECT * FROM stock", Rig.SOON)).get(0);
        assertThat(result.columns()).containsExactly("id", "v");
        assertThat(result.rows()).containsExactly(List.of(1L, 2L));
        assertThat(rig.get(http.call("put_stock", "[3,4]", Rig.SOON))).isEmpty();
        assertThat(rig.get(http.call("twice", "{\"n\":21}", Rig.SOON))).isEqualTo("42");
        assertThat(rig.get(http.createIdentity(Rig.SOON)).toString()).doesNotContain("token=");
        assertThat(rig.get(http.websocketToken(Rig.SOON))).isNotEqualTo(token);
        Identity self = new Identity(SpacetimeDbModel.identityOf("ada"));
        assertThat(rig.get(http.verify(self, Rig.SOON))).isTrue();
        assertThat(rig.get(http.verify(new Identity(java.math.BigInteger.TWO), Rig.SOON)))
                .isFalse();
        assertThat(rig.get(http.database(Rig.SOON)).owner().toString()).startsWith("c200");
        assertThat(rig.get(http.names(Rig.SOON))).contains("game");
        assertThat(rig.get(http.schema(9, Rig.SOON))).contains("\"typespace\"");
        assertThat(rig.failure(http.call("absent", "[]", Rig.SOON)))
                .isInstanceOfSatisfying(
                        SpacetimeDbException.class,
                        refusal -> assertThat(refusal.status()).isEqualTo(404));
        assertThat(rig.failure(http.call("fail", "[\"no\"]", Rig.SOON)))
                .hasMessageContaining("530")
                .hasMessageContaining("no");
        assertThat(rig.failure(http.sql("SELEKT", Rig.SOON)))
                .isInstanceOfSatisfying(
                        SpacetimeDbException.class,
                        refusal -> assertThat(refusal.status()).isEqualTo(400));
        // No WebSocket was opened for any of it.
        assertThat(rig.sockets()).isEmpty();
        rig.close();
    }

    @Test
    @Tag("T59")
    void aPinnedSchemaNeedsNoHttp() {
        String schema;
        try (Rig other = new Rig()) {
            schema = other.get(Rig.db(other.open()).http().schema(9, Rig.SOON));
        }
        Supplier<String> text = () -> schema;
        MaterializedView<Row> view = rig.view(rig.open(builder -> builder.schema(text.get())), STOCK);
        rig.put("stock", 1, 2);
        assertThat(Rig.rows(view)).containsExactly("1=2");
        assertThat(rig.exchanges()).isEmpty();
        rig.close();
    }

    @Test
    @Tag("T59")
    @Tag("T6")
    void whatBecomesOfAConnectionWhoseSchemaIsRefused() {
        for (Object[] answer : List.of(
                new Object[] {"version=10", 400, Integer.MAX_VALUE, Phase.LIVE},
                new Object[] {"version=9", 403, Integer.MAX_VALUE, Phase.FAILED},
                new Object[] {"version=9", 503, 2, Phase.LIVE},
                new Object[] {"version=9", 500, 2, Phase.LIVE},
                // No schema at all: "because of 200".
                new Object[] {"version=9", 200, 2, Phase.LIVE},
                new Object[] {"version=10", 200, Integer.MAX_VALUE, Phase.LIVE},
                new Object[] {"version=9", 404, 1, Phase.FAILED})) {
            try (Rig other = new Rig()) {
                int[] left = {(int) answer[2]};
                other.intercept = wire -> {
                    if (!(answer[0].equals(wire.target().uri().getRawQuery())) || left[0]-- <= 0) {
                        return false;
                    }
                    wire.head((int) answer[1], Map.of());
                    wire.body("because of " + answer[1]);
                    wire.complete();
                    return true;
                };
                other.put("stock", 1, 2);
                MaterializedView<Row> view = other.view(other.open(), STOCK);
                other.advance(Rig.LONG);
                assertThat(view.status().phase())
                        .as(answer[0] + " " + answer[1])
                        .isEqualTo(answer[3]);
                if (answer[3] == Phase.FAILED) {
                    assertThat(view.status().reason())
                            .hasMessageContaining("given to the builder")
                            .hasMessageContaining("because of " + answer[1]);
                } else {
                    assertThat(Rig.rows(view)).containsExactly("1=2");
                }
            }
        }
    }

    @Test
    @Tag("T59")
    void aSchemaThatIsNoneKeepsViewsLoadingAndIsNamed() {
        for (String body : new String[] {"", "<html>", "{\"typespace\":7}", "{\"sections\":[{\"Tables\":[{}]}]}"}) {
            try (Rig other = new Rig()) {
                other.intercept = wire -> {
                    if (!"version=9".equals(wire.target().uri().getRawQuery())) {
                        return false;
                    }
                    wire.head(200, Map.of());
                    wire.body(body);
                    wire.complete();
                    return true;
                };
                MaterializedView<Row> view = other.view(other.open(), STOCK);
                assertThat(view.status().phase()).as(body).isNotIn(Phase.LIVE, Phase.FAILED);
                assertThat(view.status().reason())
                        .isInstanceOf(ProtocolException.class)
                        .hasMessageContaining("schema");
                other.intercept = wire -> false;
                other.advance(Rig.LONG);
                assertThat(view.status().phase()).as(body).isEqualTo(Phase.LIVE);
            }
        }
    }
}
