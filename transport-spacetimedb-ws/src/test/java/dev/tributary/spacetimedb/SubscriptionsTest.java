package dev.tributary.spacetimedb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Commit;
import dev.tributary.Index;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.ViewListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Query sets: their life, their counts, and what becomes of their rows. */
class SubscriptionsTest {

    private static final String STOCK = "SELECT * FROM stock";
    private static final String ORDERS = "SELECT * FROM orders";

    @Property(tries = 4)
    @Tag("T42")
    void aQueryIsPendingThenAppliedThenEnded(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            rig.put("stock", 1, 2);
            MaterializedView<Row> view = source.materialize(STOCK);
            assertThat(view.status().phase()).isEqualTo(Phase.LOADING);
            rig.run();
            assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
            SpacetimeDbNotice.SubscriptionApplied applied =
                    rig.notices(SpacetimeDbNotice.SubscriptionApplied.class).get(0);
            assertThat(applied.table()).isEqualTo("stock");
            assertThat(applied.rows()).isEqualTo(1);
            MaterializedView<Row> wrong = rig.view(source, "SELECT * FROM absent");
            assertThat(wrong.status().phase()).isEqualTo(Phase.FAILED);
            assertThat(wrong.status().reason())
                    .isInstanceOf(SpacetimeDbException.class)
                    .hasMessageContaining("no such table");
            assertThat(rig.notices(SpacetimeDbNotice.SubscriptionRefused.class)).hasSize(1);
            assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
            view.close();
            rig.run();
            assertThat(rig.notices(SpacetimeDbNotice.SubscriptionEnded.class)).hasSize(1);
        }
    }

    @Property(tries = 4)
    @Tag("T51")
    @Tag("T43")
    void whoComesAndGoesLeavesTheOthersAsTheyAre(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            rig.put("stock", 1, 2);
            rig.put("orders", 3, 4);
            MaterializedView<Row> orders = rig.view(source, ORDERS);
            for (int round = 0; round < 3; round++) {
                MaterializedView<Row> stock = rig.view(source, STOCK);
                assertThat(Rig.rows(stock)).containsExactly("1=" + (2 + round));
                stock.close();
                // Asked for again before the server has let go of it.
                MaterializedView<Row> again = source.materialize(STOCK);
                rig.put("stock", 1, 3 + round);
                assertThat(Rig.rows(again)).containsExactly("1=" + (3 + round));
                again.close();
                rig.run();
            }
            assertThat(rig.session().liveSets()).isEqualTo(1);
            assertThat(Rig.rows(orders)).containsExactly("3=4");
            assertThat(rig.faults).isEmpty();
            assertThat(rig.model.connections()).isEqualTo(1);
        }
    }

    @Property(tries = 20)
    @Tag("T45")
    @Tag("T46")
    @Tag("T55")
    void overlappingSelectsOfOneQueryAreCounted(@ForAll ProtocolVersion version, @ForAll Random random) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            MaterializedView<Row> view = rig.view(
                    source,
                    "SELECT * FROM stock WHERE v < 6; SELECT * FROM stock WHERE v >= 4; SELECT stock.* FROM stock JOIN"
                            + " orders ON stock.v = orders.v");
            MaterializedView<Row> plain = rig.view(source, "SELECT * FROM log");
            List<String> heard = Rig.heard(view);
            rig.run();
            List<String> before = Rig.rows(view);
            for (int step = 0; step < 12; step++) {
                rig.model.transact(context -> {
                    for (int i = 0; i < 3; i++) {
                        long id = random.nextInt(4);
                        switch (random.nextInt(3)) {
                            case 0 -> context.deleteBy("stock", "id", id);
                            case 1 -> context.put("stock", id, (long) random.nextInt(10));
                            default -> context.put("orders", id, (long) random.nextInt(10));
                        }
                    }
                });
                rig.server.arm();
                heard.clear();
                rig.run();
                List<String> truth = rig.model.rows("stock").stream()
                        .map(row -> row.get(0) + "=" + row.get(1))
                        .sorted()
                        .toList();
                assertThat(Rig.rows(view)).isEqualTo(truth);
                // Each key is heard of at most once, and only if something is different.
                assertThat(heard).doesNotHaveDuplicates();
                assertThat(heard.isEmpty()).isEqualTo(truth.equals(before));
                before = truth;
            }
            assertThat(rig.faults).isEmpty();
            assertThat(Rig.rows(plain)).isEmpty();
        }
    }

    @Property(tries = 4)
    @Tag("T46")
    @Tag("T47")
    void withAKeyAChangeIsAnUpdateWithoutOneItIsTwoChanges(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            MaterializedView<Row> stock = rig.view(source, STOCK);
            MaterializedView<Row> log = rig.view(source, "SELECT * FROM log");
            List<String> keyed = Rig.heard(stock);
            List<String> whole = Rig.heard(log);
            rig.put("stock", 1, 2);
            rig.put("stock", 1, 3);
            assertThat(keyed).containsExactly("I 1=2", "U 1=2 1=3");
            rig.model.transact(context -> context.insert("log", "a", 1L));
            rig.model.transact(context -> {
                context.delete("log", "a", 1L);
                context.insert("log", "a", 2L);
            });
            rig.server.arm();
            rig.run();
            assertThat(whole).containsExactlyInAnyOrder("I a=1", "D a=1", "I a=2");
        }
    }

    @Property(tries = 4)
    @Tag("T48")
    @Tag("T54")
    void aTransactionIsOneCommitOverAllViews(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            MaterializedView<Row> stock = rig.view(source, STOCK);
            MaterializedView<Row> orders = rig.view(source, ORDERS);
            List<String> seen = new ArrayList<>();
            stock.listen((Commit<Row> commit) ->
                    seen.add(Rig.rows(stock) + "" + source.snapshot().of(orders).size()));
            orders.listen((Commit<Row> commit) ->
                    seen.add(Rig.rows(orders) + "" + source.snapshot().of(stock).size()));
            rig.run();
            seen.clear();
            rig.model.call("put_both", 1L, 2L);
            rig.server.arm();
            rig.run();
            assertThat(seen).containsExactly("[1=2]1", "[1=2]1");
        }
    }

    @Example
    @Tag("T44")
    @Tag("T52")
    void inV1TwoQueriesOfOneTableHaveSessionsOfTheirOwn() {
        for (ProtocolVersion version : ProtocolVersion.values()) {
            try (Rig rig = new Rig()) {
                SyncSource source = rig.open(version);
                MaterializedView<Row> all = rig.view(source, STOCK);
                MaterializedView<Row> some = rig.view(source, "SELECT * FROM stock WHERE v > 5");
                MaterializedView<Row> same = rig.view(source, STOCK);
                MaterializedView<Row> orders = rig.view(source, ORDERS);
                rig.put("stock", 1, 2);
                rig.put("stock", 2, 7);
                rig.put("stock", 2, 8);
                rig.put("stock", 1, 9);
                rig.put("stock", 2, 1);
                assertThat(Rig.rows(all)).containsExactly("1=9", "2=1");
                assertThat(Rig.rows(same)).containsExactly("1=9", "2=1");
                assertThat(Rig.rows(some)).containsExactly("1=9");
                assertThat(orders.status().phase()).isEqualTo(Phase.LIVE);
                assertThat(rig.model.sessions()).hasSize(version.attributesUpdates() ? 1 : 2);
                assertThat(source.capabilities().contains(dev.tributary.Capability.ATOMIC_ACROSS_VIEWS))
                        .isEqualTo(version.attributesUpdates());
                assertThat(rig.faults).isEmpty();
            }
        }
    }

    @Example
    @Tag("T50")
    void eventRowsPassByOnce() {
        for (ProtocolVersion version : List.of(ProtocolVersion.V3_BSATN, ProtocolVersion.V2_BSATN)) {
            try (Rig rig = new Rig()) {
                SyncSource source = rig.open(version);
                MaterializedView<Row> shots = rig.view(source, "SELECT * FROM shot; SELECT * FROM shot WHERE x > 3");
                MaterializedView<Row> stock = rig.view(source, STOCK);
                List<Object> events = new ArrayList<>();
                shots.listen(new ViewListener<Row>() {
                    @Override
                    public void onCommit(Commit<Row> commit) {}

                    @Override
                    public void onEvent(Object event) {
                        events.add(event);
                    }
                });
                rig.run();
                rig.model.call("shoot_and_put", 5L);
                rig.server.arm();
                rig.run();
                assertThat(events).hasSize(1);
                assertThat(((EventRow) events.get(0)).row().get("x")).isEqualTo(5);
                assertThat(shots.snapshot().isEmpty()).isTrue();
                assertThat(Rig.rows(stock)).containsExactly("5=5");
                rig.model.call("shoot", 6L);
                rig.server.arm();
                rig.run();
                assertThat(events).hasSize(2);
            }
        }
        try (Rig rig = new Rig()) {
            MaterializedView<Row> refused = rig.view(rig.open(ProtocolVersion.V1_BSATN), "SELECT * FROM shot");
            assertThat(refused.status().phase()).isEqualTo(Phase.FAILED);
            assertThat(refused.status().reason()).hasMessageContaining("WebSocket v2");
        }
    }

    @Property(tries = 4)
    @Tag("T52")
    void whatTheServerEndsIsAskedForAgain(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            rig.put("stock", 1, 2);
            MaterializedView<Row> stock = rig.view(source, STOCK);
            MaterializedView<Row> orders = rig.view(source, ORDERS);
            List<String> heard = Rig.heard(stock);
            rig.run();
            heard.clear();
            long id = version.attributesUpdates() ? 1 : 0;
            rig.session().failSubscription(id, "a query failed later");
            rig.advance(Duration.ofMillis(20));
            assertThat(stock.status().phase()).isEqualTo(Phase.STALE);
            assertThat(stock.status().reason()).hasMessageContaining("a query failed later");
            // In v1 all queries are over, from v2 on the one alone.
            assertThat(orders.status().phase()).isEqualTo(version.attributesUpdates() ? Phase.LIVE : Phase.STALE);
            assertThat(rig.notices(SpacetimeDbNotice.SubscriptionEnded.class))
                    .hasSize(version.attributesUpdates() ? 1 : 2);
            assertThat(Rig.rows(stock)).containsExactly("1=2");
            rig.advance(Rig.LONG);
            rig.put("stock", 1, 3);
            assertThat(heard).containsExactly("U 1=2 1=3");
            assertThat(orders.status().phase()).isEqualTo(Phase.LIVE);
        }
    }

    @Property(tries = 4)
    @Tag("T45")
    void aDeleteOfWhatIsNotThereBeginsAgainAndIsReported(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            rig.put("stock", 1, 2);
            MaterializedView<Row> view = rig.view(source, STOCK);
            List<String> heard = Rig.heard(view);
            rig.run();
            heard.clear();
            rig.session().sendDelete("stock", 5L, 5L);
            rig.advance(Duration.ofMillis(20));
            assertThat(rig.faults).anyMatch(fault -> fault.contains("deleted that is not there"));
            assertThat(view.status().phase()).isEqualTo(Phase.STALE);
            rig.advance(Rig.LONG);
            assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
            assertThat(heard).isEmpty();
            assertThat(Rig.rows(view)).containsExactly("1=2");
        }
    }

    @Example
    @Tag("T63")
    void inV1SetsAreMadeAndEndedAsSetsOfSeveral() {
        try (Rig rig = new Rig()) {
            Puppet puppet = new Puppet(rig);
            SyncSource source = rig.open(ProtocolVersion.V1_JSON);
            MaterializedView<Row> view = rig.view(source, STOCK);
            puppet.applied(Puppet.row(1, 2));
            view.close();
            rig.run();
            assertThat(puppet.received.get(0)).contains("{\"SubscribeMulti\":");
            assertThat(puppet.received.get(1)).contains("{\"UnsubscribeMulti\":");
            assertThat(puppet.received).hasSize(2);
        }
    }

    @Example
    @Tag("T63")
    void anInternalErrorForAnUnsubscribeIsOutOfStep() {
        try (Rig rig = new Rig()) {
            Puppet puppet = new Puppet(rig);
            SyncSource source = rig.open(ProtocolVersion.V1_JSON);
            MaterializedView<Row> view = rig.view(source, STOCK);
            puppet.applied(Puppet.row(1, 2));
            MaterializedView<Row> orders = rig.view(source, ORDERS);
            puppet.say("{\"SubscribeMultiApplied\":{\"request_id\":" + puppet.last("request_id")
                    + ",\"total_host_execution_duration_micros\":4,\"query_id\":{\"id\":" + puppet.lastId()
                    + "},\"update\":{\"tables\":[]}}}");
            assertThat(orders.status().phase()).isEqualTo(Phase.LIVE);
            view.close();
            rig.run();
            puppet.say("{\"SubscriptionError\":{\"total_host_execution_duration_micros\":3,\"request_id\":{\"some\":"
                    + puppet.last("request_id") + "},\"query_id\":{\"some\":" + puppet.lastId()
                    + "},\"table_id\":{\"none\":[]},\"error\":\"Internal error\"}}");
            assertThat(rig.notices(SpacetimeDbNotice.Disconnected.class).get(0).reason())
                    .hasMessageContaining("Internal error");
        }
    }

    @Example
    @Tag("T64")
    void anErrorForARequestThatIsNotOpenTouchesNothing() {
        try (Rig rig = new Rig()) {
            Puppet puppet = new Puppet(rig);
            SyncSource source = rig.open(ProtocolVersion.V1_JSON);
            MaterializedView<Row> view = rig.view(source, STOCK);
            puppet.applied(Puppet.row(1, 2));
            puppet.say("{\"SubscriptionError\":{\"total_host_execution_duration_micros\":3,\"request_id\":{\"some\":99}"
                    + ",\"query_id\":{\"some\":" + puppet.lastId()
                    + "},\"table_id\":{\"none\":[]},\"error\":\"Subscription with id … already exists\"}}");
            puppet.light(Puppet.table("stock", "", Puppet.row(2, 3)));
            assertThat(Rig.rows(view)).containsExactly("1=2", "2=3");
            assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
            assertThat(rig.faults).hasSize(1);
        }
    }

    @Example
    @Tag("T65")
    @Tag("T33")
    void severalEntriesOfOneTableAndEmptyOnesAreOneMessage() {
        try (Rig rig = new Rig()) {
            Puppet puppet = new Puppet(rig);
            SyncSource source = rig.open(ProtocolVersion.V1_JSON);
            MaterializedView<Row> view = rig.view(source, STOCK);
            puppet.applied();
            List<String> heard = Rig.heard(view);
            rig.run();
            puppet.light(Puppet.table("stock", "", Puppet.row(1, 2)) + "," + Puppet.table("stock", "", "") + ","
                    + Puppet.table("stock", "", Puppet.row(2, 2)) + "," + Puppet.table("unknown", "", "\"[]\""));
            assertThat(heard).containsExactlyInAnyOrder("I 1=2", "I 2=2");
            heard.clear();
            // The delete comes in an entry before that of the insert which it balances.
            puppet.light(Puppet.table("stock", Puppet.row(9, 9), "") + "," + Puppet.table("stock", "", Puppet.row(9, 9))
                    + "," + Puppet.table("stock", "", Puppet.row(1, 3)) + ","
                    + Puppet.table("stock", Puppet.row(1, 2), ""));
            assertThat(heard).containsExactly("U 1=2 1=3");
            assertThat(rig.faults).isEmpty();
        }
    }

    @Property(tries = 4)
    @Tag("T46")
    void keysThatChangePlacesAreTwoUpdates(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            rig.put("stock", 1, 10);
            rig.put("stock", 2, 20);
            MaterializedView<Row> view = rig.view(source, STOCK);
            List<String> heard = Rig.heard(view);
            rig.run();
            heard.clear();
            rig.model.transact(context -> {
                context.deleteBy("stock", "id", 1L);
                context.deleteBy("stock", "id", 2L);
                context.insert("stock", 1L, 20L);
                context.insert("stock", 2L, 10L);
            });
            rig.server.arm();
            rig.run();
            assertThat(heard).containsExactlyInAnyOrder("U 1=10 1=20", "U 2=20 2=10");
        }
    }

    @Property(tries = 4)
    @Tag("T49")
    @Tag("T48")
    void aListenerMayThrowAndMayAskForMore(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            MaterializedView<Row> view = rig.view(source, STOCK);
            List<MaterializedView<Row>> more = new ArrayList<>();
            view.listen((Commit<Row> commit) -> {
                throw new IllegalStateException("a listener");
            });
            view.listen((Commit<Row> commit) -> {
                if (more.isEmpty()) {
                    more.add(source.materialize(ORDERS));
                    Rig.db(source).callReducer("put_orders", 7, 8);
                }
            });
            rig.put("stock", 1, 2);
            rig.put("stock", 1, 3);
            assertThat(Rig.rows(more.get(0))).containsExactly("7=8");
            assertThat(Rig.rows(view)).containsExactly("1=3");
        }
    }

    @Property(tries = 12)
    @Tag("T53")
    void indexesAgreeWithAScan(@ForAll ProtocolVersion version, @ForAll Random random) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            MaterializedView<Row> view = rig.view(source, STOCK);
            Index<Long, Row> byValue = view.indexBy(row -> row.getLong("v"));
            for (int step = 0; step < 15; step++) {
                if (random.nextInt(4) == 0) {
                    rig.delete("stock", random.nextInt(6));
                } else {
                    rig.put("stock", random.nextInt(6), random.nextInt(4));
                }
                if (random.nextInt(6) == 0) {
                    rig.session().breakConnection();
                    rig.advance(Rig.LONG);
                }
                for (long v = 0; v < 4; v++) {
                    long wanted = v;
                    assertThat(byValue.get(v))
                            .containsExactlyInAnyOrderElementsOf(view.snapshot().stream()
                                    .filter(row -> row.getLong("v") == wanted)
                                    .toList());
                }
                for (int id = 0; id < 6; id++) {
                    Row found = view.get(id);
                    assertThat(found == null ? List.of() : List.of(found.getLong("v")))
                            .isEqualTo(scan(view, id));
                }
            }
        }
    }

    private static List<Long> scan(MaterializedView<Row> view, int id) {
        return view.snapshot().stream()
                .filter(row -> row.getLong("id") == id)
                .map(row -> row.getLong("v"))
                .toList();
    }

    @Property(tries = 4)
    @Tag("T42")
    @Tag("T43")
    void aQueryThatIsLetGoBeforeItsAnswerHarmsNobody(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            MaterializedView<Row> stock = rig.view(source, STOCK);
            source.materialize("SELECT * FROM absent").close();
            source.materialize(ORDERS).close();
            rig.put("stock", 1, 2);
            MaterializedView<Row> orders = rig.view(source, ORDERS);
            rig.put("orders", 3, 4);
            assertThat(Rig.rows(stock)).containsExactly("1=2");
            assertThat(Rig.rows(orders)).containsExactly("3=4");
            assertThat(rig.faults).isEmpty();
            assertThat(rig.model.connections()).isEqualTo(1);
        }
    }

    record Stock(int id, long v) {}

    @Property(tries = 4)
    @Tag("T55")
    void rowsAreReadAsRecords(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            MaterializedView<Stock> view = source.materialize(SpacetimeDb.table("stock"), Stock.class);
            rig.put("stock", 1, 2);
            assertThat(view.get(1L)).isEqualTo(new Stock(1, 2));
            assertThat(view.snapshot().toList()).containsExactly(new Stock(1, 2));
        }
    }

    @Property(tries = 4)
    @Tag("T47")
    @Tag("T21")
    void rowsThatJsonCannotTellApartAreCounted(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            rig.model.transact(context -> {
                context.insert("heat", Double.NaN, 1L);
                context.insert("heat", Double.POSITIVE_INFINITY, 1L);
            });
            SyncSource source = rig.open(version);
            MaterializedView<Row> view = rig.view(source, "SELECT * FROM heat");
            boolean json = version == ProtocolVersion.V1_JSON;
            assertThat(view.snapshot().size()).isEqualTo(json ? 1 : 2);
            rig.model.transact(context -> context.insert("heat", Double.NEGATIVE_INFINITY, 1L));
            rig.model.transact(context -> context.delete("heat", Double.NaN, 1L));
            rig.server.arm();
            rig.run();
            assertThat(view.snapshot().size()).isEqualTo(json ? 1 : 2);
            rig.model.transact(context -> context.clear("heat"));
            rig.server.arm();
            rig.run();
            assertThat(view.snapshot().isEmpty()).isTrue();
            assertThat(rig.faults).isEmpty();
        }
    }

    @Property(tries = 4)
    @Tag("T55")
    void aViewOfTheModuleIsLikeATable(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            MaterializedView<Row> rich = rig.view(source, "SELECT * FROM rich");
            rig.put("stock", 1, 60);
            rig.put("stock", 2, 40);
            assertThat(Rig.rows(rich)).containsExactly("1=60");
            rig.put("stock", 1, 70);
            rig.put("stock", 2, 80);
            assertThat(Rig.rows(rich)).containsExactly("1=70", "2=80");
        }
    }
}
