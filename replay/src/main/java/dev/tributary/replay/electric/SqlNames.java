package dev.tributary.replay.electric;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Identifiers as PostgreSQL reads them: what is not in double quotes is lower case. */
final class SqlNames {

    private SqlNames() {}

    /** The names of a comma-separated list. */
    static List<String> list(String text) {
        return split(text, ',');
    }

    /** A table name with its schema, {@code public} where none is given, each part in quotes. */
    static String qualified(String table) {
        List<String> parts = split(table, '.');
        if (parts.size() == 1 && !parts.get(0).isEmpty()) {
            parts.add(0, "public");
        }
        return String.join(".", parts.stream().map(part -> '"' + part + '"').toList());
    }

    private static List<String> split(String text, char separator) {
        List<String> names = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        StringBuilder bare = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : separator;
            if (quoted && i < text.length()) {
                if (c != '"') {
                    name.append(c);
                } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    name.append(c);
                    i++;
                } else {
                    quoted = false;
                }
            } else if (c == separator) {
                name.append(fold(bare));
                names.add(name.toString());
                name.setLength(0);
            } else if (c == '"') {
                name.append(fold(bare));
                quoted = true;
            } else {
                bare.append(c);
            }
        }
        names.removeIf(String::isEmpty);
        return names;
    }

    private static String fold(StringBuilder bare) {
        String folded = bare.toString().strip().toLowerCase(Locale.ROOT);
        bare.setLength(0);
        return folded;
    }
}
