package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.spacetimedb.SqlLexer.Kind;
import dev.tributary.testkit.spacetimedb.SqlLexer.Token;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the SQL of subscriptions, and the little more that the HTTP API takes. */
final class SqlParser {

    private static final int LONGEST = 50_000;

    private final SpacetimeDbModule module;
    private final String sql;
    private final BigInteger sender;
    private final boolean owner;
    private final List<Token> tokens;
    private int at;

    /** The tables in scope: the first, and the one joined with it. */
    private final List<Scope> scopes = new ArrayList<>();

    private record Scope(String relation, String alias) {}

    private record Operand(int scope, int column, @Nullable Token literal) {}

    private SqlParser(SpacetimeDbModule module, String sql, BigInteger sender, boolean owner) throws SqlException {
        this.module = module;
        this.sql = sql;
        this.sender = sender;
        this.owner = owner;
        if (sql.length() > LONGEST) {
            throw new SqlException("SQL query exceeds maximum allowed length: \"" + sql.substring(0, 120) + "...\"");
        }
        tokens = SqlLexer.tokens(sql);
    }

    /** The queries behind one text: one, or one for each table where everything is asked for. */
    static List<Query> subscription(
            SpacetimeDbModule module, String sql, BigInteger sender, boolean owner, boolean star) throws SqlException {
        List<Token> tokens = SqlLexer.tokens(sql);
        if (star
                && tokens.size() >= 5
                && tokens.get(0).is("select")
                && tokens.get(1).is("*")
                && tokens.get(2).is("from")
                && tokens.get(3).is("*")) {
            List<Query> all = new ArrayList<>();
            for (TableSpec table : module.tables().values()) {
                if (table.open() && !table.event()) {
                    all.add(query(module, "SELECT * FROM " + table.name(), sender, owner));
                }
            }
            return all;
        }
        return List.of(query(module, sql, sender, owner));
    }

    /** A query that returns whole rows. */
    static Query query(SpacetimeDbModule module, String sql, BigInteger sender, boolean owner) throws SqlException {
        SqlStatement statement = new SqlParser(module, sql, sender, owner).statement();
        if (!(statement instanceof SqlStatement.Select select)) {
            throw new SqlException("Unsupported: " + sql);
        }
        if (select.columns() != null || select.count() != null) {
            throw new SqlException(
                    "Column projections are not supported in subscriptions; Subscriptions must return a table type");
        }
        if (select.limit() >= 0) {
            throw new SqlException("Unsupported: " + sql);
        }
        return select.query();
    }

    /** A statement of the HTTP API. */
    static SqlStatement statement(SpacetimeDbModule module, String sql, BigInteger sender, boolean owner)
            throws SqlException {
        return new SqlParser(module, sql, sender, owner).statement();
    }

    private SqlStatement statement() throws SqlException {
        if (peek().kind() == Kind.END) {
            throw new SqlException("Empty SQL query");
        }
        Token first = next();
        SqlStatement statement;
        if (first.is("select")) {
            statement = select();
        } else if (first.is("insert") && owner) {
            statement = insert();
        } else if (first.is("update") && owner) {
            statement = update();
        } else if (first.is("delete") && owner) {
            statement = delete();
        } else if (first.is("insert") || first.is("update") || first.is("delete")) {
            throw new SqlException("Only owners are authorized to run SQL DML statements");
        } else {
            throw new SqlException("sql parser error: Expected an SQL statement, found: " + first.text()
                    + " at Line: 1, Column " + first.column());
        }
        if (peek().is(";")) {
            next();
            if (peek().kind() != Kind.END) {
                throw new SqlException("Multiple SQL statements are not supported");
            }
        }
        if (peek().kind() != Kind.END) {
            throw expected("end of statement");
        }
        return statement;
    }

    // ---- SELECT ----

    private SqlStatement select() throws SqlException {
        List<Token[]> items = new ArrayList<>();
        String count = null;
        boolean star = false;
        String starOf = null;
        if (peek().is("*")) {
            next();
            star = true;
        } else if (peek().is("count")) {
            next();
            need("(");
            need("*");
            need(")");
            need("as");
            count = identifier();
        } else {
            do {
                Token name = next();
                if (name.kind() != Kind.WORD && name.kind() != Kind.QUOTED) {
                    throw new SqlException("sql parser error: Expected an expression:, found: " + name.text()
                            + " at Line: 1, Column " + name.column());
                }
                if (peek().is(".")) {
                    next();
                    if (peek().is("*")) {
                        next();
                        starOf = name.text();
                    } else {
                        items.add(new Token[] {name, next()});
                    }
                } else {
                    items.add(new Token[] {name});
                }
            } while (accept(","));
        }
        need("from");
        scope();
        int leftColumn = -1;
        int rightColumn = -1;
        if (accept("inner") || peek().is("join")) {
            need("join");
            scope();
            need("on");
            Operand a = operand();
            need("=");
            Operand b = operand();
            if (a.literal() != null || b.literal() != null || a.scope() == b.scope()) {
                throw new SqlException("Unsupported: " + sql);
            }
            leftColumn = a.scope() == 0 ? a.column() : b.column();
            rightColumn = a.scope() == 1 ? a.column() : b.column();
        }
        if (star && scopes.size() > 1) {
            throw new SqlException("SELECT * is not supported for joins");
        }
        int selected = starOf == null ? 0 : scopeOf(starOf);
        Condition where = accept("where") ? or(selected) : Condition.TRUE;
        if (peek().is("order") || peek().is("group")) {
            throw new SqlException("Unsupported: " + sql);
        }
        long limit = -1;
        if (accept("limit")) {
            limit = Long.parseLong(next().text());
        }
        Scope scope = scopes.get(selected);
        Query.Join join = scopes.size() == 1
                ? null
                : new Query.Join(
                        selected == 0 ? leftColumn : rightColumn,
                        scopes.get(1 - selected).relation(),
                        selected == 0 ? rightColumn : leftColumn);
        if (join != null && !isIndexed(scope.relation(), join.column())
                || join != null && !isIndexed(join.other(), join.otherColumn())) {
            throw new SqlException("Subscriptions require indexes on join columns");
        }
        TableSpec table = module.tables().get(scope.relation());
        Query query = new Query(
                key(),
                scope.relation(),
                table == null,
                table != null && table.event(),
                module.rowType(scope.relation()),
                where,
                join);
        List<Integer> columns = null;
        if (!items.isEmpty()) {
            columns = new ArrayList<>();
            for (Token[] item : items) {
                if (item.length == 2 && scopeOf(item[0].text()) != selected) {
                    throw new SqlException("Unsupported: " + sql);
                }
                columns.add(column(selected, item[item.length - 1].text()));
            }
        }
        return new SqlStatement.Select(query, columns, count, limit);
    }

    private boolean isIndexed(String relation, int column) {
        TableSpec table = module.tables().get(relation);
        return table != null && table.indexed().contains(column);
    }

    /** The text in which the same question is always the same. */
    private String key() {
        StringBuilder key = new StringBuilder();
        for (Token token : tokens) {
            if (token.kind() == Kind.WORD) {
                String upper = token.text().toUpperCase(Locale.ROOT);
                boolean keyword = List.of("SELECT", "FROM", "WHERE", "JOIN", "ON", "AND", "OR", "INNER", "AS")
                        .contains(upper);
                key.append(keyword ? upper : token.text());
            } else if (token.kind() == Kind.TEXT) {
                key.append('\'').append(token.text()).append('\'');
            } else if (token.kind() != Kind.END && !token.is(";")) {
                key.append(token.text());
            }
            key.append(' ');
        }
        return key.toString().strip();
    }

    private void scope() throws SqlException {
        Token name = next();
        if (name.kind() != Kind.WORD && name.kind() != Kind.QUOTED) {
            throw new SqlException("sql parser error: Expected identifier, found: " + name.text()
                    + " at Line: 1, Column " + name.column());
        }
        TableSpec table = module.tables().get(name.text());
        boolean known = table != null ? table.open() || owner : module.views().containsKey(name.text());
        if (!known) {
            throw new SqlException(
                    "no such table: `" + name.text() + "`. If the table exists, it may be marked private.");
        }
        accept("as");
        String alias = name.text();
        boolean keyword = List.of("WHERE", "JOIN", "INNER", "ON", "LIMIT", "ORDER", "GROUP", "SET")
                .contains(peek().text().toUpperCase(Locale.ROOT));
        if (peek().kind() == Kind.WORD && !keyword) {
            alias = next().text();
        }
        scopes.add(new Scope(name.text(), alias));
    }

    private int scopeOf(String alias) throws SqlException {
        for (int i = 0; i < scopes.size(); i++) {
            if (scopes.get(i).alias().equals(alias)) {
                return i;
            }
        }
        throw new SqlException("`" + alias + "` is not in scope");
    }

    private int column(int scope, String name) throws SqlException {
        int column = module.rowType(scopes.get(scope).relation()).indexOf(name);
        if (column < 0) {
            throw new SqlException("`" + name + "` is not in scope");
        }
        return column;
    }

    // ---- WHERE ----

    private Condition or(int selected) throws SqlException {
        Condition left = and(selected);
        while (accept("or")) {
            Condition one = left;
            Condition two = and(selected);
            left = (mine, other) -> one.test(mine, other) || two.test(mine, other);
        }
        return left;
    }

    private Condition and(int selected) throws SqlException {
        Condition left = comparison(selected);
        while (accept("and")) {
            Condition one = left;
            Condition two = comparison(selected);
            left = (mine, other) -> one.test(mine, other) && two.test(mine, other);
        }
        return left;
    }

    private Condition comparison(int selected) throws SqlException {
        if (accept("(")) {
            Condition inner = or(selected);
            need(")");
            return inner;
        }
        if (peek().is("not")) {
            throw new SqlException("Unsupported expression: " + sql);
        }
        Operand left = operand();
        String operator = next().text();
        if (!List.of("=", "!=", "<>", "<", ">", "<=", ">=").contains(operator)) {
            throw new SqlException("Unsupported expression: " + sql);
        }
        Operand right = operand();
        Operand known = left.literal() == null ? left : right;
        if (known.literal() != null) {
            throw new SqlException("Unsupported expression: " + sql);
        }
        SpacetimeType type = type(known);
        if (!SqlLiteral.isComparable(type)
                || left.literal() == null
                        && right.literal() == null
                        && !type(left).equals(type(right))) {
            throw new SqlException("Unexpected type in a comparison: " + sql);
        }
        Value one = value(left, type, selected);
        Value two = value(right, type, selected);
        return (mine, other) -> holds(operator, compare(one.of(mine, other), two.of(mine, other)));
    }

    private interface Value {
        Object of(List<Object> mine, List<Object> other);
    }

    private Value value(Operand operand, SpacetimeType type, int selected) throws SqlException {
        if (operand.literal() != null) {
            Object literal = SqlLiteral.of(operand.literal(), type, sender);
            return (mine, other) -> literal;
        }
        int column = operand.column();
        return operand.scope() == selected ? (mine, other) -> mine.get(column) : (mine, other) -> other.get(column);
    }

    private SpacetimeType type(Operand operand) {
        return module.types()
                .resolve(module.rowType(scopes.get(operand.scope()).relation())
                        .fields()
                        .get(operand.column())
                        .type());
    }

    private static int compare(Object left, Object right) {
        if (left instanceof byte[] a && right instanceof byte[] b) {
            return Arrays.compareUnsigned(a, b);
        }
        @SuppressWarnings("unchecked") // both are values of one type, which isComparable has let pass
        Comparable<Object> comparable = (Comparable<Object>) left;
        return comparable.compareTo(right);
    }

    private static boolean holds(String operator, int order) {
        return switch (operator) {
            case "=" -> order == 0;
            case "<" -> order < 0;
            case ">" -> order > 0;
            case "<=" -> order <= 0;
            case ">=" -> order >= 0;
            default -> order != 0;
        };
    }

    private Operand operand() throws SqlException {
        Token token = next();
        if (token.kind() == Kind.NUMBER
                || token.kind() == Kind.TEXT
                || token.is(":sender")
                || token.is("true")
                || token.is("false")) {
            return new Operand(-1, -1, token);
        }
        if ((token.is("x") || token.is("X")) && peek().kind() == Kind.TEXT) {
            return new Operand(-1, -1, next());
        }
        if (token.kind() != Kind.WORD && token.kind() != Kind.QUOTED) {
            throw new SqlException("sql parser error: Expected an expression:, found: " + token.text()
                    + " at Line: 1, Column " + token.column());
        }
        if (accept(".")) {
            int scope = scopeOf(token.text());
            return new Operand(scope, column(scope, next().text()), null);
        }
        if (scopes.size() > 1) {
            throw new SqlException("`" + token.text() + "` is not in scope");
        }
        return new Operand(0, column(0, token.text()), null);
    }

    // ---- writing ----

    private SqlStatement insert() throws SqlException {
        need("into");
        scope();
        SpacetimeType.Product row = module.rowType(scopes.get(0).relation());
        need("(");
        List<Integer> columns = new ArrayList<>();
        do {
            columns.add(column(0, identifier()));
        } while (accept(","));
        need(")");
        need("values");
        List<List<Object>> rows = new ArrayList<>();
        do {
            need("(");
            Object[] values = new Object[row.fields().size()];
            for (int i = 0; i < columns.size(); i++) {
                if (i > 0) {
                    need(",");
                }
                int column = columns.get(i);
                values[column] = literal(row, column);
            }
            need(")");
            if (columns.size() != row.fields().size()) {
                throw new SqlException("Inserting a row requires a value for every column");
            }
            rows.add(List.of(values));
        } while (accept(","));
        return new SqlStatement.Insert(scopes.get(0).relation(), rows);
    }

    private SqlStatement update() throws SqlException {
        scope();
        need("set");
        SpacetimeType.Product row = module.rowType(scopes.get(0).relation());
        List<Integer> columns = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        do {
            int column = column(0, identifier());
            need("=");
            columns.add(column);
            values.add(literal(row, column));
        } while (accept(","));
        Condition where = accept("where") ? or(0) : Condition.TRUE;
        return new SqlStatement.Update(scopes.get(0).relation(), columns, values, where);
    }

    private SqlStatement delete() throws SqlException {
        need("from");
        scope();
        Condition where = accept("where") ? or(0) : Condition.TRUE;
        return new SqlStatement.Delete(scopes.get(0).relation(), where);
    }

    private Object literal(SpacetimeType.Product row, int column) throws SqlException {
        return SqlLiteral.of(
                next(), module.types().resolve(row.fields().get(column).type()), sender);
    }

    // ---- tokens ----

    private String identifier() throws SqlException {
        Token token = next();
        if (token.kind() != Kind.WORD && token.kind() != Kind.QUOTED) {
            throw new SqlException("sql parser error: Expected identifier, found: " + token.text()
                    + " at Line: 1, Column " + token.column());
        }
        return token.text();
    }

    private Token peek() {
        return tokens.get(at);
    }

    private Token next() {
        Token token = tokens.get(at);
        if (token.kind() != Kind.END) {
            at++;
        }
        return token;
    }

    private boolean accept(String word) {
        if (peek().is(word)) {
            next();
            return true;
        }
        return false;
    }

    private void need(String word) throws SqlException {
        if (!accept(word)) {
            throw expected(word.toUpperCase(Locale.ROOT));
        }
    }

    private SqlException expected(String what) {
        return new SqlException("sql parser error: Expected " + what + ", found: " + peek().text()
                + " at Line: 1, Column " + peek().column());
    }
}
