package dev.tributary.testkit.electric;

import dev.tributary.testkit.electric.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A recursive-descent parser of filters that compiles to {@link Where} as it goes. */
final class SqlParser {

    private static final Set<String> RESERVED =
            Set.of("and", "or", "not", "in", "is", "between", "like", "ilike", "select", "from", "where");
    private static final Set<String> COMPARISONS = Set.of("=", "<>", "<", "<=", ">", ">=");

    private final List<SqlToken> tokens;
    private final TableSpec table;
    private final Map<Integer, String> params;
    private int at;

    SqlParser(String sql, TableSpec table, Map<Integer, String> params) {
        this.tokens = SqlLexer.tokens(sql);
        this.table = table;
        this.params = params;
    }

    Where parse() {
        SqlNode node = or();
        if (peek().kind() != Kind.END) {
            throw unexpected(peek());
        }
        return node.toCondition();
    }

    private SqlNode or() {
        SqlNode left = and();
        while (takeWord("or")) {
            Where a = left.toCondition();
            Where b = and().toCondition();
            left = SqlNode.condition(left.location(), row -> either(a.test(row), b, row));
        }
        return left;
    }

    private SqlNode and() {
        SqlNode left = not();
        while (takeWord("and")) {
            Where a = left.toCondition();
            Where b = not().toCondition();
            left = SqlNode.condition(left.location(), row -> both(a.test(row), b, row));
        }
        return left;
    }

    private SqlNode not() {
        int location = peek().location();
        if (takeWord("not")) {
            return SqlNode.condition(location, negated(not().toCondition()));
        }
        return is();
    }

    private SqlNode is() {
        SqlNode node = comparison();
        while (peek().isWord("is")) {
            int location = next().location();
            boolean negate = takeWord("not");
            SqlToken what = next();
            SqlNode tested = node;
            Where test = switch (what.kind() == Kind.WORD ? what.text() : "") {
                case "null" -> row -> tested.value(row) == null;
                case "unknown" -> row -> tested.toCondition().test(row) == null;
                case "true" -> {
                    Where condition = tested.toCondition();
                    yield row -> Boolean.TRUE.equals(condition.test(row));
                }
                case "false" -> {
                    Where condition = tested.toCondition();
                    yield row -> Boolean.FALSE.equals(condition.test(row));
                }
                default -> throw unexpected(what);
            };
            node = SqlNode.condition(location, negate ? negated(test) : test);
        }
        return node;
    }

    private SqlNode comparison() {
        SqlNode left = range();
        SqlToken operator = peek();
        if (operator.kind() == Kind.OPERATOR && COMPARISONS.contains(operator.text())) {
            next();
            return SqlNode.condition(operator.location(), compare(left, range(), operator.text(), operator.location()));
        }
        return left;
    }

    private SqlNode range() {
        SqlNode left = primary();
        int location = peek().location();
        boolean negate = peek().isWord("not") && tokens.get(at + 1).kind() == Kind.WORD;
        if (negate) {
            next();
        }
        Where test;
        if (takeWord("between")) {
            SqlNode low = primary();
            expectWord("and");
            SqlNode high = primary();
            Where from = compare(left, low, ">=", location);
            Where to = compare(left, high, "<=", location);
            test = row -> both(from.test(row), to, row);
        } else if (takeWord("in")) {
            test = in(left, location);
        } else if (peek().isWord("like") || peek().isWord("ilike")) {
            boolean ignoreCase = next().text().equals("ilike");
            test = like(left, primary(), ignoreCase, location);
        } else if (negate) {
            throw unexpected(peek());
        } else {
            return left;
        }
        return SqlNode.condition(location, negate ? negated(test) : test);
    }

    private Where in(SqlNode left, int location) {
        expectOperator("(");
        if (peek().isWord("select")) {
            throw new WhereException(peek().location(), "subqueries are not supported");
        }
        List<Where> tests = new ArrayList<>();
        do {
            tests.add(compare(left, primary(), "=", location));
        } while (takeOperator(","));
        expectOperator(")");
        return row -> {
            boolean unknown = false;
            for (Where test : tests) {
                Boolean result = test.test(row);
                if (result == null) {
                    unknown = true;
                } else if (result) {
                    return true;
                }
            }
            return unknown ? null : Boolean.FALSE;
        };
    }

    private SqlNode primary() {
        SqlToken token = next();
        return switch (token.kind()) {
            case STRING -> SqlNode.unknown(token.location(), token.text());
            case NUMBER -> number(token, token.text());
            case PARAMETER -> parameter(token);
            case QUOTED_NAME -> column(token);
            case WORD -> word(token);
            case OPERATOR -> operator(token);
            case END -> throw unexpected(token);
        };
    }

    private SqlNode operator(SqlToken token) {
        if (token.isOperator("(")) {
            SqlNode inner = or();
            expectOperator(")");
            return inner;
        }
        if ((token.isOperator("-") || token.isOperator("+")) && peek().kind() == Kind.NUMBER) {
            return number(token, token.text() + next().text());
        }
        throw unexpected(token);
    }

    private SqlNode word(SqlToken token) {
        if (peek().isOperator("(") && !RESERVED.contains(token.text())) {
            throw new WhereException(
                    token.location(), "unknown or unsupported function " + token.text() + "/" + arity());
        }
        return switch (token.text()) {
            case "true" -> SqlNode.literal(token.location(), "bool", 0, "t");
            case "false" -> SqlNode.literal(token.location(), "bool", 0, "f");
            case "null" -> SqlNode.ofNull(token.location());
            default -> {
                if (RESERVED.contains(token.text())) {
                    throw unexpected(token);
                }
                yield column(token);
            }
        };
    }

    private int arity() {
        int depth = 0;
        int commas = 0;
        boolean empty = true;
        for (int i = at; tokens.get(i).kind() != Kind.END; i++) {
            SqlToken token = tokens.get(i);
            if (token.isOperator("(")) {
                depth++;
            } else if (token.isOperator(")") && --depth == 0) {
                break;
            } else {
                empty = false;
                commas += depth == 1 && token.isOperator(",") ? 1 : 0;
            }
        }
        return empty ? 0 : commas + 1;
    }

    private SqlNode column(SqlToken token) {
        int index = table.indexOf(token.text());
        if (index < 0) {
            throw new WhereException(token.location(), "unknown reference " + token.text());
        }
        return SqlNode.column(token.location(), table.column(index), index);
    }

    private SqlNode parameter(SqlToken token) {
        String value = token.text().matches("[0-9]{1,9}") ? params.get(Integer.valueOf(token.text())) : null;
        if (value == null) {
            throw new WhereException(token.location(), "parameter $" + token.text() + " was not provided");
        }
        return SqlNode.unknown(token.location(), value);
    }

    private static SqlNode number(SqlToken token, String text) {
        boolean integer = SqlFamily.literal("int4", 0, text) != null;
        return SqlNode.literal(token.location(), integer ? "int4" : "numeric", 0, text);
    }

    private static Where compare(SqlNode first, SqlNode second, String operator, int location) {
        SqlNode left = first;
        SqlNode right = second;
        if (left.untyped() && right.untyped()) {
            left = left.as("text", 0);
            right = right.as("text", 0);
        } else if (left.untyped()) {
            left = left.as(right.type(), right.dims());
        } else {
            right = right.as(left.type(), left.dims());
        }
        if (left.is(SqlNode.Kind.NULL) || right.is(SqlNode.Kind.NULL)) {
            return row -> null;
        }
        SqlFamily family = SqlFamily.of(left.type(), left.dims());
        boolean comparable = family == SqlFamily.of(right.type(), right.dims())
                && (family != SqlFamily.OTHER || left.type().equals(right.type()) && left.dims() == right.dims());
        if (!comparable) {
            throw new WhereException(location, "Could not select an operator overload");
        }
        boolean padded = left.type().equals("bpchar") || right.type().equals("bpchar");
        return comparing(left, right, family, padded, sign(operator));
    }

    private static Where comparing(SqlNode left, SqlNode right, SqlFamily family, boolean padded, IntPredicate sign) {
        return row -> {
            String a = left.value(row);
            String b = right.value(row);
            if (a == null || b == null) {
                return null;
            }
            return padded
                    ? sign.test(family.compare(a.stripTrailing(), b.stripTrailing()))
                    : sign.test(family.compare(a, b));
        };
    }

    private static IntPredicate sign(String operator) {
        return switch (operator) {
            case "=" -> c -> c == 0;
            case "<>" -> c -> c != 0;
            case "<" -> c -> c < 0;
            case "<=" -> c -> c <= 0;
            case ">" -> c -> c > 0;
            default -> c -> c >= 0;
        };
    }

    private static Where like(SqlNode first, SqlNode second, boolean ignoreCase, int location) {
        SqlNode text = first.as("text", 0);
        SqlNode pattern = second.as("text", 0);
        boolean texts = (text.untyped() || SqlFamily.of(text.type(), text.dims()) == SqlFamily.TEXT)
                && (pattern.untyped() || SqlFamily.of(pattern.type(), pattern.dims()) == SqlFamily.TEXT);
        if (!texts) {
            throw new WhereException(location, "Could not select an operator overload");
        }
        Pattern fixed = pattern.is(SqlNode.Kind.LITERAL) ? likePattern(pattern.literal(), ignoreCase) : null;
        return row -> {
            String value = text.value(row);
            String wanted = pattern.value(row);
            if (value == null || wanted == null) {
                return null;
            }
            Pattern compiled = fixed != null ? fixed : likePattern(wanted, ignoreCase);
            return compiled.matcher(value).matches();
        };
    }

    private static Pattern likePattern(@Nullable String like, boolean ignoreCase) {
        String text = Objects.requireNonNullElse(like, "");
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                regex.append(".*");
            } else if (c == '_') {
                regex.append('.');
            } else {
                char plain = c == '\\' && i + 1 < text.length() ? text.charAt(++i) : c;
                if (Character.isHighSurrogate(plain) && i + 1 < text.length()) {
                    regex.append(plain).append(text.charAt(++i));
                } else {
                    regex.append(Pattern.quote(String.valueOf(plain)));
                }
            }
        }
        int flags = Pattern.DOTALL | (ignoreCase ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0);
        return Pattern.compile(regex.toString(), flags);
    }

    private static Where negated(Where condition) {
        return row -> {
            Boolean result = condition.test(row);
            return result == null ? null : Boolean.valueOf(!result);
        };
    }

    private static @Nullable Boolean both(@Nullable Boolean a, Where second, @Nullable String[] row) {
        if (Boolean.FALSE.equals(a)) {
            return false;
        }
        Boolean b = second.test(row);
        return Boolean.FALSE.equals(b) ? b : a == null ? null : b;
    }

    private static @Nullable Boolean either(@Nullable Boolean a, Where second, @Nullable String[] row) {
        if (Boolean.TRUE.equals(a)) {
            return true;
        }
        Boolean b = second.test(row);
        return Boolean.TRUE.equals(b) ? b : a == null ? null : b;
    }

    private SqlToken peek() {
        return tokens.get(at);
    }

    private SqlToken next() {
        SqlToken token = tokens.get(at);
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    private boolean takeWord(String word) {
        boolean found = peek().isWord(word);
        if (found) {
            next();
        }
        return found;
    }

    private boolean takeOperator(String operator) {
        boolean found = peek().isOperator(operator);
        if (found) {
            next();
        }
        return found;
    }

    private void expectWord(String word) {
        if (!takeWord(word)) {
            throw unexpected(peek());
        }
    }

    private void expectOperator(String operator) {
        if (!takeOperator(operator)) {
            throw unexpected(peek());
        }
    }

    private static WhereException unexpected(SqlToken token) {
        return token.kind() == Kind.END
                ? WhereException.syntax(token.location(), "at end of input")
                : WhereException.syntax(token.location(), "at or near \"" + token.source() + "\"");
    }
}
