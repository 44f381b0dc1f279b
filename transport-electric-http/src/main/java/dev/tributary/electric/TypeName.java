package dev.tributary.electric;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A type as it is named in saved views: {@code int4}, {@code numeric(10,2)}, {@code text[]}, {@code "an odd (name)"[][]}.
 *
 * @param base as in the catalogue
 * @param modifiers with their parentheses, or empty
 * @param dimensions 0 for a scalar
 */
record TypeName(String base, String modifiers, int dimensions) {

    private static final Pattern FORM = Pattern.compile(
            "(?:\"((?:[^\"]|\"\")*)\"|([^\"()\\[\\]]+))(\\(\\d+,-?\\d+\\))?((?:\\[\\])*)", Pattern.DOTALL);
    private static final Pattern PLAIN = Pattern.compile("[^\"()\\[\\]]+", Pattern.DOTALL);

    static TypeName parse(String name) {
        Matcher form = FORM.matcher(name);
        if (!form.matches()) {
            throw new IllegalArgumentException("no column type '" + name + "'");
        }
        @Nullable String quoted = form.group(1);
        @Nullable String modifiers = form.group(3);
        String base = quoted == null ? form.group(2) : quoted.replace("\"\"", "\"");
        return new TypeName(
                base, modifiers == null ? "" : modifiers, form.group(4).length() / 2);
    }

    @Override
    public String toString() {
        String name = PLAIN.matcher(base).matches() ? base : '"' + base.replace("\"", "\"\"") + '"';
        return name + modifiers + "[]".repeat(dimensions);
    }
}
