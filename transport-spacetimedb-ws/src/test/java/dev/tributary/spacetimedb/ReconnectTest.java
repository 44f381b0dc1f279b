package dev.tributary.spacetimedb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Commit;
import dev.tributary.Credential;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.testkit.spacetimedb.SpacetimeDbFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** What becomes of the views when connections, identities and modules change. */
class ReconnectTest {

    private static final String STOCK = "SELECT * FROM stock";
    private static final String ORDERS = "SELECT * FROM orders WHERE v < 60; SELECT * FROM orders WHERE v > 20";

    @Property(tries = 4)
    @Tag("T57")
    @Tag("T43")
    void onlyTrueDifferencesAreHeardAndCountsBeginAnew(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            for (long id = 1; id <= 4; id++) {
                rig.put("orders", id, 30);
            }
            MaterializedView<Row> orders = rig.view(source, ORDERS);
            List<String> heard = Rig.heard(orders);
            rig.run();
            heard.clear();
            rig.session().breakConnection();
            rig.model.transact(context -> {
                context.put("orders", 1L, 31L);
                context.deleteBy("orders", "id", 2L);
                context.put("orders", 5L, 30L);
            });
            rig.server.arm();
            rig.advance(Rig.LONG);
            assertThat(heard).containsExactlyInAnyOrder("U 1=30 1=31", "D 2=30", "I 5=30");
            heard.clear();
            // Rows that are there twice are there until both queries have let them go.
            rig.put("orders", 3, 10);
            rig.put("orders", 3, 70);
            rig.delete("orders", 4);
            assertThat(heard).containsExactly("U 3=30 3=10", "U 3=10 3=70", "D 4=30");
            assertThat(rig.faults).isEmpty();
        }
    }

    @Property(tries = 8)
    @Tag("T57")
    @Tag("T54")
    void allViewsChangeToTheNewStateInOneCommit(@ForAll ProtocolVersion version, @ForAll boolean slow) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            rig.put("stock", 1, 1);
            rig.put("orders", 1, 1);
            MaterializedView<Row> stock = rig.view(source, STOCK);
            MaterializedView<Row> orders = rig.view(source, "SELECT * FROM orders");
            List<String> seen = new ArrayList<>();
            stock.listen((Commit<Row> commit) -> seen.add(
                    Rig.rows(stock) + "" + source.snapshot().of(orders).get(1).get("v")));
            orders.listen((Commit<Row> commit) -> seen.add(
                    Rig.rows(orders) + "" + source.snapshot().of(stock).get(1).get("v")));
            rig.run();
            seen.clear();
            rig.session().breakConnection();
            rig.model.transact(context -> {
                context.put("stock", 1L, 2L);
                context.put("orders", 1L, 2L);
            });
            if (slow) {
                // A transaction between the two answers.
                rig.model
                        .faults()
                        .nth(
                                2,
                                dev.tributary.testkit.spacetimedb.ServerMessageKind.SUBSCRIBED,
                                SpacetimeDbFault.delay(Duration.ofSeconds(1)));
            }
            rig.server.arm();
            rig.advance(Rig.LONG);
            assertThat(seen).containsExactly("[1=2]2", "[1=2]2");
            assertThat(rig.faults).isEmpty();
        }
    }

    @Example
    @Tag("T58")
    void whatAnotherIdentityReadIsDroppedFirst() {
        try (Rig rig = new Rig()) {
            String[] token = {rig.model.token("ada")};
            SyncSource source = rig.open(builder ->
                    builder.credentials(refusal -> CompletableFuture.completedFuture(Credential.token(token[0]))));
            rig.put("stock", 1, 2);
            MaterializedView<Row> view = rig.view(source, STOCK);
            List<String> heard = Rig.heard(view);
            rig.run();
            heard.clear();
            token[0] = rig.model.token("bob");
            rig.session().breakConnection();
            rig.advance(Rig.LONG);
            assertThat(heard).containsExactly("D 1=2", "I 1=2");
            assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
            // The same identity with another token is the same reader.
            heard.clear();
            rig.session().breakConnection();
            rig.advance(Rig.LONG);
            assertThat(heard).isEmpty();
        }
    }

    @Property(tries = 4)
    @Tag("T59")
    void aChangedModuleIsAReset(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            rig.put("stock", 1, 2);
            MaterializedView<Row> view = rig.view(source, STOCK);
            rig.model.update(Arcade.module(true, table -> table.column("more", Arcade.number(), 7L)), false);
            rig.server.arm();
            rig.advance(Rig.LONG);
            assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
            assertThat(view.get(1).toMap()).hasToString("{id=1, v=2, more=7}");
            rig.model.replace(Arcade.module());
            rig.server.arm();
            rig.advance(Rig.LONG);
            assertThat(view.snapshot().isEmpty()).isTrue();
            assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
        }
    }

    @Property(tries = 4)
    @Tag("T59")
    void aTableThatCameUnderWayIsFound(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig(
                Arcade.module(true, dev.tributary.testkit.spacetimedb.SpacetimeDbModule.Table::hidden),
                dev.tributary.testkit.spacetimedb.SpacetimeDbOptions.current())) {
            SyncSource source = rig.open(version);
            rig.view(source, "SELECT * FROM orders");
            rig.model.update(
                    dev.tributary.testkit.spacetimedb.SpacetimeDbModule.builder()
                            .table(
                                    "orders",
                                    table -> table.column("id", Arcade.number())
                                            .column("v", Arcade.number())
                                            .primaryKey("id"))
                            .table(
                                    "novel",
                                    table -> table.column("id", Arcade.number())
                                            .column("v", Arcade.number())
                                            .primaryKey("id"))
                            .reducer("novelty", context -> context.insert("novel", 1L, 2L))
                            .build(),
                    true);
            rig.server.arm();
            MaterializedView<Row> view = rig.view(source, "SELECT * FROM novel");
            assertThat(rig.get(Rig.db(source).callReducer("novelty")).isCommitted())
                    .isTrue();
            assertThat(Rig.rows(view)).containsExactly("1=2");
            assertThat(rig.model.connections()).isEqualTo(1);
        }
    }

    @Property(tries = 4)
    @Tag("T56")
    void delaysGrowAndEndWithStability(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(builder -> builder.protocols(version)
                    .backoff(dev.tributary.Backoff.exponential(Duration.ofSeconds(1), Duration.ofSeconds(30))));
            MaterializedView<Row> view = rig.view(source, STOCK);
            rig.server.down(true);
            rig.session().breakConnection();
            rig.advance(Duration.ofSeconds(200));
            int tried = rig.sockets().size();
            assertThat(tried).isBetween(6, 60);
            assertThat(view.status().phase()).isEqualTo(Phase.STALE);
            rig.server.down(false);
            rig.advance(Duration.ofSeconds(31));
            assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
        }
    }

    @Property(tries = 4)
    @Tag("T57")
    void refreshingAsksForTheRowsAnewAndFiresNothing(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            rig.put("stock", 1, 2);
            MaterializedView<Row> view = rig.view(source, STOCK);
            List<String> heard = Rig.heard(view);
            rig.run();
            heard.clear();
            rig.get(view.refresh());
            rig.put("stock", 1, 3);
            assertThat(heard).containsExactly("U 1=2 1=3");
            assertThat(rig.model.connections()).isEqualTo(1);
        }
    }

    @Property(tries = 4)
    @Tag("T17")
    void whatCannotBeReadEndsTheAttemptAlone(@ForAll ProtocolVersion version) {
        for (SpacetimeDbFault fault :
                List.of(SpacetimeDbFault.truncated(1), SpacetimeDbFault.breakWithin(5), SpacetimeDbFault.duplicate())) {
            try (Rig rig = new Rig()) {
                SyncSource source = rig.open(version);
                rig.put("stock", 1, 2);
                MaterializedView<Row> view = rig.view(source, STOCK);
                rig.model.faults().nth(1, dev.tributary.testkit.spacetimedb.ServerMessageKind.UPDATE, fault);
                rig.put("stock", 2, 3);
                rig.advance(Rig.LONG);
                rig.put("stock", 3, 4);
                assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
                assertThat(Rig.rows(view)).containsExactly("1=2", "2=3", "3=4");
            }
        }
    }

    @Property(tries = 4)
    @Tag("T17")
    void aSecondFirstMessageEndsTheAttemptAndIsReported(@ForAll ProtocolVersion version) {
        try (Rig rig = new Rig()) {
            MaterializedView<Row> view = rig.view(rig.open(version), STOCK);
            rig.session().greetAgain();
            rig.advance(Rig.LONG);
            assertThat(rig.faults).anyMatch(fault -> fault.contains("second time who we are"));
            assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
            assertThat(rig.model.connections()).isEqualTo(2);
        }
    }
}
