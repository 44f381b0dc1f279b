package dev.tributary.spacetimedb.types;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.ProtocolException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schemas of both versions. */
@Tag("T59")
class SchemaTest {

    private static final String TYPES = """
            {"types":[
              {"Product":{"elements":[
                {"name":{"some":"id"},"algebraic_type":{"U64":[]}},
                {"name":{"some":"kids"},"algebraic_type":{"Array":{"Ref":0}}},
                {"name":{"some":"owner"},"algebraic_type":{"Ref":1}}]}},
              {"Product":{"elements":[{"name":{"some":"__identity__"},"algebraic_type":{"U256":[]}}]}},
              {"Sum":{"variants":[
                {"name":{"some":"gone"},"algebraic_type":{"Product":{"elements":[]}}},
                {"name":{"some":"broke"},"algebraic_type":{"U32":[]}}]}}]}
            """;

    private static final String VERSION_9 = """
            {"typespace":%s,
             "tables":[{"name":"node_1","product_type_ref":0,"primary_key":[0],"table_access":{"Public":[]}},
                       {"name":"hit","product_type_ref":0,"primary_key":[],"table_access":{"Private":[]}}],
             "reducers":[{"name":"add_node","params":{"elements":[{"name":{"some":"id"},"algebraic_type":{"U64":[]}},
                           {"name":{"none":[]},"algebraic_type":{"Ref":2}}]},"lifecycle":{"none":[]}},
                         {"name":"hello","params":{"elements":[]},"lifecycle":{"some":{"OnConnect":[]}}}],
             "misc_exports":[
               {"Procedure":{"name":"report","params":{"elements":[]},"return_type":{"Ref":2}}},
               {"View":{"name":"online","index":0,"is_public":true,"params":{"elements":[]},
                 "return_type":{"Array":{"Ref":0}}}},
               {"ColumnDefaultValue":{"table":"hit","col_id":2,"value":"00"}}],
             "something_new":{"x":[1,2.5,null,true]}}
            """.formatted(TYPES);

    private static final String VERSION_10 = """
            {"sections":[
              {"ExplicitNames":{"entries":[
                {"Table":{"source_name":"node1","canonical_name":"node_1"}},
                {"Function":{"source_name":"addNode","canonical_name":"add_node"}},
                {"Index":{"source_name":"i","canonical_name":"j"}}]}},
              {"Tables":[
                {"source_name":"node1","product_type_ref":0,"primary_key":[0],"table_access":{"Public":[]},
                 "is_event":false}]},
              {"Reducers":[{"source_name":"addNode","params":{"elements":[]},"visibility":{"ClientCallable":[]},
                "ok_return_type":{"Product":{"elements":[]}},"err_return_type":{"Ref":2}},
                {"source_name":"hello","params":{"elements":[]}}]},
              {"Views":[{"source_name":"online","index":0,"is_public":true,"params":{"elements":[]},
                 "return_type":{"Sum":{"variants":[{"name":{"some":"some"},"algebraic_type":{"Ref":0}},
                   {"name":{"some":"none"},"algebraic_type":{"Product":{"elements":[]}}}]}}}]},
              {"Procedures":[{"source_name":"report","params":{"elements":[]},"return_type":{"String":[]}}]},
              {"Outboxes":[{"anything":1}]},
              {"ViewPrimaryKeys":[{"view_source_name":"online","columns":["id"]}]},
              {"LifeCycleReducers":[{"lifecycle_spec":{"OnConnect":[]},"function_name":"hello"}]},
              {"Typespace":%s},
              {"Tables":[{"source_name":"hit","product_type_ref":0,"primary_key":[],"table_access":{"Private":[]},
                 "is_event":true}]}]}
            """.formatted(TYPES);

    private static final String COLUMNS =
            "(id u64, kids array<(id u64, kids array<#1>, owner identity)>, owner identity)";

    @Test
    void version9IsRead() {
        DatabaseSchema schema = DatabaseSchema.parse(VERSION_9);
        TableSchema node = requireNonNull(schema.table("node_1"));
        assertThat(node.layout().schema()).hasToString(COLUMNS);
        assertThat(node.layout().schema().keyShape()).isEqualTo("(id u64)");
        assertThat(node.isPublic()).isTrue();
        assertThat(node.hasPrimaryKey()).isTrue();
        TableSchema hit = requireNonNull(schema.table("hit"));
        assertThat(hit.isPublic()).isFalse();
        assertThat(hit.hasPrimaryKey()).isFalse();
        assertThat(hit.isEvent()).isFalse();
        assertThat(requireNonNull(schema.table("online")).kind()).isEqualTo(TableSchema.Kind.VIEW);
        FunctionSchema add = requireNonNull(schema.reducer("add_node"));
        assertThat(TypeName.of(add.parameters())).isEqualTo("(id u64, 1 {gone | broke u32})");
        assertThat(add.errorType()).isSameAs(Text.STRING);
        assertThat(requireNonNull(schema.reducer("hello")).lifecycle()).isEqualTo("OnConnect");
        assertThat(TypeName.of(requireNonNull(schema.procedure("report")).returnType()))
                .isEqualTo("{gone | broke u32}");
        assertThat(schema.table("node1")).isNull();
        assertThat(schema.tables()).hasSize(3);
    }

    @Test
    void version10IsReadWithItsSectionsInAnyOrder() {
        DatabaseSchema schema = DatabaseSchema.parse(VERSION_10);
        TableSchema node = requireNonNull(schema.table("node1"));
        assertThat(node.name()).isEqualTo("node_1");
        assertThat(schema.table("node_1")).isSameAs(node);
        assertThat(node.layout().schema()).hasToString(COLUMNS);
        assertThat(requireNonNull(schema.table("hit")).isEvent()).isTrue();
        TableSchema online = requireNonNull(schema.table("online"));
        assertThat(online.kind()).isEqualTo(TableSchema.Kind.VIEW);
        assertThat(online.layout().schema().keyShape()).isEqualTo("(id u64)");
        FunctionSchema add = requireNonNull(schema.reducer("add_node"));
        assertThat(TypeName.of(add.errorType())).isEqualTo("{gone | broke u32}");
        assertThat(schema.reducer("addNode")).isNull();
        assertThat(requireNonNull(schema.reducer("hello")).lifecycle()).isEqualTo("OnConnect");
    }

    @Test
    void namesComeFrom9AndEventsAndErrorsFrom10() {
        DatabaseSchema schema = DatabaseSchema.parse(VERSION_9).with(DatabaseSchema.parse(VERSION_10));
        assertThat(requireNonNull(schema.table("node1")).name()).isEqualTo("node_1");
        assertThat(requireNonNull(schema.table("hit")).isEvent()).isTrue();
        assertThat(requireNonNull(schema.table("online")).hasPrimaryKey()).isTrue();
        FunctionSchema add = requireNonNull(schema.reducer("add_node"));
        assertThat(add.sourceName()).isEqualTo("addNode");
        assertThat(add.parameters().fields()).hasSize(2);
        assertThat(TypeName.of(add.errorType())).isEqualTo("{gone | broke u32}");
        assertThat(TypeName.of(requireNonNull(schema.procedure("report")).returnType()))
                .isEqualTo("{gone | broke u32}");
    }

    /** A key of a view that version 9 cannot tell, and a life-cycle reducer that it does not mark. */
    @Test
    void whatOnlyVersion10KnowsIsNotLost() {
        String unmarked = VERSION_9.replace("{\"some\":{\"OnConnect\":[]}}", "{\"none\":[]}");
        DatabaseSchema nine = DatabaseSchema.parse(unmarked);
        assertThat(requireNonNull(nine.reducer("hello")).lifecycle()).isNull();
        assertThat(requireNonNull(nine.table("online")).hasPrimaryKey()).isFalse();
        DatabaseSchema both = nine.with(DatabaseSchema.parse(VERSION_10));
        assertThat(requireNonNull(both.reducer("hello")).lifecycle()).isEqualTo("OnConnect");
        assertThat(requireNonNull(both.table("online")).layout().schema().keyShape())
                .isEqualTo("(id u64)");
        for (String section : new String[] {"ViewPrimaryKeys", "LifeCycleReducers", "ExplicitNames"}) {
            DatabaseSchema without = nine.with(DatabaseSchema.parse(VERSION_10.replace(section, "Later" + section)));
            assertThat(requireNonNull(without.table("online")).hasPrimaryKey())
                    .as(section)
                    .isEqualTo(!section.equals("ViewPrimaryKeys"));
            assertThat(requireNonNull(without.reducer("hello")).lifecycle())
                    .as(section)
                    .isEqualTo(section.equals("LifeCycleReducers") ? null : "OnConnect");
            assertThat(without.table("node1") == null).as(section).isEqualTo(section.equals("ExplicitNames"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "{\"U64\":[]} ~ {\"U65\":[]} ~ schema.typespace.types[0].Product.elements[0].algebraic_type: expected a type",
                "{\"Ref\":1} ~ {\"Ref\":7} ~ algebraic_type.Ref: expected a number from 0 to below 3, got 7",
                "\"primary_key\":[0] ~ \"primary_key\":[3] ~ schema.tables[0].primary_key[0]: expected a number",
                "\"primary_key\":[0] ~ \"primary_key\":[0,1] ~ schema.tables[0].primary_key: expected at most one column",
                "\"product_type_ref\":0 ~ \"product_type_ref\":2 ~ expected a product",
                "{\"some\":\"kids\"} ~ {\"some\":\"id\"} ~ two fields are named 'id'",
                "\"name\":\"hit\" ~ \"name\":\"node_1\" ~ two tables are named 'node_1'",
                "\"name\":\"hit\", ~ '' ~ schema.tables[1]: expected an object with 'name'",
                "\"some\":\"owner\" ~ \"perhaps\":\"owner\" ~ expected some or none",
                "{\"Array\":{\"Ref\":0}}} ~ {\"Ref\":0}}, ~ schema: no JSON",
                "\"tables\" ~ \"tablets\" ~ schema: expected an object with 'tables'",
            })
    void whatIsWrongIsNamedWithItsPlace(String right, String wrong, String message) {
        assertThatThrownBy(() -> DatabaseSchema.parse(VERSION_9.replace(right, wrong)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(message);
    }

    @Test
    void deepAndEndlessTypesAreRefused() {
        String deep = "{\"Array\":".repeat(100_000) + "{\"Bool\":[]}" + "}".repeat(100_000);
        String itself = "{\"Ref\":0}";
        for (String type : new String[] {deep, itself}) {
            assertThatThrownBy(() -> DatabaseSchema.parse("{\"typespace\":{\"types\":[" + type
                            + "]},\"tables\":[{\"name\":\"t\"," + "\"product_type_ref\":0,\"primary_key\":[]}]}"))
                    .isInstanceOf(ProtocolException.class);
        }
        for (int step : new int[] {1, -1}) {
            StringBuilder chain = new StringBuilder("{\"typespace\":{\"types\":[");
            int length = 100_000;
            for (int i = 0; i < length; i++) {
                int next = Math.floorMod(i + step, length);
                chain.append(i == 0 ? "" : ",")
                        .append("{\"Product\":{\"elements\":[{\"name\":{\"some\":\"a\"},\"algebraic_type\":{\"Ref\":")
                        .append(next)
                        .append("}}]}}");
            }
            chain.append("]},\"tables\":[{\"name\":\"t\",\"product_type_ref\":0,\"primary_key\":[]}]}");
            assertThatThrownBy(() -> DatabaseSchema.parse(chain.toString()))
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("nested deeper");
        }
    }
}
