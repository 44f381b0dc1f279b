package dev.tributary.electric;

import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Renames columns in SQL text and leaves alone what is none: literals, quoted names, keywords, functions, {@code $n}. */
final class SqlIdentifiers {

    private static final Pattern TOKEN = Pattern.compile("(?<literal>[eEbBxX]?'(?:[^']|'')*'?)"
            + "|(?<quoted>\"(?:[^\"]|\"\")*\"?)"
            + "|(?<placeholder>\\$\\d+)"
            + "|(?<number>\\d[\\w.]*)"
            + "|(?<cast>::\\s*\\w+)"
            + "|(?<word>[\\p{L}_][\\p{L}\\p{N}_$]*)(?<call>\\s*\\()?");

    private static final Set<String> KEYWORDS = Set.of(
            "all",
            "and",
            "any",
            "array",
            "as",
            "asc",
            "at",
            "between",
            "by",
            "case",
            "cast",
            "collate",
            "desc",
            "distinct",
            "else",
            "end",
            "escape",
            "exists",
            "false",
            "first",
            "from",
            "group",
            "having",
            "ilike",
            "in",
            "is",
            "isnull",
            "join",
            "last",
            "like",
            "limit",
            "not",
            "notnull",
            "null",
            "nulls",
            "offset",
            "on",
            "or",
            "order",
            "select",
            "similar",
            "some",
            "symmetric",
            "then",
            "to",
            "true",
            "unknown",
            "using",
            "when",
            "where",
            "with",
            "zone");

    /** Types that may stand before a literal, {@code date '2024-01-31'}, and are fine column names elsewhere. */
    private static final Set<String> LITERAL_TYPES = Set.of("date", "interval", "time", "timestamp");

    private static final Pattern LITERAL_FOLLOWS = Pattern.compile("\\s*'");

    private SqlIdentifiers() {}

    /** The same expression with its column names changed. */
    static String rename(String sql, UnaryOperator<String> change) {
        Matcher tokens = TOKEN.matcher(sql);
        StringBuilder renamed = new StringBuilder();
        while (tokens.find()) {
            @Nullable String word = tokens.group("word");
            boolean isColumn =
                    word != null && tokens.group("call") == null && !isWordOfTheLanguage(word, sql, tokens.end());
            String token = isColumn ? change.apply(word) : tokens.group();
            tokens.appendReplacement(renamed, Matcher.quoteReplacement(token));
        }
        return tokens.appendTail(renamed).toString();
    }

    private static boolean isWordOfTheLanguage(String word, String sql, int end) {
        String lower = word.toLowerCase(Locale.ROOT);
        if (LITERAL_TYPES.contains(lower)) {
            return LITERAL_FOLLOWS.matcher(sql).region(end, sql.length()).lookingAt();
        }
        return KEYWORDS.contains(lower);
    }

    /** A column list with its names changed; quotes around a name stay. */
    static String renameList(String columns, UnaryOperator<String> change) {
        Matcher names =
                Pattern.compile("\"((?:[^\"]|\"\")*)\"|[^,\\s\"][^,\"]*").matcher(columns);
        StringBuilder renamed = new StringBuilder();
        while (names.find()) {
            @Nullable String quoted = names.group(1);
            String name = quoted == null
                    ? change.apply(names.group().strip())
                    : quote(change.apply(quoted.replace("\"\"", "\"")));
            names.appendReplacement(renamed, Matcher.quoteReplacement(name));
        }
        return names.appendTail(renamed).toString();
    }

    /** A name in double quotes, with those in it doubled. */
    static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
