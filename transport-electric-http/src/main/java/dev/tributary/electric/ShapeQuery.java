package dev.tributary.electric;

import dev.tributary.ConfigurationException;
import dev.tributary.Query;
import dev.tributary.spi.Nearest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A query that is known to name a shape: a table, or nothing where the endpoint names it, and parameters that all have a
 * meaning. What only the server can know (tables, columns, the filter) is left to it.
 */
final class ShapeQuery {

    static final String NOW = "now";
    static final String BEGINNING = "-1";

    private static final List<String> KNOWN = List.of("where", "params[1]", "columns", "replica", "log", "offset");
    private static final Pattern PARAM = Pattern.compile("params\\[(0|[1-9]\\d{0,5})\\]");

    private final Query query;
    private final Map<String, String> parameters = new LinkedHashMap<>();

    private ShapeQuery(Query query) {
        this.query = query;
    }

    /**
     * Reads a query.
     *
     * @throws ConfigurationException when a parameter is unknown, given twice, or none of its values is this one
     */
    static ShapeQuery of(Query query) {
        ShapeQuery shape = new ShapeQuery(query);
        for (Query.Parameter parameter : query.parameters()) {
            shape.check(parameter);
            if (shape.parameters.put(parameter.name(), parameter.value()) != null) {
                throw shape.refuse("parameter '" + parameter.name() + "' is given twice");
            }
        }
        shape.checkPlaceholders();
        return shape;
    }

    private void check(Query.Parameter parameter) {
        String value = parameter.value();
        switch (parameter.name()) {
            case "where", "columns" -> {}
            case "replica" -> oneOf(parameter, "default", "full");
            case "log" -> oneOf(parameter, "full", "changes_only");
            case "offset" -> {
                if (!value.equals(BEGINNING) && !value.equals(NOW)) {
                    throw refuse(
                            "offset is -1 or now, got '" + value
                                    + "'; to go on from elsewhere give a saved view or a checkpoint, which hold the handle too");
                }
            }
            default -> {
                if (!PARAM.matcher(parameter.name()).matches()) {
                    throw unknown(parameter.name());
                }
            }
        }
    }

    private void oneOf(Query.Parameter parameter, String first, String second) {
        if (!parameter.value().equals(first) && !parameter.value().equals(second)) {
            throw refuse(parameter.name() + " is " + first + " or " + second + ", got '" + parameter.value() + "'");
        }
    }

    /** The server wants 1 to k without a gap. */
    private void checkPlaceholders() {
        long count = parameters.keySet().stream()
                .filter(name -> PARAM.matcher(name).matches())
                .count();
        for (String name : parameters.keySet()) {
            Matcher param = PARAM.matcher(name);
            if (param.matches() && (param.group(1).equals("0") || Integer.parseInt(param.group(1)) > count)) {
                throw refuse("the " + count + " params are numbered from 1 without a gap, but there is " + name);
            }
        }
    }

    private ConfigurationException unknown(String name) {
        Optional<String> nearest = Nearest.to(name, KNOWN);
        return refuse("unknown parameter '" + name + "'"
                + nearest.map(known -> "; did you mean " + known + "?")
                        .orElse("; there are " + String.join(", ", KNOWN)));
    }

    private ConfigurationException refuse(String what) {
        return new ConfigurationException("query '" + query + "': " + what);
    }

    /** The table as it was given; empty where the endpoint names it. */
    String table() {
        return query.name();
    }

    /** The table for messages. */
    String shown() {
        return query.name().isEmpty() ? "shape" : query.name();
    }

    /** Where the log begins for this query. */
    String start() {
        return parameters.getOrDefault("offset", BEGINNING);
    }

    /** Whether updates and deletes may come for rows that never came: then they are none of ours. */
    boolean beginsWithoutRows() {
        return start().equals(NOW) || isChangesOnly();
    }

    private boolean isChangesOnly() {
        return "changes_only".equals(parameters.get("log"));
    }

    boolean isFull() {
        return "full".equals(parameters.get("replica"));
    }

    /** What every request for this shape says, with column names as the server has them. */
    Map<String, String> request(ColumnNames names) {
        Map<String, String> request = new LinkedHashMap<>();
        if (!table().isEmpty()) {
            request.put("table", table());
        }
        parameters.forEach((name, value) -> {
            switch (name) {
                case "where" -> request.put(name, SqlIdentifiers.rename(value, names::encode));
                case "columns" -> request.put(name, SqlIdentifiers.renameList(value, names::encode));
                case "offset", "log" -> {}
                default -> request.put(name, value);
            }
        });
        // Sent even where it is the default: then the cache lines are those of the most used client.
        request.put("log", isChangesOnly() ? "changes_only" : "full");
        return request;
    }
}
