package dev.tributary.replay.spacetimedb;

import dev.tributary.ConfigurationException;
import dev.tributary.spacetimedb.SpacetimeDb;
import dev.tributary.spacetimedb.types.DatabaseSchema;
import dev.tributary.spacetimedb.types.TableSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The queries of a recorded set, which may span tables, as views of ours, which do not.
 *
 * @param byTable the queries over each table, by its canonical name
 * @param refused those of which our API makes no view
 */
record Selects(Map<String, List<String>> byTable, List<String> refused) {

    private static final String NAME = "\"?([A-Za-z_][A-Za-z0-9_]*)\"?";
    private static final String ALIAS = "(?:\\s+(?:as\\s+)?(?!join\\b|where\\b|on\\b|inner\\b)" + NAME + ")?";
    private static final Pattern SELECT = Pattern.compile(
            "\\s*select\\s+(?:" + NAME + "\\s*\\.\\s*)?\\*\\s+from\\s+" + NAME + ALIAS + "(?:\\s+(?:inner\\s+)?join\\s+"
                    + NAME + ALIAS + ")?.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    static Selects of(List<String> queries, DatabaseSchema schema) {
        Map<String, List<String>> byTable = new LinkedHashMap<>();
        List<String> refused = new ArrayList<>();
        for (String query : queries) {
            try {
                SpacetimeDb.sql(query);
                byTable.computeIfAbsent(table(query, schema), name -> new ArrayList<>())
                        .add(query.strip().replaceAll("\\s*;\\s*$", ""));
            } catch (ConfigurationException e) {
                refused.add(query);
            }
        }
        return new Selects(byTable, refused);
    }

    private static String table(String query, DatabaseSchema schema) {
        Matcher select = SELECT.matcher(query);
        if (!select.matches()) {
            return query;
        }
        String selected = select.group(1);
        boolean isJoined = selected != null
                && (same(selected, select.group(5)) || (select.group(5) == null && same(selected, select.group(4))));
        String name = String.valueOf(isJoined ? select.group(4) : select.group(2));
        TableSchema table = schema.table(name);
        return table == null ? name : table.name();
    }

    private static boolean same(String a, @Nullable String b) {
        return b != null && a.toLowerCase(Locale.ROOT).equals(b.toLowerCase(Locale.ROOT));
    }
}
