package dev.tributary.spacetimedb;

import dev.tributary.ConnectionException;
import dev.tributary.Credential;
import dev.tributary.OutcomeUnknownException;
import dev.tributary.ProtocolException;
import dev.tributary.SyncException;
import dev.tributary.spacetimedb.SpacetimeDbHttp.DatabaseInfo;
import dev.tributary.spacetimedb.SpacetimeDbHttp.NewIdentity;
import dev.tributary.spacetimedb.SpacetimeDbHttp.SqlResult;
import dev.tributary.spi.HttpTarget;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One kind of request over HTTP.
 *
 * @param what for messages
 * @param writes whether it may have been done though no answer came
 * @param to where it goes
 * @param read what a good answer means
 */
record HttpQuestion(
        String what,
        boolean writes,
        BiFunction<Targets, Credential, HttpTarget> to,
        Function<String, @Nullable Object> read)
        implements Wish.Http {

    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int BAD_REQUEST = 400;

    static Wish.Http ping() {
        return new HttpQuestion("the ping", false, (targets, credential) -> targets.ping(), body -> null);
    }

    static Wish.Http sql(String sql, @Nullable Boolean confirmed) {
        String what = "the answer to SQL";
        return new HttpQuestion(
                "the SQL",
                true,
                (targets, credential) -> targets.sql(sql, confirmed, credential),
                body -> PlainJson.list(what, PlainJson.of(what, body)).stream()
                        .map(one -> result(what, one))
                        .toList());
    }

    private static SqlResult result(String what, @Nullable Object value) {
        Map<?, ?> result = PlainJson.map(what, value);
        List<String> columns = new ArrayList<>();
        Map<?, ?> schema = PlainJson.map(what, result.get("schema"));
        for (Object element : PlainJson.list(what, schema.get("elements"))) {
            Object name = PlainJson.map(what, element).get("name");
            columns.add(name instanceof Map<?, ?> option && option.get("some") instanceof String some ? some : "");
        }
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (Object row : PlainJson.list(what, result.get("rows"))) {
            rows.add(new ArrayList<@Nullable Object>(PlainJson.list(what, row)));
        }
        Map<?, ?> stats = result.get("stats") instanceof Map<?, ?> map ? map : Map.of();
        return new SqlResult(
                List.copyOf(columns),
                rows,
                count(stats, "rows_inserted"),
                count(stats, "rows_updated"),
                count(stats, "rows_deleted"));
    }

    private static long count(Map<?, ?> stats, String name) {
        return stats.get(name) instanceof Long number ? number : 0;
    }

    static Wish.Http call(String function, String arguments) {
        return new HttpQuestion(
                "the call of " + function,
                true,
                (targets, credential) -> targets.call(function, arguments, credential),
                body -> body);
    }

    static Wish.Http createIdentity() {
        String what = "the new identity";
        return new HttpQuestion(what, true, (targets, credential) -> targets.identity(Credential.NONE), body -> {
            Map<?, ?> answer = PlainJson.map(what, PlainJson.of(what, body));
            return new NewIdentity(identity(what, answer.get("identity")), PlainJson.text(what, answer, "token"));
        });
    }

    static Wish.Http websocketToken() {
        String what = "the exchange of the token";
        return new HttpQuestion(
                what,
                false,
                Targets::websocketToken,
                body -> PlainJson.text(what, PlainJson.map(what, PlainJson.of(what, body)), "token"));
    }

    static Wish.Http verify(Identity identity) {
        return new Verification(identity);
    }

    static Wish.Http publicKey() {
        return new HttpQuestion("the public key", false, (targets, credential) -> targets.publicKey(), body -> body);
    }

    static Wish.Http database() {
        String what = "the description of the database";
        return new HttpQuestion(what, false, (targets, credential) -> targets.database("", credential), body -> {
            Map<?, ?> answer = PlainJson.map(what, PlainJson.of(what, body));
            Map<?, ?> host = PlainJson.map(what, answer.get("host_type"));
            return new DatabaseInfo(
                    identity(what, answer.get("database_identity")),
                    identity(what, answer.get("owner_identity")),
                    host.isEmpty()
                            ? ""
                            : String.valueOf(host.keySet().iterator().next()),
                    String.valueOf(answer.get("initial_program")));
        });
    }

    static Wish.Http names() {
        String what = "the names of the database";
        return new HttpQuestion(
                what,
                false,
                (targets, credential) -> targets.database("/names", credential),
                body -> PlainJson.list(
                                what,
                                PlainJson.map(what, PlainJson.of(what, body)).get("names"))
                        .stream()
                        .map(String::valueOf)
                        .toList());
    }

    static Wish.Http schema(int version) {
        return new HttpQuestion(
                "the schema", false, (targets, credential) -> targets.schema(version, credential), body -> body);
    }

    /** Plain hexadecimal digits, with or without {@code 0x}, or the object around them. */
    private static Identity identity(String what, @Nullable Object value) {
        Object text = value instanceof Map<?, ?> map ? map.get("__identity__") : value;
        try {
            String digits = String.valueOf(text);
            return new Identity(new BigInteger(digits.startsWith("0x") ? digits.substring(2) : digits, 16));
        } catch (IllegalArgumentException e) {
            throw new ProtocolException(what + " has no identity where one should be", e);
        }
    }

    @Override
    public HttpTarget target(Targets targets, Credential credential) {
        return to.apply(targets, credential);
    }

    @Override
    public @Nullable Object answer(int status, String body) {
        if (status != OK) {
            throw SpacetimeDbException.ofStatus(what, status, body);
        }
        return read.apply(body);
    }

    @Override
    public SyncException failure(SyncException reason) {
        return writes
                ? new OutcomeUnknownException("no whole answer to " + what + " came; the outcome is unknown", reason)
                : new ConnectionException("no whole answer to " + what + " came: " + reason.getMessage(), reason);
    }

    /** Its answer is in the status. */
    private record Verification(Identity identity) implements Wish.Http {

        @Override
        public HttpTarget target(Targets targets, Credential credential) {
            return targets.verify(identity, credential);
        }

        @Override
        public Object answer(int status, String body) {
            if (status == NO_CONTENT || status == OK) {
                return true;
            }
            if (status == BAD_REQUEST) {
                return false;
            }
            throw SpacetimeDbException.ofStatus("the verification", status, body);
        }

        @Override
        public SyncException failure(SyncException reason) {
            return new ConnectionException("no whole answer to the verification came: " + reason.getMessage(), reason);
        }
    }
}
