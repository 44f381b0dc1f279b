package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.spacetimedb.JsonNode.Arr;
import dev.tributary.testkit.spacetimedb.JsonNode.Member;
import dev.tributary.testkit.spacetimedb.JsonNode.Num;
import dev.tributary.testkit.spacetimedb.JsonNode.Obj;
import dev.tributary.testkit.spacetimedb.JsonNode.Text;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Product;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Takes tables and functions from a schema in JSON, version 9. */
final class SchemaReader {

    private SchemaReader() {}

    static void read(String json, SpacetimeDbModule.Builder into) {
        try {
            Obj schema = (Obj) JsonText.parse(json);
            for (JsonNode type : items(((Obj) schema.need("typespace")).need("types"))) {
                into.addType(TypeJson.read(type));
            }
            for (JsonNode type : items(schema.need("types"))) {
                Obj named = (Obj) type;
                into.nameType(text(((Obj) named.need("name")).need("name")), number(named.need("ty")));
            }
            for (JsonNode table : items(schema.need("tables"))) {
                into.addTable(table((Obj) table, into));
            }
            for (JsonNode reducer : items(schema.need("reducers"))) {
                Obj spec = (Obj) reducer;
                into.addReducer(function(spec, SpacetimeType.unit(), lifecycle(spec)));
            }
            for (JsonNode export : items(schema.need("misc_exports"))) {
                Member kind = ((Obj) export).members().get(0);
                Obj spec = (Obj) kind.value();
                if (kind.name().equals("Procedure")) {
                    into.addProcedure(function(spec, TypeJson.read(spec.need("return_type")), null));
                } else if (kind.name().equals("View")) {
                    into.addView(function(spec, TypeJson.read(spec.need("return_type")), null));
                }
            }
        } catch (JsonException e) {
            throw new IllegalArgumentException("no schema of version 9: " + e.getMessage(), e);
        }
    }

    /** The row type of a view: what its array or option holds. */
    static SpacetimeType rowOf(@Nullable FunctionSpec view) {
        if (view == null) {
            throw new IllegalArgumentException("no such view");
        }
        return view.result() instanceof SpacetimeType.Array array
                ? array.element()
                : ((SpacetimeType.Sum) view.result()).variants().get(0).type();
    }

    private static TableSpec table(Obj table, SpacetimeDbModule.Builder into) throws JsonException {
        int ref = number(table.need("product_type_ref"));
        Set<Integer> unique = new TreeSet<>();
        Set<Integer> indexed = new TreeSet<>();
        Set<Integer> sequences = new TreeSet<>();
        for (JsonNode constraint : items(table.need("constraints"))) {
            if (((Obj) ((Obj) constraint).need("data")).get("Unique") instanceof Obj columns) {
                Arr list = (Arr) columns.need("columns");
                if (list.items().size() == 1) {
                    unique.add(number(list.items().get(0)));
                }
            }
        }
        for (JsonNode index : items(table.need("indexes"))) {
            JsonNode columns =
                    ((Obj) ((Obj) index).need("algorithm")).members().get(0).value();
            JsonNode first = columns instanceof Arr list ? list.items().get(0) : columns;
            indexed.add(number(first));
        }
        for (JsonNode sequence : items(table.need("sequences"))) {
            sequences.add(number(((Obj) sequence).need("column")));
        }
        Arr key = (Arr) table.need("primary_key");
        Obj schedule = ((Obj) table.need("schedule")).get("some") instanceof Obj some ? some : null;
        return new TableSpec(
                text(table.need("name")),
                ref,
                (Product) into.typeAt(ref),
                key.items().isEmpty() ? -1 : number(key.items().get(0)),
                unique,
                indexed,
                sequences,
                false,
                ((Obj) table.need("table_access")).get("Public") != null,
                schedule == null ? null : text(schedule.need("reducer_name")),
                schedule == null ? -1 : number(schedule.need("scheduled_at_column")),
                Map.of());
    }

    private static FunctionSpec function(Obj spec, SpacetimeType result, @Nullable String lifecycle)
            throws JsonException {
        boolean anonymous = spec.get("is_anonymous") instanceof JsonNode.Bool bool && bool.value();
        return new FunctionSpec(
                text(spec.need("name")),
                new Product(TypeJson.fields(((Obj) spec.need("params")).need("elements"))),
                result,
                lifecycle,
                anonymous,
                true,
                0,
                FunctionSpec.NOTHING);
    }

    private static @Nullable String lifecycle(Obj reducer) throws JsonException {
        return ((Obj) reducer.need("lifecycle")).get("some") instanceof Obj some
                ? some.members().get(0).name()
                : null;
    }

    private static Iterable<JsonNode> items(JsonNode node) {
        return ((Arr) node).items();
    }

    private static String text(JsonNode node) {
        return ((Text) node).value();
    }

    private static int number(JsonNode node) {
        return Integer.parseInt(((Num) node).text());
    }
}
