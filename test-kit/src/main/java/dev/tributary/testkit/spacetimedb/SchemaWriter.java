package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.model.RustJson;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** A module's schema in JSON, in both versions that the server serves. */
final class SchemaWriter {

    private final SpacetimeDbModule module;
    private final StringBuilder out = new StringBuilder();

    private SchemaWriter(SpacetimeDbModule module) {
        this.module = module;
    }

    static String version9(SpacetimeDbModule module) {
        String given = module.givenSchema();
        return given != null ? given : new SchemaWriter(module).nine();
    }

    static String version10(SpacetimeDbModule module) {
        return new SchemaWriter(module).ten();
    }

    private String nine() {
        out.append("{\"typespace\":");
        typespace();
        out.append(",\"tables\":[");
        String comma = "";
        for (TableSpec table : module.tables().values()) {
            out.append(comma);
            comma = ",";
            out.append("{\"name\":").append(RustJson.quoted(table.name()));
            tableBody(table);
            out.append(",\"schedule\":");
            if (table.scheduledReducer() == null) {
                out.append("{\"none\":[]}");
            } else {
                out.append("{\"some\":{\"name\":{\"some\":")
                        .append(RustJson.quoted(table.name() + "_sched"))
                        .append("},\"reducer_name\":")
                        .append(RustJson.quoted(table.scheduledReducer()))
                        .append(",\"scheduled_at_column\":")
                        .append(table.scheduledAt())
                        .append("}}");
            }
            access(table);
            out.append('}');
        }
        out.append("],\"reducers\":[");
        comma = "";
        for (FunctionSpec reducer : module.reducers().values()) {
            out.append(comma);
            comma = ",";
            out.append("{\"name\":").append(RustJson.quoted(reducer.name())).append(",\"params\":");
            TypeJson.elements(reducer.parameters(), out);
            out.append(",\"lifecycle\":")
                    .append(
                            reducer.lifecycle() == null
                                    ? "{\"none\":[]}"
                                    : "{\"some\":{\"" + reducer.lifecycle() + "\":[]}}")
                    .append('}');
        }
        out.append("],\"types\":");
        names("name");
        out.append(",\"misc_exports\":");
        exports();
        return out.append(",\"row_level_security\":[]}").toString();
    }

    private void exports() {
        List<String> all = new ArrayList<>();
        for (FunctionSpec procedure : module.procedures().values()) {
            StringBuilder one = new StringBuilder("{\"Procedure\":{\"name\":")
                    .append(RustJson.quoted(procedure.name()))
                    .append(",\"params\":");
            TypeJson.elements(procedure.parameters(), one);
            one.append(",\"return_type\":");
            TypeJson.write(procedure.result(), one);
            all.add(one.append("}}").toString());
        }
        int index = 0;
        for (FunctionSpec view : module.views().values()) {
            StringBuilder one = new StringBuilder("{\"View\":{\"name\":").append(RustJson.quoted(view.name()));
            viewBody(view, index++, one);
            all.add(one.append("}}").toString());
        }
        for (TableSpec table : module.tables().values()) {
            table.defaults()
                    .forEach((column, value) -> all.add("{\"ColumnDefaultValue\":{\"table\":"
                            + RustJson.quoted(table.name())
                            + ",\"col_id\":"
                            + column
                            + ",\"value\":\""
                            + HexFormat.of().formatHex(value)
                            + "\"}}"));
        }
        out.append('[').append(String.join(",", all)).append(']');
    }

    private static void viewBody(FunctionSpec view, int index, StringBuilder one) {
        one.append(",\"index\":")
                .append(index)
                .append(",\"is_public\":true,\"is_anonymous\":")
                .append(view.anonymous())
                .append(",\"params\":");
        TypeJson.elements(view.parameters(), one);
        one.append(",\"return_type\":");
        TypeJson.write(view.result(), one);
    }

    private String ten() {
        out.append("{\"sections\":[{\"Typespace\":");
        typespace();
        out.append("},{\"Types\":");
        names("source_name");
        out.append("},{\"Tables\":[");
        String comma = "";
        for (TableSpec table : module.tables().values()) {
            out.append(comma).append("{\"source_name\":").append(RustJson.quoted(table.name()));
            comma = ",";
            tableBody(table);
            access(table);
            out.append(",\"default_values\":[");
            String defaultComma = "";
            for (var each : table.defaults().entrySet()) {
                out.append(defaultComma)
                        .append("{\"col_id\":")
                        .append(each.getKey())
                        .append(",\"value\":\"")
                        .append(HexFormat.of().formatHex(each.getValue()))
                        .append("\"}");
                defaultComma = ",";
            }
            out.append("],\"is_event\":").append(table.event()).append('}');
        }
        out.append("]},{\"Reducers\":[");
        comma = "";
        for (FunctionSpec reducer : module.reducers().values()) {
            out.append(comma)
                    .append("{\"source_name\":")
                    .append(RustJson.quoted(reducer.name()))
                    .append(",\"params\":");
            comma = ",";
            TypeJson.elements(reducer.parameters(), out);
            out.append(",\"visibility\":{\"")
                    .append(reducer.lifecycle() == null ? "ClientCallable" : "Private")
                    .append("\":[]},\"ok_return_type\":{\"Product\":{\"elements\":[]}},\"err_return_type\":")
                    .append("{\"String\":[]}}");
        }
        out.append("]},{\"Procedures\":[");
        comma = "";
        for (FunctionSpec procedure : module.procedures().values()) {
            out.append(comma)
                    .append("{\"source_name\":")
                    .append(RustJson.quoted(procedure.name()))
                    .append(",\"params\":");
            comma = ",";
            TypeJson.elements(procedure.parameters(), out);
            out.append(",\"return_type\":");
            TypeJson.write(procedure.result(), out);
            out.append(",\"visibility\":{\"ClientCallable\":[]}}");
        }
        out.append("]},{\"Views\":[");
        comma = "";
        int index = 0;
        for (FunctionSpec view : module.views().values()) {
            out.append(comma).append("{\"source_name\":").append(RustJson.quoted(view.name()));
            comma = ",";
            viewBody(view, index++, out);
            out.append('}');
        }
        out.append("]},{\"LifeCycleReducers\":[");
        comma = "";
        for (FunctionSpec reducer : module.reducers().values()) {
            if (reducer.lifecycle() != null) {
                out.append(comma)
                        .append("{\"lifecycle_spec\":{\"")
                        .append(reducer.lifecycle())
                        .append("\":[]},\"function_name\":")
                        .append(RustJson.quoted(reducer.name()))
                        .append('}');
                comma = ",";
            }
        }
        out.append("]},{\"ExplicitNames\":{\"entries\":[");
        comma = "";
        for (String table : module.tables().keySet()) {
            explicit(comma, "Table", table);
            comma = ",";
        }
        for (Set<String> functions : List.of(
                module.reducers().keySet(),
                module.procedures().keySet(),
                module.views().keySet())) {
            for (String function : functions) {
                explicit(comma, "Function", function);
                comma = ",";
            }
        }
        return out.append("]}}]}").toString();
    }

    private void explicit(String comma, String kind, String name) {
        out.append(comma)
                .append("{\"")
                .append(kind)
                .append("\":{\"source_name\":")
                .append(RustJson.quoted(name))
                .append(",\"canonical_name\":")
                .append(RustJson.quoted(name))
                .append("}}");
    }

    private void typespace() {
        out.append("{\"types\":[");
        String comma = "";
        for (SpacetimeType type : module.types().types()) {
            out.append(comma);
            comma = ",";
            TypeJson.write(type, out);
        }
        out.append("]}");
    }

    private void names(String nameMember) {
        out.append('[');
        String comma = "";
        for (var name : module.typeNames().entrySet()) {
            out.append(comma)
                    .append("{\"")
                    .append(nameMember)
                    .append("\":{\"scope\":[],\"")
                    .append(nameMember)
                    .append("\":")
                    .append(RustJson.quoted(name.getKey()))
                    .append("},\"ty\":")
                    .append(name.getValue())
                    .append(",\"custom_ordering\":true}");
            comma = ",";
        }
        out.append(']');
    }

    private void tableBody(TableSpec table) {
        out.append(",\"product_type_ref\":").append(table.typeRef()).append(",\"primary_key\":[");
        if (table.primaryKey() >= 0) {
            out.append(table.primaryKey());
        }
        out.append("],\"indexes\":[");
        String comma = "";
        for (int column : table.indexed()) {
            String name = columnName(table, column);
            out.append(comma)
                    .append("{\"name\":{\"some\":")
                    .append(RustJson.quoted(table.name() + "_" + name + "_idx_btree"))
                    .append("},\"accessor_name\":{\"some\":")
                    .append(RustJson.quoted(name))
                    .append("},\"algorithm\":{\"BTree\":[")
                    .append(column)
                    .append("]}}");
            comma = ",";
        }
        out.append("],\"constraints\":[");
        comma = "";
        for (int column : table.unique()) {
            out.append(comma)
                    .append("{\"name\":{\"some\":")
                    .append(RustJson.quoted(table.name() + "_" + columnName(table, column) + "_key"))
                    .append("},\"data\":{\"Unique\":{\"columns\":[")
                    .append(column)
                    .append("]}}}");
            comma = ",";
        }
        out.append("],\"sequences\":[");
        comma = "";
        for (int column : table.autoIncrement()) {
            out.append(comma)
                    .append("{\"name\":{\"some\":")
                    .append(RustJson.quoted(table.name() + "_" + columnName(table, column) + "_seq"))
                    .append("},\"column\":")
                    .append(column)
                    .append(
                            ",\"start\":{\"none\":[]},\"min_value\":{\"none\":[]},\"max_value\":{\"none\":[]},\"increment\":1}");
            comma = ",";
        }
        out.append(']');
    }

    private void access(TableSpec table) {
        out.append(",\"table_type\":{\"User\":[]},\"table_access\":{\"")
                .append(table.open() ? "Public" : "Private")
                .append("\":[]}");
    }

    private static String columnName(TableSpec table, int column) {
        return String.valueOf(table.rowType().fields().get(column).name());
    }
}
