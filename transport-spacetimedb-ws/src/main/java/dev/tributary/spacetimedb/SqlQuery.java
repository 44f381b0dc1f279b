package dev.tributary.spacetimedb;

import dev.tributary.ConfigurationException;
import dev.tributary.Query;
import dev.tributary.spacetimedb.SqlTokens.Token;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The text of a query: one or several SELECTs over one table. Read as far as it takes to know whose rows come; all else is
 * for the server to judge.
 *
 * @param statements each text once, without the semicolons
 * @param table whose rows come, as the text spells it
 * @param mayRepeat whether one row may come several times: of several SELECTs, or of a join
 */
record SqlQuery(List<String> statements, String table, boolean mayRepeat) {

    private static final int MOST_BYTES = 50_000;

    /**
     * Reads a query.
     *
     * @throws ConfigurationException when no view can be made of it
     */
    static SqlQuery of(Query query) {
        if (!query.parameters().isEmpty()) {
            throw new ConfigurationException("a query of SpacetimeDB is SQL and has no parameters, got '"
                    + query.parameters().get(0).name() + "'");
        }
        return of(query.name());
    }

    static SqlQuery of(String sql) {
        Set<String> statements = new LinkedHashSet<>();
        Set<String> tables = new LinkedHashSet<>();
        boolean joins = false;
        for (List<Token> tokens : split(SqlTokens.of(sql))) {
            Token last = tokens.get(tokens.size() - 1);
            int end = last.start() + lengthOf(sql, last);
            String statement = sql.substring(tokens.get(0).start(), end);
            if (statement.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
                throw new ConfigurationException("a SELECT has at most " + MOST_BYTES + " bytes");
            }
            Select select = new Select(tokens);
            tables.add(select.table());
            joins |= select.joins();
            statements.add(statement);
        }
        if (statements.isEmpty()) {
            throw new ConfigurationException("the query is empty; it is a SELECT * FROM a table");
        }
        if (tables.size() > 1) {
            throw new ConfigurationException(
                    "a view has the rows of one table, but the query names " + tables + "; make one view of each");
        }
        return new SqlQuery(List.copyOf(statements), tables.iterator().next(), joins || statements.size() > 1);
    }

    /** How long the word is as it was written. */
    private static int lengthOf(String sql, Token token) {
        if (token.kind() == SqlTokens.Kind.WORD || token.kind() == SqlTokens.Kind.SIGN) {
            return token.text().length();
        }
        char quote = sql.charAt(token.start());
        long doubled = token.text().chars().filter(c -> c == quote).count();
        return token.text().length() + (int) doubled + 2;
    }

    private static List<List<Token>> split(List<Token> tokens) {
        List<List<Token>> statements = new ArrayList<>();
        List<Token> open = new ArrayList<>();
        for (Token token : tokens) {
            if (!token.is(';')) {
                open.add(token);
            } else if (!open.isEmpty()) {
                statements.add(open);
                open = new ArrayList<>();
            }
        }
        if (!open.isEmpty()) {
            statements.add(open);
        }
        return statements;
    }

    /** One SELECT, read up to its condition. */
    private static final class Select {

        private static final Set<String> AFTER_TABLES = Set.of("where", "limit", "order", "group", "having", "union");

        private final List<Token> tokens;
        private final Map<String, String> tablesByAlias = new HashMap<>();
        private int at;
        private String selected = "";
        private String first = "";
        private int joined;

        Select(List<Token> tokens) {
            this.tokens = tokens;
            if (!take("select")) {
                throw new ConfigurationException(
                        "a query of SpacetimeDB is a SELECT * FROM a table, but this one begins" + " with '"
                                + tokens.get(0).text() + "'");
            }
            projection();
            tables();
        }

        private void projection() {
            if (takeSign('*')) {
                selected = "";
            } else if (at + 2 < tokens.size()
                    && tokens.get(at).isName()
                    && tokens.get(at + 1).is('.')
                    && tokens.get(at + 2).is('*')) {
                selected = tokens.get(at).text();
                at += 3;
            } else {
                throw notWhole();
            }
            if (!take("from")) {
                throw notWhole();
            }
            if (takeSign('*')) {
                throw new ConfigurationException(
                        "SELECT * FROM * is of all tables, but a view has the rows of one; make one view of each table");
            }
        }

        private static ConfigurationException notWhole() {
            return new ConfigurationException("the server sends whole rows to subscribers: SELECT * FROM a table, or"
                    + " SELECT t.* where tables are joined; columns can be chosen in SpacetimeDb.sql");
        }

        private void tables() {
            readTable();
            while (at < tokens.size() && !isAfterTables(tokens.get(at))) {
                if (take("join") || takeSign(',')) {
                    joined++;
                    readTable();
                } else {
                    at++;
                }
            }
            if (selected.isEmpty() && joined > 0) {
                throw new ConfigurationException("say whose rows are wanted of a join: SELECT t.* FROM …");
            }
            if (!selected.isEmpty() && !tablesByAlias.containsKey(selected)) {
                throw new ConfigurationException("the query selects " + selected + ".*, but names no such table");
            }
        }

        private static boolean isAfterTables(Token token) {
            return AFTER_TABLES.stream().anyMatch(token::is);
        }

        private void readTable() {
            if (at >= tokens.size() || !tokens.get(at).isName()) {
                throw new ConfigurationException("the query names no table behind "
                        + tokens.get(Math.min(at, tokens.size()) - 1).text());
            }
            String name = tokens.get(at++).text();
            String alias = name;
            boolean named = take("as");
            if (at < tokens.size() && tokens.get(at).isName() && (named || !isKeyword(tokens.get(at)))) {
                alias = tokens.get(at++).text();
            }
            if (first.isEmpty()) {
                first = name;
            }
            tablesByAlias.putIfAbsent(alias, name);
        }

        private static boolean isKeyword(Token token) {
            return token.kind() == SqlTokens.Kind.WORD
                    && (isAfterTables(token)
                            || token.is("join")
                            || token.is("inner")
                            || token.is("on")
                            || token.is("left")
                            || token.is("right")
                            || token.is("full")
                            || token.is("cross"));
        }

        private boolean take(String word) {
            boolean here = at < tokens.size() && tokens.get(at).is(word);
            at += here ? 1 : 0;
            return here;
        }

        private boolean takeSign(char sign) {
            boolean here = at < tokens.size() && tokens.get(at).is(sign);
            at += here ? 1 : 0;
            return here;
        }

        String table() {
            return selected.isEmpty() ? first : tablesByAlias.getOrDefault(selected, first);
        }

        boolean joins() {
            return joined > 0;
        }
    }
}
