package dev.tributary.electric;

import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The two spellings of words in a name. */
final class SnakeCamel {

    static final ColumnNames UNCHANGED = new Pair(UnaryOperator.identity(), UnaryOperator.identity());
    static final ColumnNames INSTANCE = new Pair(SnakeCamel::toCamel, SnakeCamel::toSnake);

    private static final Pattern PARTS = Pattern.compile("(_*)(.*?)(_*)", Pattern.DOTALL);
    private static final Pattern NEXT_WORD = Pattern.compile("_([a-z])");
    private static final Pattern LOWER_UPPER = Pattern.compile("([a-z])([A-Z])");
    private static final Pattern WORD_AFTER_ACRONYM = Pattern.compile("([A-Z]+)([A-Z][a-z])");

    private SnakeCamel() {}

    /** A run of underscores loses its last one; those at the ends stay. */
    static String toCamel(String snake) {
        return between(
                snake,
                core -> NEXT_WORD
                        .matcher(core.toLowerCase(Locale.ROOT))
                        .replaceAll(word -> word.group(1).toUpperCase(Locale.ROOT)));
    }

    static String toSnake(String camel) {
        return between(camel, core -> {
            String words = LOWER_UPPER.matcher(core).replaceAll("$1_$2");
            return WORD_AFTER_ACRONYM.matcher(words).replaceAll("$1_$2").toLowerCase(Locale.ROOT);
        });
    }

    private static String between(String name, UnaryOperator<String> change) {
        Matcher parts = PARTS.matcher(name);
        return parts.matches() ? parts.group(1) + change.apply(parts.group(2)) + parts.group(3) : name;
    }

    private record Pair(UnaryOperator<String> toApplication, UnaryOperator<String> toServer) implements ColumnNames {

        @Override
        public String decode(String column) {
            return toApplication.apply(column);
        }

        @Override
        public String encode(String name) {
            return toServer.apply(name);
        }
    }
}
