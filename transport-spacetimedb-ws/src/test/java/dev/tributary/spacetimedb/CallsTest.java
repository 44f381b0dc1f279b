package dev.tributary.spacetimedb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.ConfigurationException;
import dev.tributary.ConnectionException;
import dev.tributary.LimitExceededException;
import dev.tributary.MaterializedView;
import dev.tributary.OutcomeUnknownException;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Reducers, procedures and one-off queries. */
class CallsTest {

    private static final String STOCK = "SELECT * FROM stock";

    @Property(tries = 4)
    @Tag("T35")
    @Tag("T41")
    void eachWayToEndIsAResult(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            SpacetimeDb db = Rig.db(source);
            assertThat(rig.get(db.callReducer("put_stock", 1, 2)).isCommitted()).isTrue();
            assertThat(rig.get(db.callReducer("nothing")).isCommitted()).isTrue();
            assertThat(rig.get(db.callReducer("fail", "no such luck")))
                    .isEqualTo(new ReducerOutcome.Failed("no such luck", "no such luck"));
            ReducerOutcome panic = rig.get(db.callReducer("panic"));
            String fatal = "The instance encountered a fatal error.";
            assertThat(panic)
                    .isEqualTo(
                            version.attributesUpdates()
                                    ? new ReducerOutcome.InternalError(fatal)
                                    : new ReducerOutcome.Failed(fatal, fatal));
            ReducerOutcome unknown = rig.get(db.callReducer("absent", rawNothing(version), Rig.SOON));
            assertThat(unknown.isCommitted()).isFalse();
            assertThat(unknown.toString()).contains("no such reducer");
        }
    }

    private static Arguments rawNothing(ProtocolVersion version) {
        return version == ProtocolVersion.V1_JSON ? Arguments.json("[]") : Arguments.bsatn(new byte[0]);
    }

    @Property(tries = 4)
    @Tag("T35")
    void whoHearsThatItWasCommittedSeesItInItsViews(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            MaterializedView<Row> view = rig.view(source, STOCK);
            List<String> seen = new ArrayList<>();
            CompletableFuture<?> done =
                    Rig.db(source).callReducer("put_stock", 1, 2).thenAccept(outcome -> seen.addAll(Rig.rows(view)));
            rig.get(done);
            assertThat(seen).containsExactly("1=2");
        }
    }

    @Property(tries = 4)
    @Tag("T29")
    void argumentsMayBeGivenInEveryForm(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            MaterializedView<Row> view = rig.view(source, STOCK);
            SpacetimeDb db = Rig.db(source);
            List<Arguments> forms = List.of(
                    Arguments.of(1, 1L),
                    Arguments.named(Map.of("v", 2, "id", 2)),
                    Arguments.json("[3,3]"),
                    Arguments.json("{\"v\":4,\"id\":4}"),
                    Arguments.bsatn(new byte[] {5, 0, 0, 0, 5, 0, 0, 0}));
            for (Arguments form : forms) {
                assertThat(rig.get(db.callReducer("put_stock", form, Rig.SOON)).isCommitted())
                        .isTrue();
            }
            assertThat(Rig.rows(view)).containsExactly("1=1", "2=2", "3=3", "4=4", "5=5");
            assertThat(rig.failure(db.callReducer("put_stock", "one", 2)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("put_stock");
        }
    }

    @Example
    @Tag("T36")
    void foreignRequestIdsThatCollideCompleteNothingOfMine() {
        try (Rig rig = new Rig()) {
            Puppet puppet = new Puppet(rig);
            SyncSource source = rig.open(ProtocolVersion.V1_JSON);
            rig.view(source, STOCK);
            puppet.applied();
            CompletableFuture<ReducerOutcome> mine = Rig.db(source).callReducer("put_stock", 1, 2);
            rig.run();
            long id = puppet.last("request_id");
            puppet.full(Puppet.committed(""), "put_stock", 2, 78, id);
            puppet.full("{\"Failed\":\"not you\"}", "put_stock", 2, 78, id);
            puppet.light(id, Puppet.table("stock", "", Puppet.row(8, 8)));
            assertThat(mine).isNotDone();
            puppet.full(Puppet.committed(Puppet.table("stock", "", Puppet.row(1, 2))), "put_stock", 2, 77, id);
            assertThat(rig.get(mine).isCommitted()).isTrue();
        }
    }

    @Example
    @Tag("T37")
    @Tag("T67")
    void aFailureWithoutAnIdIsOfTheOldestCallOfItsName() {
        try (Rig rig = new Rig()) {
            Puppet puppet = new Puppet(rig);
            SyncSource source = rig.open(ProtocolVersion.V1_JSON);
            rig.view(source, STOCK);
            puppet.applied();
            SpacetimeDb db = Rig.db(source);
            CompletableFuture<ReducerOutcome> slow = db.callReducer("nothing");
            CompletableFuture<ReducerOutcome> first = db.callReducer("put_stock", 1, 2);
            CompletableFuture<ReducerOutcome> second = db.callReducer("put_stock", 3, 4);
            rig.run();
            long last = puppet.last("request_id");
            puppet.full("{\"Failed\":\"invalid arguments\"}", "put_stock", 4294967295L, 77, 0);
            assertThat(rig.get(first)).isInstanceOf(ReducerOutcome.Failed.class);
            assertThat(slow).isNotDone();
            assertThat(second).isNotDone();
            puppet.full(Puppet.committed(""), "put_stock", 2, 77, last);
            assertThat(rig.get(second).isCommitted()).isTrue();
            puppet.full(Puppet.committed(""), "nothing", 3, 77, last - 2);
            assertThat(rig.get(slow).isCommitted()).isTrue();
        }
    }

    @Example
    @Tag("T37")
    void aCallThatNobodyWaitsForStillTakesItsOwnFailure() {
        try (Rig rig = new Rig()) {
            Puppet puppet = new Puppet(rig);
            SyncSource source = rig.open(ProtocolVersion.V1_JSON);
            rig.view(source, STOCK);
            puppet.applied();
            SpacetimeDb db = Rig.db(source);
            CompletableFuture<ReducerOutcome> given =
                    db.callReducer("put_stock", Arguments.of(1, 2), Duration.ofSeconds(1));
            assertThat(rig.failure(given)).isInstanceOf(OutcomeUnknownException.class);
            CompletableFuture<ReducerOutcome> second = db.callReducer("put_stock", 3, 4);
            rig.run();
            puppet.full("{\"Failed\":\"of the first\"}", "put_stock", 2, 77, 0);
            assertThat(second).isNotDone();
            puppet.full(Puppet.committed(""), "put_stock", 2, 77, puppet.last("request_id"));
            assertThat(rig.get(second).isCommitted()).isTrue();
        }
    }

    @Property(tries = 4)
    @Tag("T38")
    void aCallThatIsOnlySentIsDoneWhenItIsOnItsWay(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            MaterializedView<Row> view = rig.view(source, STOCK);
            SpacetimeDb db = Rig.db(source);
            rig.get(db.sendReducer("put_stock", Arguments.of(1, 2), Rig.SOON));
            rig.get(db.sendReducer("fail", Arguments.of("silently"), Rig.SOON));
            rig.run();
            assertThat(Rig.rows(view)).containsExactly("1=2");
            assertThat(rig.get(db.callReducer("put_stock", 3, 4)).isCommitted()).isTrue();
            assertThat(Rig.rows(view)).containsExactly("1=2", "3=4");
        }
    }

    @Property(tries = 4)
    @Tag("T39")
    @Tag("T35")
    void proceduresAndQueriesAreAnsweredOnce(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            SpacetimeDb db = Rig.db(source);
            rig.get(db.callReducer("put_stock", 1, 2));
            QueryResult result = rig.get(db.oneOffQuery(STOCK, Rig.SOON));
            assertThat(result.table()).isEqualTo("stock");
            assertThat(result.rows().stream().map(Row::toMap)).containsExactly(Map.of("id", 1, "v", 2));
            assertThat(rig.failure(db.oneOffQuery("SELECT * FROM absent", Rig.SOON)))
                    .isInstanceOf(SpacetimeDbException.class)
                    .hasMessageContaining("no such table");
            assertThat(rig.get(db.callProcedure("twice", Arguments.of(21), Rig.SOON)))
                    .isInstanceOfSatisfying(
                            ProcedureOutcome.Returned.class,
                            returned -> assertThat(returned.value()).isEqualTo(42L));
            assertThat(rig.get(db.callProcedure("broken", Arguments.of(), Rig.SOON)))
                    .isInstanceOf(ProcedureOutcome.InternalError.class);
        }
    }

    @Property(tries = 4)
    @Tag("T39")
    void aLateAnswerIsDroppedQuietly(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            MaterializedView<Row> view = rig.view(source, STOCK);
            SpacetimeDb db = Rig.db(source);
            rig.model.pause();
            Duration brief = Duration.ofSeconds(1);
            List<CompletableFuture<?>> late = List.of(
                    db.callReducer("put_stock", Arguments.of(1, 2), brief),
                    db.callProcedure("slowly", Arguments.of(), brief),
                    db.oneOffQuery(STOCK, brief));
            late.forEach(future -> assertThat(rig.failure(future)).isInstanceOf(OutcomeUnknownException.class));
            rig.model.resume();
            rig.server.arm();
            rig.advance(Duration.ofSeconds(10));
            assertThat(Rig.rows(view)).containsExactly("1=2");
            assertThat(rig.faults).isEmpty();
            assertThat(rig.get(db.callReducer("nothing")).isCommitted()).isTrue();
        }
    }

    @Property(tries = 4)
    @Tag("T40")
    void afterALossTheUnknownAndTheUnsentAreToldApart(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            rig.view(source, STOCK);
            SpacetimeDb db = Rig.db(source);
            rig.model.pause();
            CompletableFuture<ReducerOutcome> sent = db.callReducer("put_stock", 1, 2);
            rig.advance(Duration.ofMillis(100));
            rig.session().breakConnection();
            rig.advance(Duration.ofMillis(10));
            CompletableFuture<ReducerOutcome> unsent = db.onlyNow().callReducer("put_stock", 3, 4);
            rig.advance(Duration.ofMillis(10));
            assertThat(rig.failure(sent)).isInstanceOf(OutcomeUnknownException.class);
            assertThat(rig.failure(unsent))
                    .isInstanceOf(ConnectionException.class)
                    .isNotInstanceOf(OutcomeUnknownException.class);
            rig.model.resume();
            // What waits for a connection goes to the next.
            assertThat(rig.get(db.callReducer("put_stock", 5, 6)).isCommitted()).isTrue();
        }
    }

    @Example
    @Tag("T15")
    void whatTheServerWouldNotTakeIsRefusedHere() {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open();
            SpacetimeDb db = Rig.db(source);
            assertThat(rig.failure(db.callReducer("fail", "x".repeat(32 << 20))))
                    .isInstanceOf(LimitExceededException.class)
                    .hasMessageContaining("33554432");
            assertThat(rig.get(db.callReducer("nothing")).isCommitted()).isTrue();
            assertThat(rig.model.connections()).isEqualTo(1);
        }
    }

    @Example
    @Tag("T14")
    @Tag("T18")
    void requestsWaitWhenTooManyAreUnansweredAndKeepTheirOrder() {
        for (ProtocolVersion version : ProtocolVersion.values()) {
            try (Rig rig = new Rig(
                    Arcade.module(),
                    dev.tributary.testkit.spacetimedb.SpacetimeDbOptions.current()
                            .withQueueLimit(50))) {
                SyncSource source = rig.open(builder ->
                        builder.protocols(version).set(dev.tributary.spacetimedb.SpacetimeDbOptions.MAX_REQUESTS, 20));
                MaterializedView<Row> view = rig.view(source, "SELECT * FROM log");
                List<String> heard = Rig.heard(view);
                SpacetimeDb db = Rig.db(source);
                // The server would end a connection on which more than 50 requests wait.
                rig.model.pause();
                List<CompletableFuture<ReducerOutcome>> all = Stream.iterate(0, n -> n < 300, n -> n + 1)
                        .map(n -> db.callReducer("write_log", "n", n))
                        .toList();
                rig.run();
                rig.model.resume();
                rig.server.arm();
                rig.get(CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0])));
                rig.run();
                assertThat(rig.notices(SpacetimeDbNotice.Disconnected.class)).isEmpty();
                assertThat(heard)
                        .isEqualTo(Stream.iterate(0, n -> n < 300, n -> n + 1)
                                .map(n -> "I n=" + n)
                                .toList());
            }
        }
    }

    @Example
    @Tag("T34")
    void updatesOfNobodyKnownAreApplied() {
        try (Rig rig = new Rig()) {
            Puppet puppet = new Puppet(rig);
            SyncSource source = rig.open(ProtocolVersion.V1_JSON);
            MaterializedView<Row> view = rig.view(source, STOCK);
            puppet.applied();
            puppet.full(Puppet.committed(Puppet.table("stock", "", Puppet.row(1, 1))), "", 4294967295L, 0, 0, "");
            puppet.full(Puppet.committed(Puppet.table("stock", "", Puppet.row(2, 2))), "<none>", 4294967295L, 0, 0);
            puppet.full(Puppet.committed(Puppet.table("stock", "", Puppet.row(3, 3))), "", 0, 0, 0, "{]");
            assertThat(Rig.rows(view)).containsExactly("1=1", "2=2", "3=3");
            List<SpacetimeDbNotice.Transaction> told = rig.notices(SpacetimeDbNotice.Transaction.class);
            assertThat(told).hasSize(3);
            assertThat(told)
                    .allMatch(one ->
                            one.reducer() != null && one.reducer().reducer().isEmpty());
        }
    }

    @Property(tries = 4)
    @Tag("T31")
    void transactionsAreToldWithTheirRowsAndTheCallBehindThem(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig(
                Arcade.module(false, table -> {}), dev.tributary.testkit.spacetimedb.SpacetimeDbOptions.current())) {
            SyncSource source = rig.open(version);
            rig.view(source, STOCK);
            List<ReducerEvent> reducers = new ArrayList<>();
            Rig.db(source).onReducer(reducers::add);
            rig.get(Rig.db(source).callReducer("put_stock", 1, 2));
            rig.put("stock", 1, 3);
            List<SpacetimeDbNotice.Transaction> told = rig.notices(SpacetimeDbNotice.Transaction.class);
            assertThat(told).hasSize(2);
            SpacetimeDbNotice.TableChanges changes = told.get(1).tables().get(0);
            assertThat(changes.table()).isEqualTo("stock");
            assertThat(changes.deletes().stream().map(Row::toMap)).containsExactly(Map.of("id", 1, "v", 2));
            assertThat(changes.inserts().stream().map(Row::toMap)).containsExactly(Map.of("id", 1, "v", 3));
            ReducerEvent own = reducers.get(0);
            assertThat(own.reducer()).isEqualTo("put_stock");
            assertThat(own.arguments()).isEqualTo(Map.of("id", 1, "v", 2));
            assertThat(own.own()).isTrue();
            assertThat(own.outcome().isCommitted()).isTrue();
            // Only v1 tells of others' calls.
            assertThat(reducers).hasSize(version.attributesUpdates() ? 1 : 2);
            if (!version.attributesUpdates()) {
                assertThat(reducers.get(1).own()).isFalse();
                assertThat(reducers.get(1).arguments()).isEqualTo(Map.of("id", 1, "v", 3));
            }
        }
    }

    @Property(tries = 4)
    @Tag("T66")
    void aViewThatNobodyFollowsIsReadBySqlAlone(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            SpacetimeDb db = Rig.db(rig.open(version));
            rig.put("stock", 1, 60);
            // What the server does, and the documentation warns of.
            assertThat(rig.get(db.oneOffQuery("SELECT * FROM rich", Rig.SOON)).rows())
                    .isEmpty();
            assertThat(rig.get(db.http().sql("SELECT * FROM rich", Rig.SOON))
                            .get(0)
                            .rows())
                    .containsExactly(List.of(1L, 60L));
        }
    }

    @Property(tries = 4)
    @Tag("T39")
    void theVerbsDoWhatTheMethodsDo(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            dev.tributary.spi.Verbs verbs = source.unwrap(dev.tributary.spi.Verbs.class);
            rig.get(verbs.named("reducer").call(List.of("put_stock", List.of(1L, 2L)), Rig.SOON));
            assertThat(rig.get(verbs.named("query").call(List.of(STOCK), Rig.SOON)))
                    .isEqualTo(List.of(Map.of("id", 1, "v", 2)));
            assertThat(rig.get(verbs.named("procedure").call(List.of("twice", Map.of("n", 4L)), Rig.SOON)))
                    .isEqualTo(8L);
            assertThat(rig.failure(verbs.named("reducer").call(List.of("fail", List.of("no")), Rig.SOON)))
                    .hasMessageContaining("no");
        }
    }
}
