package dev.tributary.spacetimedb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.testkit.simulation.SimulatedConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import net.jqwik.api.Example;
import net.jqwik.api.Tag;

/** What version 10 of the schema says beyond version 9, as it shows in views and calls. */
@Tag("T59")
class SchemaVersion10Test {

    private static final String STOCK = "SELECT * FROM stock";

    /** Serves version 10 with something changed; version 9 stays as it is. */
    private static void change(Rig rig, UnaryOperator<String> change) {
        String served;
        try (Rig other = new Rig()) {
            served = other.get(Rig.db(other.open()).http().schema(10, Rig.SOON));
        }
        String changed = change.apply(served);
        assertThat(changed).isNotEqualTo(served);
        Predicate<SimulatedConnection> before = rig.intercept;
        rig.intercept = wire -> {
            if (!"version=10".equals(wire.target().uri().getRawQuery())) {
                return before.test(wire);
            }
            wire.head(200, Map.of());
            wire.body(changed);
            wire.complete();
            return true;
        };
    }

    private static String withSection(String schema, String section) {
        return schema.replace("{\"sections\":[", "{\"sections\":[" + section + ",");
    }

    /** Changes of a view of the module, of a row that becomes another under the same id. */
    private static List<String> changesOfRich(boolean withKey) {
        try (Rig rig = new Rig()) {
            if (withKey) {
                change(
                        rig,
                        schema -> withSection(
                                schema,
                                "{\"ViewPrimaryKeys\":[{\"view_source_name\":\"rich\",\"columns\":[\"id\"]}]}"));
            }
            rig.put("stock", 1, 60);
            MaterializedView<Row> rich = rig.view(rig.open(ProtocolVersion.V2_BSATN), "SELECT * FROM rich");
            List<String> heard = Rig.heard(rich);
            rig.run();
            heard.clear();
            rig.put("stock", 1, 70);
            assertThat(Rig.rows(rich)).containsExactly("1=70");
            return heard;
        }
    }

    @Example
    @Tag("T46")
    void aViewWithAPrimaryKeyTellsUpdates() {
        assertThat(changesOfRich(true)).containsExactly("U 1=60 1=70");
        assertThat(changesOfRich(false)).containsExactlyInAnyOrder("D 1=60", "I 1=70");
    }

    @Example
    @Tag("T41")
    void theErrorOfAReducerHasTheTypeThatItDeclares() {
        for (boolean declared : new boolean[] {false, true}) {
            try (Rig rig = new Rig()) {
                if (declared) {
                    // In BSATN a text and an array of bytes are the same bytes.
                    change(
                            rig,
                            schema -> schema.replaceFirst(
                                    "(\"source_name\":\"fail\",.*?\"err_return_type\":)\\{\"String\":\\[\\]\\}",
                                    "$1{\"Array\":{\"U8\":[]}}"));
                }
                SyncSource source = rig.open(ProtocolVersion.V2_BSATN);
                Object error = ((ReducerOutcome.Failed) rig.get(Rig.db(source).callReducer("fail", "no"))).error();
                assertThat(error).isEqualTo(declared ? "no".getBytes(StandardCharsets.UTF_8) : "no");
            }
        }
    }

    @Example
    void aQueryMayNameATableAsTheSourceOfTheModuleDoes() {
        try (Rig rig = new Rig()) {
            Puppet puppet = new Puppet(rig);
            change(rig, schema -> schema.replace("\"source_name\":\"stock\"", "\"source_name\":\"Warehouse\""));
            MaterializedView<Row> view = rig.view(rig.open(ProtocolVersion.V1_JSON), "SELECT * FROM Warehouse");
            puppet.applied(Puppet.row(1, 2));
            puppet.light(Puppet.table("stock", Puppet.row(1, 2), Puppet.row(1, 3)));
            assertThat(view.status().phase()).isEqualTo(Phase.LIVE);
            assertThat(Rig.rows(view)).containsExactly("1=3");
        }
    }

    @Example
    void whatItCannotSayIsNoReasonToFail() {
        for (String section : List.of(
                "{\"Submodules\":[{\"anything\":[1,{\"x\":null}]}]}",
                "{\"CaseConversionPolicy\":{\"SnakeCase\":[]}}",
                "{\"Schedules\":[{\"source_name\":{\"none\":[]},\"table_name\":\"stock\",\"schedule_at_col\":0,"
                        + "\"function_name\":\"nothing\"}]}",
                "{\"ViewPrimaryKeys\":[{\"view_source_name\":\"rich\",\"columns\":[]},"
                        + "{\"view_source_name\":\"rich\",\"columns\":[\"nobody\"]}]}")) {
            try (Rig rig = new Rig()) {
                change(rig, schema -> withSection(schema, section));
                rig.put("stock", 1, 60);
                SyncSource source = rig.open(ProtocolVersion.V3_BSATN);
                assertThat(Rig.rows(rig.view(source, STOCK))).as(section).containsExactly("1=60");
                assertThat(Rig.rows(rig.view(source, "SELECT * FROM rich")))
                        .as(section)
                        .containsExactly("1=60");
                assertThat(rig.faults).isEmpty();
            }
        }
    }
}
