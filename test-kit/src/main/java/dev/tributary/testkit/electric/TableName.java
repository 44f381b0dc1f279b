package dev.tributary.testkit.electric;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The exact name of a table.
 *
 * @param schema schema name
 * @param name table name
 */
public record TableName(String schema, String name) {

    private static final int MAX_LENGTH = 63;
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}_][\\p{L}\\p{M}\\p{Nd}_$]*");

    /**
     * Reads {@code name} or {@code schema.name} by SQL identifier rules.
     *
     * @throws IllegalArgumentException with the message the real server gives for the {@code table} parameter
     */
    public static TableName parse(String sql) {
        List<String> parts = splitOutsideQuotes(sql, '.');
        if (parts.size() > 2) {
            throw new IllegalArgumentException("Invalid number of parts in table name: " + sql);
        }
        return parts.size() == 1
                ? new TableName("public", identifier(parts.get(0)))
                : new TableName(identifier(parts.get(0)), identifier(parts.get(1)));
    }

    /** The name in a form {@link #parse} reads back, every part quoted. */
    public String sql() {
        return quote(schema) + "." + quote(name);
    }

    static String quote(String part) {
        return '"' + part.replace("\"", "\"\"") + '"';
    }

    /** Reads one SQL identifier: folded to lower case unless quoted. */
    static String identifier(String sql) {
        if (sql.isEmpty() || sql.equals("\"\"")) {
            throw new IllegalArgumentException("Invalid zero-length delimited identifier");
        }
        String name = sql.length() > 1 && sql.startsWith("\"") && sql.endsWith("\"") ? quoted(sql) : unquoted(sql);
        if (name.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("Identifier is too long (max length is " + MAX_LENGTH + ")");
        }
        return name;
    }

    static List<String> splitOutsideQuotes(String text, char separator) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            }
            if (c == separator && !quoted) {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return parts;
    }

    private static String quoted(String sql) {
        String inner = sql.substring(1, sql.length() - 1);
        if (inner.replace("\"\"", "").indexOf('"') >= 0) {
            throw new IllegalArgumentException("Invalid identifier with unescaped quote: " + inner);
        }
        return inner.replace("\"\"", "\"");
    }

    private static String unquoted(String sql) {
        if (!PLAIN.matcher(sql).matches()) {
            throw new IllegalArgumentException("Invalid unquoted identifier contains special characters: " + sql);
        }
        return sql.toLowerCase(Locale.ROOT);
    }
}
