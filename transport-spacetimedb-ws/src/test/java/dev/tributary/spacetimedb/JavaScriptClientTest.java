package dev.tributary.spacetimedb;

import static dev.tributary.spacetimedb.JavaScriptPeer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.MaterializedView;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.spacetimedb.JavaScriptPeer.Version;
import dev.tributary.testkit.spacetimedb.SpacetimeDbSampleData;
import dev.tributary.testkit.spacetimedb.SpacetimeDbServer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The official JavaScript client and ours on the reference server, in both generations. Run by the profile {@code interop};
 * skipped where the client cannot be installed.
 */
@Tag("interop")
class JavaScriptClientTest {

    private static final String ALL = "SELECT * FROM player";
    private static final String HEALTHY = "SELECT * FROM player WHERE health >= 50";
    private static final String CARRIED =
            "SELECT item.* FROM item JOIN player ON item.player_id = player.id WHERE player.online = true";
    private static final int STEPS = 400;

    static Stream<Arguments> ways() {
        return Stream.of(
                Arguments.of(Version.FIRST, "{\"compression\":\"none\"}"),
                Arguments.of(Version.FIRST, "{\"compression\":\"gzip\",\"light\":true}"),
                Arguments.of(Version.FIRST, "{\"compression\":\"gzip\",\"confirmed\":true}"),
                Arguments.of(Version.SECOND, "{\"compression\":\"none\"}"),
                Arguments.of(Version.SECOND, "{\"compression\":\"gzip\",\"confirmed\":false}"));
    }

    private static SpacetimeDbServer server(SpacetimeDbSampleData data) {
        SpacetimeDbServer server = SpacetimeDbServer.start(SpacetimeDbSampleData.module());
        server.with(model -> data.create(model, 40));
        return server;
    }

    private static SyncSource source(SpacetimeDbServer server, ProtocolVersion version) {
        return SpacetimeDb.source(server.uri()).protocols(version).open();
    }

    /** The database is called as the reference server calls it. */
    private static final String DATABASE = "game";

    @Tag("T47")
    @Tag("T50")
    @ParameterizedTest
    @MethodSource("ways")
    void bothEndWithTheSameRows(Version version, String options) throws Exception {
        SpacetimeDbSampleData data = new SpacetimeDbSampleData(7);
        List<SyncSource> sources = new ArrayList<>();
        try (SpacetimeDbServer server = server(data);
                JavaScriptPeer javascript = new JavaScriptPeer(version)) {
            javascript.connect(server.httpUri(), DATABASE, options);
            javascript.ask("subscribe", text("all"), text(ALL), text("SELECT * FROM item"));
            javascript.ask(
                    "subscribe", text("others"), text("SELECT * FROM message"), text("SELECT * FROM online_player"));
            javascript.ask("subscribe", text("word"), text("SELECT * FROM word"));
            javascript.ask("subscribe", text("healthy"), text(HEALTHY));
            javascript.ask("listen", text("player"));
            List<List<MaterializedView<Row>>> views = new ArrayList<>();
            for (ProtocolVersion ours : ProtocolVersion.values()) {
                SyncSource source = source(server, ours);
                sources.add(source);
                views.add(Stream.of(
                                ALL,
                                "SELECT * FROM item",
                                "SELECT * FROM message",
                                "SELECT * FROM online_player",
                                "SELECT * FROM word",
                                HEALTHY,
                                CARRIED)
                        .map(source::materialize)
                        .map(Guest::live)
                        .toList());
            }
            for (int step = 0; step < STEPS; step++) {
                server.with(data::step);
            }
            same(server, javascript, views, false);
            javascript.ask("unsubscribe", text("all"));
            javascript.ask("subscribe", text("carried"), text(CARRIED));
            for (int step = 0; step < STEPS; step++) {
                server.with(data::step);
            }
            same(server, javascript, views, true);
            javascript.ask("disconnect");
        } finally {
            sources.forEach(SyncSource::close);
        }
    }

    /** After one more change that all must hear of, all of them have the same rows. */
    private static void same(
            SpacetimeDbServer server,
            JavaScriptPeer javascript,
            List<List<MaterializedView<Row>>> views,
            boolean healthyOnly)
            throws Exception {
        server.with(model -> model.call("add_player", "last " + healthyOnly));
        for (List<MaterializedView<Row>> each : views) {
            Guest.await(
                    each.get(0),
                    "the last player came",
                    () -> each.get(0).snapshot().toList().stream()
                            .anyMatch(row -> ("last " + healthyOnly).equals(row.getString("name"))));
        }
        List<MaterializedView<Row>> reference = views.get(0);
        List<String> players = List.of(Spelling.rows(reference.get(healthyOnly ? 5 : 0)));
        javascript.ask("awaitRows", text("player"), players.get(0));
        javascript.ask("awaitRows", text("item"), Spelling.rows(reference.get(healthyOnly ? 6 : 1)));
        javascript.ask("awaitRows", text("message"), Spelling.rows(reference.get(2)));
        javascript.ask("awaitRows", text("online_player"), Spelling.rows(reference.get(3)));
        javascript.ask("awaitRows", text("word"), Spelling.rows(reference.get(4)));
        for (List<MaterializedView<Row>> other : views) {
            for (int i = 0; i < reference.size(); i++) {
                assertThat(Spelling.rows(other.get(i))).isEqualTo(Spelling.rows(reference.get(i)));
            }
        }
        int all = server.query(model -> model.count("player"));
        assertThat(reference.get(0).snapshot().size()).isEqualTo(all);
    }

    @Tag("T35")
    @Tag("T36")
    @ParameterizedTest
    @EnumSource
    void callsGoBothWays(Version version) throws Exception {
        SpacetimeDbSampleData data = new SpacetimeDbSampleData(8);
        try (SpacetimeDbServer server = server(data);
                JavaScriptPeer javascript = new JavaScriptPeer(version);
                SyncSource source = SpacetimeDb.source(server.uri()).open()) {
            javascript.connect(server.httpUri(), DATABASE, "{}");
            javascript.ask("subscribe", text("all"), text(ALL), text("SELECT * FROM message"));
            MaterializedView<Row> players = Guest.live(source.materialize(ALL));
            MaterializedView<Row> messages = Guest.live(source.materialize("SELECT * FROM message"));
            SpacetimeDb db = Guest.db(source);

            javascript.ask("call", text("addPlayer"), "{\"name\":\"Jo\u00e9 from JavaScript\"}");
            Guest.await(players, "theirs came", () -> Spelling.rows(players).contains("Jo\u00e9 from JavaScript"));
            assertThat(Guest.get(db.callReducer("add_player", "Zo\u00eb from Java")))
                    .isInstanceOf(ReducerOutcome.Committed.class);
            assertThat(Guest.get(db.callReducer("move_player", 1, -5, 2_000_000_000)))
                    .isInstanceOf(ReducerOutcome.Committed.class);
            javascript.ask("awaitRows", text("player"), Spelling.rows(players));
            javascript.ask("call", text("sendMessage"), "{\"text\":\"hi\"}");
            Guest.await(messages, "the message came", () -> messages.snapshot().size() == 1);

            assertThat(javascript.ask("callFails", text("addPlayer"), "{\"name\":\"\"}"))
                    .isEqualTo(text("a player needs a name"));
            assertThat(Guest.get(db.callReducer("add_player", "")))
                    .isEqualTo(new ReducerOutcome.Failed("a player needs a name", "a player needs a name"));

            assertThat(javascript.ask("procedure", text("add"), "{\"a\":40,\"b\":2}"))
                    .isEqualTo(text("42"));
            assertThat(javascript.ask("procedure", text("countPlayers"), "{}"))
                    .isEqualTo(text(Integer.toString(players.snapshot().size())));
            javascript.ask("awaitRows", text("player"), Spelling.rows(players));
        }
    }

    @Tag("T4")
    @ParameterizedTest
    @EnumSource
    void aTokenMeansTheSameToBoth(Version version) throws Exception {
        SpacetimeDbSampleData data = new SpacetimeDbSampleData(9);
        try (SpacetimeDbServer server = server(data);
                JavaScriptPeer javascript = new JavaScriptPeer(version)) {
            String token = server.query(model -> model.token("ada"));
            String theirs = javascript.connect(server.httpUri(), DATABASE, "{\"token\":\"" + token + "\"}");
            try (SyncSource source =
                    SpacetimeDb.source(server.uri()).token(token).open()) {
                ConnectionInfo ours = Guest.get(Guest.db(source).connection(Guest.PATIENCE));
                assertThat(theirs).startsWith("[" + text(ours.identity().toString()) + ",");
            }
        }
    }

    @Tag("T50")
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.INCLUDE, names = "SECOND")
    void eventsAreHeardOnce(Version version) throws Exception {
        try (SpacetimeDbServer server = server(new SpacetimeDbSampleData(10));
                JavaScriptPeer javascript = new JavaScriptPeer(version);
                SyncSource source = SpacetimeDb.source(server.uri()).open()) {
            javascript.connect(server.httpUri(), DATABASE, "{}");
            javascript.ask("listen", text("shout"));
            javascript.ask("subscribe", text("shout"), text("SELECT * FROM shout"));
            javascript.ask("call", text("shout"), "{\"name\":\"Ada\",\"text\":\"one\"}");
            Guest.get(Guest.db(source).callReducer("shout", "Bo", "two"));
            assertThat(javascript.ask("events", text("shout"), "2"))
                    .isEqualTo("[\"[\\\"Ada\\\",\\\"one\\\"]\",\"[\\\"Bo\\\",\\\"two\\\"]\"]");
            assertThat(javascript.ask("rows", text("shout"))).isEqualTo("[]");
        }
    }

    /** One message of some megabytes, in fragments, compressed and not. */
    @Tag("T11")
    @Tag("T17")
    @ParameterizedTest
    @MethodSource("ways")
    void aLargeMessageIsReadByBoth(Version version, String options) throws Exception {
        SpacetimeDbSampleData data = new SpacetimeDbSampleData(11);
        try (SpacetimeDbServer server = server(data);
                JavaScriptPeer javascript = new JavaScriptPeer(version);
                SyncSource source = SpacetimeDb.source(server.uri()).open()) {
            server.with(model -> data.fill(model, 20_000, 200));
            javascript.connect(server.httpUri(), DATABASE, options);
            javascript.ask("subscribe", text("readings"), text("SELECT * FROM reading"));
            MaterializedView<Row> readings = Guest.live(source.materialize("SELECT * FROM reading"));
            assertThat(readings.snapshot().size()).isEqualTo(20_000);
            assertThat(javascript.ask("rows", text("reading"))).isEqualTo(Spelling.rows(readings));
        }
    }
}
