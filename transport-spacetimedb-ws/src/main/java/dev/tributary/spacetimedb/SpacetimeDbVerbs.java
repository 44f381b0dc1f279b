package dev.tributary.spacetimedb;

import dev.tributary.ConfigurationException;
import dev.tributary.RejectedException;
import dev.tributary.Row;
import dev.tributary.spi.Verb;
import dev.tributary.spi.Verb.Argument;
import dev.tributary.spi.Verb.Given;
import dev.tributary.spi.Verbs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The methods of {@link SpacetimeDb} by their names, for commands and scripts. */
final class SpacetimeDbVerbs {

    private static final Argument ARGUMENTS = Argument.value("ARGUMENTS").orNone();
    private static final Argument SQL = Argument.text("SQL");

    private SpacetimeDbVerbs() {}

    static Verbs of(SpacetimeDb db) {
        return Verbs.of(
                Verb.of(
                        "reducer",
                        "calls a reducer; ARGUMENTS is an array by position or an object by name",
                        (given, deadline) -> db.callReducer(given.text(0), arguments(given), deadline)
                                .thenApply(SpacetimeDbVerbs::plain),
                        Argument.text("REDUCER"),
                        ARGUMENTS),
                Verb.of(
                        "procedure",
                        "calls a procedure; ARGUMENTS is an array by position or an object by name",
                        (given, deadline) -> db.callProcedure(given.text(0), arguments(given), deadline)
                                .thenApply(SpacetimeDbVerbs::plain),
                        Argument.text("PROCEDURE"),
                        ARGUMENTS),
                Verb.of(
                        "query",
                        "asks once for the rows of a SELECT * over the connection",
                        (given, deadline) -> db.oneOffQuery(given.text(0), deadline)
                                .thenApply(result ->
                                        result.rows().stream().map(Row::toMap).toList()),
                        SQL),
                Verb.of(
                        "sql",
                        "runs one SQL statement over HTTP",
                        (given, deadline) -> db.http()
                                .sql(given.text(0), deadline)
                                .thenApply(results -> results.stream()
                                        .map(SpacetimeDbVerbs::plain)
                                        .toList()),
                        SQL),
                Verb.of(
                        "identity",
                        "tells who we are",
                        (given, deadline) -> db.connection(deadline)
                                .thenApply(info -> info.identity().toString())),
                Verb.of(
                        "schema",
                        "tells the schema of the module as JSON",
                        (given, deadline) -> db.http().schema(9, deadline)));
    }

    private static Arguments arguments(Given given) {
        if (given.count() < 2) {
            return Arguments.of();
        }
        if (given.value(1) instanceof List<?> list) {
            return Arguments.of(list.toArray());
        }
        if (given.value(1) instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> named = new LinkedHashMap<>();
            map.forEach((name, value) -> named.put(String.valueOf(name), value));
            return Arguments.named(named);
        }
        throw new ConfigurationException("ARGUMENTS is to be an array or an object");
    }

    private static @Nullable Object plain(ReducerOutcome outcome) {
        if (outcome instanceof ReducerOutcome.Committed committed) {
            return committed.value();
        }
        throw new RejectedException(
                outcome instanceof ReducerOutcome.Failed failed
                        ? failed.reason()
                        : outcome instanceof ReducerOutcome.InternalError error
                                ? error.reason()
                                : "the energy of the database is used up");
    }

    private static @Nullable Object plain(ProcedureOutcome outcome) {
        if (outcome instanceof ProcedureOutcome.Returned returned) {
            return returned.value();
        }
        throw new RejectedException(
                outcome instanceof ProcedureOutcome.InternalError error
                        ? error.reason()
                        : "the energy of the database is used up");
    }

    private static Map<String, Object> plain(SpacetimeDbHttp.SqlResult result) {
        Map<String, Object> plain = new LinkedHashMap<>();
        plain.put("columns", result.columns());
        plain.put("rows", result.rows());
        return plain;
    }
}
