package dev.tributary.replay.sodp;

import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.replay.recording.Documents;
import dev.tributary.replay.recording.Json;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compares the rows of a query with what the server had for its key. */
final class KeyRows {

    private KeyRows() {}

    /** Whether a query shows the members of the object that its key holds. */
    static boolean isChildren(Query query) {
        return query.parameters().stream()
                .anyMatch(parameter ->
                        parameter.name().equals("as") && parameter.value().equals("children"));
    }

    /**
     * @param expected {@code value}, {@code version}, {@code initialized}
     * @return the first difference, or null
     */
    static @Nullable String difference(Query query, @Nullable Object expected, Iterable<Row> rows) {
        Map<String, @Nullable Object> wanted = Json.members(expected);
        return isChildren(query) ? members(wanted, rows) : value(wanted, rows);
    }

    private static @Nullable String value(Map<String, @Nullable Object> wanted, Iterable<Row> rows) {
        Row row = null;
        for (Row one : rows) {
            row = one;
        }
        boolean exists = !Boolean.FALSE.equals(wanted.get("initialized"));
        if (row == null || !exists) {
            return (row != null) == exists
                    ? null
                    : exists ? "it does not exist, but should" : "it exists, but should not";
        }
        String difference = Documents.difference(wanted.get("value"), row.get("value"));
        Object version = row.get("version");
        if (difference == null
                && wanted.get("version") instanceof BigDecimal number
                && !Objects.equals(version, number.longValue())) {
            difference = "the version is " + version + ", expected is " + number;
        }
        return difference;
    }

    private static @Nullable String members(Map<String, @Nullable Object> wanted, Iterable<Row> rows) {
        Map<String, @Nullable Object> held = new LinkedHashMap<>();
        rows.forEach(row -> held.put(String.valueOf(row.get("name")), row.get("value")));
        Object value = wanted.get("value");
        return Documents.difference(value instanceof Map<?, ?> ? value : Map.of(), held);
    }

    /** The keys of some queries. */
    static Map<String, Query> byKey(List<String> texts) {
        Map<String, Query> queries = new LinkedHashMap<>();
        for (String text : texts) {
            Query query = Query.parse(text);
            queries.putIfAbsent(query.name(), query);
        }
        return queries;
    }
}
