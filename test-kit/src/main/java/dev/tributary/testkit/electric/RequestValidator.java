package dev.tributary.testkit.electric;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Checks the parameters of a shape request in the real server's order and with its messages. */
final class RequestValidator {

    private static final String BLANK = "can't be blank";
    private static final String UNSUPPORTED = "is not supported by this reference server";

    private final Function<TableName, @Nullable Table> tables;

    RequestValidator(Function<TableName, @Nullable Table> tables) {
        this.tables = tables;
    }

    ShapeRequest validate(ModelRequest request) throws RequestException {
        checkForms(request);
        String text = required(request, "offset");
        boolean now = text.equals("now");
        LogOffset offset = now ? null : LogOffset.parse(text);
        if (offset == null && !now) {
            throw new RequestException("offset", "has invalid format");
        }
        boolean fromStart = now || LogOffset.BEFORE_ALL.equals(offset);
        String handle = fromStart ? null : given(request, "handle");
        if (!fromStart && handle == null) {
            throw new RequestException("handle", "can't be blank when offset != -1");
        }
        if (fromStart && request.isLive()) {
            throw new RequestException(
                    "live", now ? "can't be true when offset is 'now'" : "can't be true when offset == -1");
        }
        checkStreaming(request);
        Table table = table(request);
        ShapeDefinition definition = definition(request, table);
        return new ShapeRequest(definition, where(definition, table), offset, text, handle, request.isLive());
    }

    /** The definition alone, as DELETE needs it. */
    ShapeDefinition definition(ModelRequest request) throws RequestException {
        checkForms(request);
        Table table = table(request);
        ShapeDefinition definition = definition(request, table);
        where(definition, table);
        return definition;
    }

    static @Nullable String given(ModelRequest request, String name) {
        String value = request.parameter(name);
        return value == null || value.isEmpty() ? null : value;
    }

    static List<String> columns(@Nullable String list, TableSpec spec) throws RequestException {
        Set<String> names = new TreeSet<>();
        if (list == null) {
            spec.columns().forEach(column -> names.add(column.name()));
            return List.copyOf(names);
        }
        for (String part : TableName.splitOutsideQuotes(list, ',')) {
            try {
                names.add(TableName.identifier(part));
            } catch (IllegalArgumentException e) {
                throw new RequestException("columns", String.valueOf(e.getMessage()));
            }
        }
        List<String> unknown =
                names.stream().filter(name -> spec.indexOf(name) < 0).toList();
        if (!unknown.isEmpty()) {
            throw new RequestException(
                    "columns", "The following columns are not found on the table: " + String.join(", ", unknown));
        }
        List<String> missing = spec.columns().stream()
                .filter(Column::isKey)
                .map(Column::name)
                .filter(name -> !names.contains(name))
                .toList();
        if (!missing.isEmpty()) {
            throw new RequestException(
                    "columns",
                    "The list of columns must include all primary key columns, missing: " + String.join(", ", missing));
        }
        return List.copyOf(names);
    }

    static Where where(ShapeDefinition definition, Table table) throws RequestException {
        if (definition.where() == null) {
            return Where.ALL;
        }
        Map<Integer, String> params = new HashMap<>();
        for (String value : definition.params()) {
            params.put(params.size() + 1, value);
        }
        try {
            return Where.compile(definition.where(), table.spec(), params);
        } catch (WhereException e) {
            throw new RequestException("where", e.text());
        }
    }

    private static String required(ModelRequest request, String name) throws RequestException {
        String value = given(request, name);
        if (value == null) {
            throw new RequestException(name, BLANK);
        }
        return value;
    }

    private static void checkForms(ModelRequest request) throws RequestException {
        Map<String, String> errors = new TreeMap<>();
        if (!Set.of("", "default", "full").contains(request.parameters().getOrDefault("replica", ""))) {
            errors.put("replica", "is invalid");
        }
        if (!Set.of("", "full", "changes_only").contains(request.parameters().getOrDefault("log", ""))) {
            errors.put("log", "is invalid");
        }
        if (request.parameters().keySet().stream().anyMatch(name -> name.startsWith("subset__"))) {
            errors.put("subset", UNSUPPORTED);
        }
        if (!errors.isEmpty()) {
            throw new RequestException(errors);
        }
    }

    private static void checkStreaming(ModelRequest request) throws RequestException {
        String name = request.parameter("live_sse") == null ? "experimental_live_sse" : "live_sse";
        String value = request.parameter(name);
        if (value != null && !value.equals("false")) {
            throw new RequestException(
                    "live_sse", request.isLive() ? UNSUPPORTED : "can't be true unless live is also true");
        }
    }

    private Table table(ModelRequest request) throws RequestException {
        TableName name;
        try {
            name = TableName.parse(required(request, "table"));
        } catch (IllegalArgumentException e) {
            throw new RequestException("table", String.valueOf(e.getMessage()));
        }
        Table table = tables.apply(name);
        if (table == null && name.schema().equals("pg_catalog")) {
            throw RequestException.unpublishable(name);
        }
        if (table == null) {
            throw new RequestException(
                    "table",
                    "Table \"" + name.schema() + "\".\"" + name.name()
                            + "\" does not exist. If the table name contains capitals or special characters"
                            + " you must quote it.");
        }
        return table;
    }

    private static ShapeDefinition definition(ModelRequest request, Table table) throws RequestException {
        return new ShapeDefinition(
                table.spec().name(),
                given(request, "where"),
                params(request),
                columns(given(request, "columns"), table.spec()),
                "full".equals(request.parameter("replica")),
                "changes_only".equals(request.parameter("log")));
    }

    private static List<String> params(ModelRequest request) throws RequestException {
        TreeMap<Integer, String> byNumber = new TreeMap<>();
        for (Map.Entry<String, String> entry : request.parameters().entrySet()) {
            String name = entry.getKey();
            if (name.startsWith("params[") && name.endsWith("]")) {
                String number = name.substring("params[".length(), name.length() - 1);
                if (!number.matches("-?[0-9]{1,9}")) {
                    throw new RequestException("params", "Parameters can only use numbers as keys");
                }
                byNumber.put(Integer.valueOf(number), entry.getValue());
            }
        }
        List<String> values = new ArrayList<>();
        for (Map.Entry<Integer, String> entry : byNumber.entrySet()) {
            values.add(entry.getValue());
            if (entry.getKey() != values.size()) {
                throw new RequestException("params", "Parameters must be numbered sequentially, starting from 1");
            }
        }
        return values;
    }
}
