package dev.tributary.spacetimedb;

import dev.tributary.ConfigurationException;
import java.util.ArrayList;
import java.util.List;

/** The words of a SQL text, without comments and white space. Says where a literal or a comment does not end. */
final class SqlTokens {

    /**
     * One word.
     *
     * @param text as it is meant: a quoted name without its quotes
     * @param kind what it is
     * @param start where it begins in the text
     */
    record Token(String text, Kind kind, int start) {

        /** Whether it is this word of SQL, in any case. */
        boolean is(String word) {
            return kind == Kind.WORD && text.equalsIgnoreCase(word);
        }

        boolean is(char sign) {
            return kind == Kind.SIGN && text.charAt(0) == sign;
        }

        boolean isName() {
            return kind == Kind.WORD || kind == Kind.QUOTED;
        }
    }

    /** What a word is. */
    enum Kind {
        /** A name or a keyword. */
        WORD,
        /** A name in double quotes. */
        QUOTED,
        /** A text in single quotes. */
        LITERAL,
        /** One character of anything else. */
        SIGN
    }

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private SqlTokens(String text) {
        this.text = text;
    }

    /**
     * Reads a text.
     *
     * @throws ConfigurationException when a quote or a comment is not closed
     */
    static List<Token> of(String text) {
        SqlTokens reader = new SqlTokens(text);
        while (reader.at < text.length()) {
            reader.next();
        }
        return reader.tokens;
    }

    private void next() {
        char c = text.charAt(at);
        int start = at;
        if (Character.isWhitespace(c)) {
            at++;
        } else if (text.startsWith("--", at)) {
            int end = text.indexOf('\n', at);
            at = end < 0 ? text.length() : end + 1;
        } else if (text.startsWith("/*", at)) {
            comment();
        } else if (c == '\'') {
            tokens.add(new Token(quoted('\''), Kind.LITERAL, start));
        } else if (c == '"') {
            tokens.add(new Token(quoted('"'), Kind.QUOTED, start));
        } else if (isWordPart(c)) {
            while (at < text.length() && isWordPart(text.charAt(at))) {
                at++;
            }
            tokens.add(new Token(text.substring(start, at), Kind.WORD, start));
        } else {
            at++;
            tokens.add(new Token(text.substring(start, at), Kind.SIGN, start));
        }
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$' || c == '#';
    }

    /** Comments nest, as in the server's SQL. */
    private void comment() {
        int start = at;
        int depth = 0;
        do {
            if (text.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (text.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else if (at >= text.length()) {
                throw new ConfigurationException("the comment at character " + start + " of the query does not end");
            } else {
                at++;
            }
        } while (depth > 0);
    }

    /** A doubled quote stands for itself. */
    private String quoted(char quote) {
        StringBuilder content = new StringBuilder();
        int start = at++;
        while (true) {
            int end = text.indexOf(quote, at);
            if (end < 0) {
                throw new ConfigurationException("the quote at character " + start + " of the query is not closed");
            }
            content.append(text, at, end);
            at = end + 1;
            if (at >= text.length() || text.charAt(at) != quote) {
                return content.toString();
            }
            content.append(quote);
            at++;
        }
    }
}
