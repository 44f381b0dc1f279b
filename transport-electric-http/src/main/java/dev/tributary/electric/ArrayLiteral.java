package dev.tributary.electric;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Postgres array literals: elements in braces with commas between them, braces within braces for more dimensions,
 * {@code NULL} for null, and quotes with backslashes around whatever could be mistaken. Bounds before the first brace
 * ({@code [0:2]={…}}) are skipped.
 */
final class ArrayLiteral {

    /** The server has at most 6 dimensions. */
    private static final int MAX_DEPTH = 16;

    private static final Pattern BOUNDS = Pattern.compile("(?:\\[[-+]?\\d+:[-+]?\\d+\\])+=");
    private static final Pattern NEEDS_QUOTES = Pattern.compile("(?i)null|.*[{},\"\\\\\\s].*|", Pattern.DOTALL);

    private final String text;
    private final Function<String, Object> element;
    private int at;

    private ArrayLiteral(String text, Function<String, Object> element) {
        this.text = text;
        this.element = element;
    }

    /**
     * Reads a literal.
     *
     * @throws IllegalArgumentException when it is none, or an element is none
     */
    static List<@Nullable Object> read(String text, Function<String, Object> element) {
        ArrayLiteral literal = new ArrayLiteral(text, element);
        literal.skipBounds();
        List<@Nullable Object> list = literal.list(1);
        if (literal.at != text.length()) {
            throw literal.malformed("the end");
        }
        return list;
    }

    private void skipBounds() {
        if (text.startsWith("[")) {
            Matcher bounds = BOUNDS.matcher(text);
            if (!bounds.lookingAt()) {
                throw malformed("bounds such as [0:2]=");
            }
            at = bounds.end();
        }
    }

    private List<@Nullable Object> list(int depth) {
        expect('{');
        if (depth > MAX_DEPTH) {
            throw malformed("at most " + MAX_DEPTH + " dimensions");
        }
        List<@Nullable Object> list = new ArrayList<>();
        skipBlanks();
        if (peek() != '}') {
            list.add(item(depth));
            while (peek() == ',') {
                at++;
                skipBlanks();
                list.add(item(depth));
            }
        }
        expect('}');
        return Collections.unmodifiableList(list);
    }

    private @Nullable Object item(int depth) {
        Object value = switch (peek()) {
            case '{' -> list(depth + 1);
            case '"' -> element.apply(quoted());
            default -> plain();
        };
        skipBlanks();
        return value;
    }

    private String quoted() {
        StringBuilder value = new StringBuilder();
        at++;
        while (peek() != '"') {
            value.append(next());
        }
        at++;
        return value.toString();
    }

    private @Nullable Object plain() {
        StringBuilder value = new StringBuilder();
        int length = 0;
        while (peek() != ',' && peek() != '}') {
            if (peek() == '{' || peek() == '"') {
                throw malformed("',' or '}'");
            }
            boolean isBlank = isBlank(peek());
            value.append(next());
            length = isBlank ? length : value.length();
        }
        String word = value.substring(0, length);
        if (word.isEmpty()) {
            throw malformed("an element");
        }
        return word.equals("NULL") ? null : element.apply(word);
    }

    /** A character, with the backslash before it taken away. */
    private char next() {
        if (peek() == '\\') {
            at++;
        }
        char c = peek();
        at++;
        return c;
    }

    private char peek() {
        if (at >= text.length()) {
            throw malformed("'}'");
        }
        return text.charAt(at);
    }

    private void expect(char wanted) {
        if (peek() != wanted) {
            throw malformed("'" + wanted + "'");
        }
        at++;
    }

    private void skipBlanks() {
        while (isBlank(peek())) {
            at++;
        }
    }

    /** The server's blanks, and no others: it puts no quotes around elements that begin or end with a wider one. */
    private static boolean isBlank(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private IllegalArgumentException malformed(String wanted) {
        return new IllegalArgumentException("expected an array with " + wanted + " at character " + at);
    }

    /**
     * The literal of a list, as the server writes it.
     *
     * @param nested whether a list within the list is one more dimension, and no element
     */
    static String write(List<?> list, boolean nested, Function<Object, String> element) {
        StringBuilder text = new StringBuilder("{");
        for (Object item : list) {
            if (text.length() > 1) {
                text.append(',');
            }
            if (item == null) {
                text.append("NULL");
            } else if (nested && item instanceof List<?> inner) {
                text.append(write(inner, true, element));
            } else {
                text.append(quotedIfNeeded(element.apply(item)));
            }
        }
        return text.append('}').toString();
    }

    private static String quotedIfNeeded(String value) {
        if (!NEEDS_QUOTES.matcher(value).matches()) {
            return value;
        }
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
