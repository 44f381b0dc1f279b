package dev.tributary.replay.electric;

import dev.tributary.Column;
import dev.tributary.Row;
import dev.tributary.RowSchema;
import dev.tributary.replay.recording.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares rows that we hold with those that the server held, in the server's text form. */
final class ElectricFinal {

    private static final int SHOWN = 80;

    private ElectricFinal() {}

    /**
     * The rows of one table or query.
     *
     * @param expected row key as the server wrote it → column → text or null
     * @param schema of the rows held; null before the first commit
     * @return the first difference, or null when there is none
     */
    static @Nullable String difference(
            Map<String, @Nullable Object> expected, @Nullable RowSchema schema, Collection<Row> rows) {
        if (schema == null) {
            return expected.isEmpty() ? null : "nothing was committed, but final has " + expected.size() + " rows";
        }
        Map<List<@Nullable String>, Row> held = new LinkedHashMap<>();
        for (Row row : rows) {
            if (held.put(key(row), row) != null) {
                return "two rows of the key " + key(row);
            }
        }
        Map<List<@Nullable String>, String> seen = new HashMap<>();
        for (Map.Entry<String, @Nullable Object> entry : expected.entrySet()) {
            Map<String, @Nullable Object> wanted = Json.members(entry.getValue());
            List<@Nullable String> key = key(schema, wanted);
            if (seen.put(key, entry.getKey()) != null && schema.declaresKey()) {
                return "final has two rows of the key " + key;
            }
            Row row = held.get(key);
            if (row == null) {
                return "row " + entry.getKey() + " is missing";
            }
            String difference = difference(wanted, row);
            if (difference != null) {
                return "row " + entry.getKey() + ": " + difference;
            }
        }
        for (Map.Entry<List<@Nullable String>, Row> entry : held.entrySet()) {
            if (!seen.containsKey(entry.getKey())) {
                return "row " + entry.getKey() + " is held, but not in final";
            }
        }
        return null;
    }

    private static @Nullable String difference(Map<String, @Nullable Object> wanted, Row row) {
        List<Column> columns = row.schema().columns();
        TreeSet<String> names = new TreeSet<>(wanted.keySet());
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            if (!names.remove(column.name())) {
                return "column " + column.name() + " is held, but not in final";
            }
            if (!row.has(i)) {
                return "column " + column.name() + " was never received";
            }
            String expected = text(column, wanted.get(column.name()));
            String actual = text(row, i);
            if (!Objects.equals(expected, actual)) {
                return "column " + column.name() + " is " + shown(actual) + ", final has " + shown(expected);
            }
        }
        return names.isEmpty() ? null : "column " + names.first() + " is in final, but not held";
    }

    /** The identity of a row by the texts of its key columns. */
    private static List<@Nullable String> key(Row row) {
        List<@Nullable String> key = new ArrayList<>();
        for (Column column : row.schema().keyColumns()) {
            key.add(text(row, row.schema().indexOf(column.name())));
        }
        return key;
    }

    private static List<@Nullable String> key(RowSchema schema, Map<String, @Nullable Object> wanted) {
        List<@Nullable String> key = new ArrayList<>();
        for (Column column : schema.keyColumns()) {
            key.add(text(column, wanted.get(column.name())));
        }
        return key;
    }

    private static @Nullable String text(Row row, int column) {
        byte[] packed = row.packedValue(column);
        // A packed value is the server's text, but for the spelling of truth values.
        return packed == null
                ? null
                : text(row.schema().columns().get(column), new String(packed, StandardCharsets.UTF_8));
    }

    private static @Nullable String text(Column column, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        String text = value.toString();
        if (!column.type().name().equals("bool")) {
            return text;
        }
        return switch (text) {
            case "true" -> "t";
            case "false" -> "f";
            default -> text;
        };
    }

    private static String shown(@Nullable String text) {
        if (text == null) {
            return "null";
        }
        return "'" + (text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…") + "'";
    }
}
