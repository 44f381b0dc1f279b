package dev.tributary.testkit.electric;

import dev.tributary.testkit.electric.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/** Splits a filter into tokens; words are folded to lower case. */
final class SqlLexer {

    private static final List<String> OPERATORS =
            List.of("<>", "!=", "<=", ">=", "=", "<", ">", "(", ")", ",", "-", "+");

    private final String sql;
    private final List<SqlToken> tokens = new ArrayList<>();
    private int at;

    private SqlLexer(String sql) {
        this.sql = sql;
    }

    static List<SqlToken> tokens(String sql) {
        SqlLexer lexer = new SqlLexer(sql);
        while (lexer.next()) {
            // all work is done by next()
        }
        return lexer.tokens;
    }

    private boolean next() {
        while (at < sql.length() && Character.isWhitespace(sql.charAt(at))) {
            at++;
        }
        if (at == sql.length()) {
            tokens.add(new SqlToken(Kind.END, "", "", at));
            return false;
        }
        char c = sql.charAt(at);
        if (c == '\'') {
            quoted('\'', Kind.STRING, "unterminated quoted string");
        } else if (c == '"') {
            quoted('"', Kind.QUOTED_NAME, "unterminated quoted identifier");
        } else if (c == '$') {
            int end = run(at + 1, Character::isDigit);
            add(Kind.PARAMETER, sql.substring(at + 1, end), end);
        } else if (Character.isDigit(c) || c == '.') {
            number();
        } else if (Character.isLetter(c) || c == '_') {
            int end = run(at, x -> Character.isLetterOrDigit(x) || x == '_' || x == '$');
            add(Kind.WORD, sql.substring(at, end).toLowerCase(Locale.ROOT), end);
        } else {
            operator();
        }
        return true;
    }

    private void quoted(char quote, Kind kind, String problem) {
        StringBuilder text = new StringBuilder();
        int i = at + 1;
        while (true) {
            if (i >= sql.length()) {
                throw WhereException.syntax(at, "at " + problem);
            }
            char c = sql.charAt(i++);
            if (c != quote) {
                text.append(c);
            } else if (i < sql.length() && sql.charAt(i) == quote) {
                text.append(quote);
                i++;
            } else {
                break;
            }
        }
        add(kind, text.toString(), i);
    }

    private void number() {
        int end = run(at, Character::isDigit);
        if (end < sql.length() && sql.charAt(end) == '.') {
            end = run(end + 1, Character::isDigit);
        }
        if (end < sql.length() && (sql.charAt(end) == 'e' || sql.charAt(end) == 'E')) {
            int digits = end + 1;
            if (digits < sql.length() && (sql.charAt(digits) == '-' || sql.charAt(digits) == '+')) {
                digits++;
            }
            int stop = run(digits, Character::isDigit);
            if (stop > digits) {
                end = stop;
            }
        }
        add(Kind.NUMBER, sql.substring(at, end), end);
    }

    private void operator() {
        for (String operator : OPERATORS) {
            if (sql.startsWith(operator, at)) {
                add(Kind.OPERATOR, operator.equals("!=") ? "<>" : operator, at + operator.length());
                return;
            }
        }
        throw WhereException.syntax(at, "at or near \"" + sql.charAt(at) + "\"");
    }

    private void add(Kind kind, String text, int end) {
        tokens.add(new SqlToken(kind, text, sql.substring(at, end), at));
        at = end;
    }

    private int run(int from, IntPredicate accepted) {
        int end = from;
        while (end < sql.length() && accepted.test(sql.charAt(end))) {
            end++;
        }
        return end;
    }
}
