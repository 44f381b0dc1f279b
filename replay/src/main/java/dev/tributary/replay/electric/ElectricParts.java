package dev.tributary.replay.electric;

import dev.tributary.Query;
import dev.tributary.replay.recording.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Splits a {@code final} of several queries. */
final class ElectricParts {

    private ElectricParts() {}

    /** The rows of one query: those under its name, where final is by query, else those of its table. */
    static Map<String, @Nullable Object> of(
            Map<String, @Nullable Object> expected, String query, List<String> queries) {
        if (queries.size() == 1) {
            return expected;
        }
        if (isByQuery(expected, queries)) {
            return Json.members(expected.get(query));
        }
        String table = table(query);
        Map<String, @Nullable Object> part = new LinkedHashMap<>();
        expected.forEach((key, row) -> {
            if (table.equals(relation(key))) {
                part.put(key, row);
            }
        });
        return part;
    }

    /** The queries that have the same part. */
    static List<String> together(Map<String, @Nullable Object> expected, String query, List<String> queries) {
        if (isByQuery(expected, queries)) {
            return List.of(query);
        }
        return queries.stream()
                .filter(other -> table(other).equals(table(query)))
                .toList();
    }

    private static boolean isByQuery(Map<String, @Nullable Object> expected, List<String> queries) {
        return !expected.isEmpty() && queries.containsAll(expected.keySet());
    }

    private static String table(String query) {
        return SqlNames.qualified(Query.parse(query).name());
    }

    /** What stands before the first slash outside quotes. */
    private static String relation(String key) {
        boolean quoted = false;
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '/' && !quoted) {
                return SqlNames.qualified(key.substring(0, i));
            }
        }
        return SqlNames.qualified(key);
    }
}
