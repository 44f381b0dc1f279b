package dev.tributary.testkit.spacetimedb;

import java.util.ArrayList;
import java.util.List;

/** Cuts SQL into tokens. */
final class SqlLexer {

    /** What a token is. */
    enum Kind {
        WORD,
        QUOTED,
        NUMBER,
        TEXT,
        SYMBOL,
        END
    }

    /**
     * A token.
     *
     * @param column from 1
     */
    record Token(Kind kind, String text, int column) {

        boolean is(String word) {
            return (kind == Kind.WORD || kind == Kind.SYMBOL) && text.equalsIgnoreCase(word);
        }
    }

    private SqlLexer() {}

    static List<Token> tokens(String sql) throws SqlException {
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            int start = at;
            if (Character.isWhitespace(c)) {
                at++;
            } else if (Character.isLetter(c) || c == '_' || c == ':') {
                at++;
                at = word(sql, at);
                tokens.add(new Token(Kind.WORD, sql.substring(start, at), start + 1));
            } else if (c >= '0' && c <= '9'
                    || c == '-' && at + 1 < sql.length() && Character.isDigit(sql.charAt(at + 1))) {
                at++;
                while (at < sql.length() && number(sql, at)) {
                    at++;
                }
                tokens.add(new Token(Kind.NUMBER, sql.substring(start, at), start + 1));
            } else if (c == '\'' || c == '"') {
                StringBuilder text = new StringBuilder();
                at++;
                while (true) {
                    if (at >= sql.length()) {
                        throw new SqlException(
                                "sql parser error: Unterminated string literal at Line: 1, Column " + (start + 1));
                    }
                    if (sql.charAt(at) == c) {
                        if (at + 1 < sql.length() && sql.charAt(at + 1) == c) {
                            at++;
                        } else {
                            break;
                        }
                    }
                    text.append(sql.charAt(at++));
                }
                at++;
                tokens.add(new Token(c == '"' ? Kind.QUOTED : Kind.TEXT, text.toString(), start + 1));
            } else {
                String two = at + 1 < sql.length() ? sql.substring(at, at + 2) : "";
                int length = two.equals("<=") || two.equals(">=") || two.equals("<>") || two.equals("!=") ? 2 : 1;
                at += length;
                tokens.add(new Token(Kind.SYMBOL, sql.substring(start, at), start + 1));
            }
        }
        tokens.add(new Token(Kind.END, "EOF", sql.length() + 1));
        return tokens;
    }

    private static int word(String sql, int from) {
        int at = from;
        while (at < sql.length() && (Character.isLetterOrDigit(sql.charAt(at)) || sql.charAt(at) == '_')) {
            at++;
        }
        return at;
    }

    private static boolean number(String sql, int at) {
        char c = sql.charAt(at);
        return Character.isLetterOrDigit(c)
                || c == '.'
                || (c == '+' || c == '-') && Character.toLowerCase(sql.charAt(at - 1)) == 'e';
    }
}
