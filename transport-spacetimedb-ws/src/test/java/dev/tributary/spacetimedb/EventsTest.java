package dev.tributary.spacetimedb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.Capability;
import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.ViewListener;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/**
 * The law of rows of event tables, in each protocol that has them: listeners hear each once, in order, with its
 * transaction; no view ever holds one, and none comes again. Where the protocol has none, that is said and refused.
 */
@Tag("T50")
class EventsTest {

    private static final String STOCK = "SELECT * FROM stock";
    private static final List<String> SHOTS =
            List.of("SELECT * FROM shot", "SELECT * FROM shot; SELECT * FROM shot WHERE x > 3");

    /** What can happen between two looks. */
    private enum Step {
        ANOTHER_SHOOTS,
        ANOTHER_SHOOTS_AND_PUTS,
        WE_SHOOT_AND_PUT,
        ANOTHER_PUTS,
        SHOTS_WHILE_WE_ARE_AWAY,
        A_LISTENER_COMES
    }

    @Provide
    static Arbitrary<ProtocolVersion> withEvents() {
        return Arbitraries.of(ProtocolVersion.V2_BSATN, ProtocolVersion.V3_BSATN);
    }

    @Provide
    static Arbitrary<List<Step>> steps() {
        return Arbitraries.of(Step.class).list().ofMinSize(1).ofMaxSize(12);
    }

    /** One listener, and what it should have heard. */
    private static final class Ear implements ViewListener<Row> {

        private final SyncSource source;
        private final MaterializedView<Row> shots;
        private final MaterializedView<Row> stock;
        final List<String> heard = new ArrayList<>();
        final List<String> expected = new ArrayList<>();

        Ear(SyncSource source, MaterializedView<Row> shots, MaterializedView<Row> stock) {
            this.source = source;
            this.shots = shots;
            this.stock = stock;
            shots.listen(this);
        }

        @Override
        public void onCommit(Commit<Row> commit) {
            commit.changes().forEach(change -> heard.add("a change: " + change));
            commit.snapshot().stream().forEach(row -> heard.add("a row: " + row));
        }

        /** With what its transaction put elsewhere, which is there when it is heard. */
        @Override
        public void onEvent(Object event) {
            Object x = ((EventRow) event).row().get("x");
            boolean hasPut = source.snapshot().of(stock).stream()
                    .anyMatch(row -> row.get(0).equals(x));
            boolean isKept = source.snapshot().of(shots).stream().findAny().isPresent();
            heard.add(x + (hasPut ? " with its row" : "") + (isKept ? " in a view" : ""));
        }
    }

    @Property(tries = 25)
    void eachIsHeardOnceInOrderWithItsTransactionAndNeverHeld(
            @ForAll("withEvents") ProtocolVersion version, @ForAll("steps") List<Step> steps) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(version);
            MaterializedView<Row> stock = rig.view(source, STOCK);
            List<MaterializedView<Row>> views =
                    SHOTS.stream().map(query -> rig.view(source, query)).toList();
            List<Ear> ears = new ArrayList<>();
            views.forEach(view -> ears.add(new Ear(source, view, stock)));
            rig.run();
            assertThat(source.capabilities()).contains(Capability.EVENTS);
            long x = 10;
            for (Step step : steps) {
                x++;
                String said = null;
                switch (step) {
                    case ANOTHER_SHOOTS -> {
                        rig.model.call("shoot", x);
                        said = x + "";
                    }
                    case ANOTHER_SHOOTS_AND_PUTS -> {
                        rig.model.call("shoot_and_put", x);
                        said = x + " with its row";
                    }
                    case WE_SHOOT_AND_PUT -> {
                        rig.get(Rig.db(source).callReducer("shoot_and_put", (int) x));
                        said = x + " with its row";
                    }
                    case ANOTHER_PUTS -> rig.model.call("put_stock", x, x);
                    case SHOTS_WHILE_WE_ARE_AWAY -> {
                        rig.session().breakConnection();
                        rig.model.call("shoot_and_put", x);
                        rig.server.arm();
                        rig.advance(Rig.LONG);
                    }
                    case A_LISTENER_COMES -> views.forEach(view -> ears.add(new Ear(source, view, stock)));
                }
                rig.server.arm();
                rig.run();
                if (said != null) {
                    for (Ear ear : ears) {
                        ear.expected.add(said);
                    }
                }
                views.forEach(view -> assertThat(view.snapshot().isEmpty()).isTrue());
            }
            ears.forEach(ear -> assertThat(ear.heard).isEqualTo(ear.expected));
            assertThat(stock.status().phase()).isEqualTo(Phase.LIVE);
            assertThat(rig.faults).isEmpty();
        }
    }

    @Property(tries = 4)
    void inV1TheyAreNeitherPromisedNorFollowedAndHarmNobody(@ForAll boolean json) {
        try (Rig rig = new Rig()) {
            SyncSource source = rig.open(json ? ProtocolVersion.V1_JSON : ProtocolVersion.V1_BSATN);
            MaterializedView<Row> stock = rig.view(source, STOCK);
            MaterializedView<Row> shots = rig.view(source, SHOTS.get(0));
            assertThat(source.capabilities()).doesNotContain(Capability.EVENTS);
            assertThat(shots.status().phase()).isEqualTo(Phase.FAILED);
            assertThat(shots.status().reason()).hasMessageContaining("WebSocket v2");
            rig.model.call("shoot_and_put", 5L);
            rig.server.arm();
            rig.run();
            assertThat(Rig.rows(stock)).containsExactly("5=5");
            assertThat(stock.status().phase()).isEqualTo(Phase.LIVE);
            assertThat(rig.faults).isEmpty();
        }
    }
}
