package dev.tributary.spacetimedb.types;

import dev.tributary.Column;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of a schema, of version 9 or 10. What it does not know it skips, for newer servers; what it knows must be
 * right.
 */
final class SchemaReader {

    private static final String DOCUMENT = "schema";
    /** Of all columns together: each names its whole type. */
    private static final int MOST_CHARACTERS_OF_TYPES = 16 << 20;

    private final Typespace types;
    private int charactersLeft = MOST_CHARACTERS_OF_TYPES;
    private final List<TableSchema> tables = new ArrayList<>();
    private final List<FunctionSchema> functions = new ArrayList<>();
    /** By name in the source; empty for version 9, which has canonical names. */
    private final Map<String, String> canonicalTables = new HashMap<>();

    private final Map<String, String> canonicalFunctions = new HashMap<>();
    private final Map<String, String> lifecycles = new HashMap<>();
    private final Map<String, JsonTree> viewKeys = new HashMap<>();

    private SchemaReader(List<JsonTree> types) {
        this.types = new Typespace(types);
    }

    static DatabaseSchema read(String json) {
        JsonTree root = JsonTree.read(DOCUMENT, json);
        SchemaReader reader = root.has("sections") ? version10(root) : version9(root);
        try {
            return new DatabaseSchema(reader.tables, reader.functions);
        } catch (IllegalArgumentException e) {
            throw root.refused(e);
        }
    }

    // ---- version 9 ----

    private static SchemaReader version9(JsonTree root) {
        SchemaReader reader =
                new SchemaReader(root.get("typespace").get("types").items());
        for (JsonTree table : root.get("tables").items()) {
            String name = table.get("name").text();
            reader.table(table, name, name, TableSchema.Kind.TABLE);
        }
        for (JsonTree reducer : root.itemsIfAny("reducers")) {
            String name = reducer.get("name").text();
            JsonTree lifecycle =
                    reducer.has("lifecycle") ? reducer.get("lifecycle").option() : null;
            reader.functions.add(new FunctionSchema(
                    name,
                    name,
                    FunctionSchema.Kind.REDUCER,
                    reader.types.product(reducer.get("params")),
                    Product.UNIT,
                    Text.STRING,
                    lifecycle == null ? null : lifecycle.tagged().name()));
        }
        for (JsonTree export : root.itemsIfAny("misc_exports")) {
            JsonTree.Tagged tagged = export.tagged();
            if (tagged.name().equals("Procedure")) {
                String name = tagged.payload().get("name").text();
                reader.procedure(tagged.payload(), name, name);
            } else if (tagged.name().equals("View")) {
                String name = tagged.payload().get("name").text();
                reader.view(tagged.payload(), name, name);
            }
        }
        return reader;
    }

    // ---- version 10 ----

    private static SchemaReader version10(JsonTree root) {
        // Sections may come in any number and order, so those that others need go first.
        Map<String, List<JsonTree>> sections = new HashMap<>();
        for (JsonTree section : root.get("sections").items()) {
            JsonTree.Tagged tagged = section.tagged();
            sections.computeIfAbsent(tagged.name(), name -> new ArrayList<>()).add(tagged.payload());
        }
        List<JsonTree> typespaces = sections.getOrDefault("Typespace", List.of());
        if (typespaces.size() > 1) {
            throw typespaces.get(1).wrong("one typespace");
        }
        SchemaReader reader = new SchemaReader(
                typespaces.isEmpty()
                        ? List.of()
                        : typespaces.get(0).get("types").items());
        for (JsonTree names : sections.getOrDefault("ExplicitNames", List.of())) {
            reader.explicitNames(names);
        }
        for (JsonTree lifecycle : all(sections, "LifeCycleReducers")) {
            reader.lifecycles.put(
                    lifecycle.get("function_name").text(),
                    lifecycle.get("lifecycle_spec").tagged().name());
        }
        for (JsonTree key : all(sections, "ViewPrimaryKeys")) {
            reader.viewKeys.put(key.get("view_source_name").text(), key.get("columns"));
        }
        for (JsonTree table : all(sections, "Tables")) {
            String source = table.get("source_name").text();
            boolean isEvent = table.has("is_event") && table.get("is_event").truth();
            reader.table(
                    table,
                    reader.canonicalTables.getOrDefault(source, source),
                    source,
                    isEvent ? TableSchema.Kind.EVENT_TABLE : TableSchema.Kind.TABLE);
        }
        for (JsonTree reducer : all(sections, "Reducers")) {
            String source = reducer.get("source_name").text();
            reader.functions.add(new FunctionSchema(
                    reader.canonicalFunctions.getOrDefault(source, source),
                    source,
                    FunctionSchema.Kind.REDUCER,
                    reader.types.product(reducer.get("params")),
                    reader.typeOr(reducer, "ok_return_type", Product.UNIT),
                    reader.typeOr(reducer, "err_return_type", Text.STRING),
                    reader.lifecycles.get(source)));
        }
        for (JsonTree procedure : all(sections, "Procedures")) {
            String source = procedure.get("source_name").text();
            reader.procedure(procedure, reader.canonicalFunctions.getOrDefault(source, source), source);
        }
        for (JsonTree view : all(sections, "Views")) {
            String source = view.get("source_name").text();
            reader.view(view, reader.canonicalFunctions.getOrDefault(source, source), source);
        }
        return reader;
    }

    private static List<JsonTree> all(Map<String, List<JsonTree>> sections, String name) {
        List<JsonTree> items = new ArrayList<>();
        for (JsonTree section : sections.getOrDefault(name, List.of())) {
            items.addAll(section.items());
        }
        return items;
    }

    private void explicitNames(JsonTree names) {
        for (JsonTree entry : names.get("entries").items()) {
            JsonTree.Tagged tagged = entry.tagged();
            Map<String, String> target = switch (tagged.name()) {
                case "Table" -> canonicalTables;
                case "Function" -> canonicalFunctions;
                default -> new HashMap<>();
            };
            target.put(
                    tagged.payload().get("source_name").text(),
                    tagged.payload().get("canonical_name").text());
        }
    }

    private AlgebraicType typeOr(JsonTree parent, String name, AlgebraicType other) {
        return parent.has(name) ? types.type(parent.get(name)) : other;
    }

    // ---- both ----

    private void table(JsonTree table, String name, String source, TableSchema.Kind kind) {
        Product columns = types.columns(table.get("product_type_ref"));
        List<JsonTree> key = table.get("primary_key").items();
        if (key.size() > 1) {
            throw table.get("primary_key").wrong("at most one column");
        }
        int keyColumn = key.isEmpty() ? -1 : key.get(0).index(columns.fields().size());
        boolean isPublic = !table.has("table_access")
                || table.get("table_access").tagged().name().equals("Public");
        tables.add(new TableSchema(name, source, layout(table, name, columns, keyColumn), kind, isPublic));
    }

    private void view(JsonTree view, String name, String source) {
        Product columns = types.viewColumns(view.get("return_type"));
        boolean isPublic = !view.has("is_public") || view.get("is_public").truth();
        tables.add(new TableSchema(
                name, source, layout(view, name, columns, viewKey(source, columns)), TableSchema.Kind.VIEW, isPublic));
    }

    /** A key of a view that is not one column of it is none: rows are then counted as wholes. */
    private int viewKey(String source, Product columns) {
        @Nullable JsonTree key = viewKeys.get(source);
        if (key == null || key.items().size() != 1) {
            return -1;
        }
        return columns.find(key.items().get(0).text());
    }

    private RowLayout layout(JsonTree place, String table, Product columns, int keyColumn) {
        try {
            RowLayout layout = new RowLayout(table, columns, keyColumn);
            for (Column column : layout.schema().columns()) {
                charactersLeft -= column.type().name().length();
            }
            if (charactersLeft < 0) {
                throw place.wrong("columns whose types are told in " + MOST_CHARACTERS_OF_TYPES + " characters");
            }
            return layout;
        } catch (IllegalArgumentException e) {
            throw place.refused(e);
        }
    }

    private void procedure(JsonTree procedure, String name, String source) {
        functions.add(new FunctionSchema(
                name,
                source,
                FunctionSchema.Kind.PROCEDURE,
                types.product(procedure.get("params")),
                types.type(procedure.get("return_type")),
                Text.STRING,
                null));
    }
}
