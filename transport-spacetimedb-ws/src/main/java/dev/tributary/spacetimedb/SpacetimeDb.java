package dev.tributary.spacetimedb;

import dev.tributary.ConfigurationException;
import dev.tributary.NoticeListener;
import dev.tributary.Query;
import dev.tributary.Registration;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What only SpacetimeDB can do, by {@code source.unwrap(SpacetimeDb.class)}: reducers, procedures, one-off queries, the
 * HTTP interface of the server, and what a connection tells beside rows. Safe for any thread.
 *
 * <p>Each future ends in a result; in a {@link SpacetimeDbException}, when the server refused the request itself; in a
 * {@link dev.tributary.OutcomeUnknownException}, when the connection was lost or the time was over after it was sent; in a
 * {@link dev.tributary.ConnectionException}, when it was not sent. A call made while there is no connection waits for one
 * until its deadline; with {@link #onlyNow} it fails at once. What was sent and not answered is never sent again, unless it
 * only asks. A deadline does not stop what runs on the server.
 *
 * <p>A call that was committed is answered after the views of this source show what it did.
 */
public interface SpacetimeDb {

    /** How long the short forms wait. */
    Duration DEFAULT_DEADLINE = Duration.ofSeconds(30);

    /**
     * Calls a reducer, and waits up to {@link #DEFAULT_DEADLINE}.
     *
     * @param reducer its canonical name, for example {@code create_player}
     * @param arguments Java values in the order of the parameters
     */
    default CompletableFuture<ReducerOutcome> callReducer(String reducer, @Nullable Object... arguments) {
        return callReducer(reducer, Arguments.of(arguments), DEFAULT_DEADLINE);
    }

    /** Calls a reducer. That it failed is a result; see {@link ReducerOutcome}. */
    CompletableFuture<ReducerOutcome> callReducer(String reducer, Arguments arguments, Duration deadline);

    /**
     * Calls a reducer and does not wait for its end: done once it is on its way. <b>Nobody hears when it fails.</b> With v1
     * the server does not answer at all; later protocols always answer, which is ignored.
     */
    CompletableFuture<Void> sendReducer(String reducer, Arguments arguments, Duration deadline);

    /** Calls a procedure. */
    CompletableFuture<ProcedureOutcome> callProcedure(String procedure, Arguments arguments, Duration deadline);

    /**
     * Asks once for the rows of a SELECT, over the connection: it takes its place among the transactions that views show.
     *
     * <p>Not for views of the module: of one that nobody follows the server (2.8.3) answers no rows although there are some.
     * {@link SpacetimeDbHttp#sql} answers right.
     */
    CompletableFuture<QueryResult> oneOffQuery(String sql, Duration deadline);

    /** Connects if there is no connection, and tells who we are on it. */
    CompletableFuture<ConnectionInfo> connection(Duration deadline);

    /** What the server can be asked over HTTP, with the credentials of this source. */
    SpacetimeDbHttp http();

    /**
     * Hears what the connections of this source tell beside rows, from now on: see {@link SpacetimeDbNotice} for what there
     * is. A kind of it can be asked for alone.
     */
    <N extends SpacetimeDbNotice> Registration onNotice(Class<N> kind, NoticeListener<? super N> listener);

    /** Hears each transaction that changed what this source follows, and each call of its own. */
    default Registration onTransaction(NoticeListener<? super SpacetimeDbNotice.Transaction> listener) {
        return onNotice(SpacetimeDbNotice.Transaction.class, listener);
    }

    /** Hears the reducer calls that the server tells of. */
    default Registration onReducer(NoticeListener<? super ReducerEvent> listener) {
        return onTransaction(new NoticeListener<>() {
            @Override
            public void onNotice(SpacetimeDbNotice.Transaction transaction) {
                ReducerEvent reducer = transaction.reducer();
                if (reducer != null) {
                    listener.onNotice(reducer);
                }
            }

            @Override
            public void onNoticesDropped(long count) {
                listener.onNoticesDropped(count);
            }
        });
    }

    /** Hears who we are on each new connection. */
    default Registration onConnect(NoticeListener<? super SpacetimeDbNotice.Connected> listener) {
        return onNotice(SpacetimeDbNotice.Connected.class, listener);
    }

    /** Hears why a connection ended or could not be made. */
    default Registration onDisconnect(NoticeListener<? super SpacetimeDbNotice.Disconnected> listener) {
        return onNotice(SpacetimeDbNotice.Disconnected.class, listener);
    }

    /** The same, but calls made while there is no connection fail at once. */
    SpacetimeDb onlyNow();

    /**
     * A builder for a source of a database.
     *
     * @param address its last part is the name or the identity of the database: {@code ws://host:3000/my-database}; {@code
     *     wss}, {@code http} and {@code https} mean the same server
     */
    static SpacetimeDbSourceBuilder source(URI address) {
        return new SpacetimeDbSourceBuilder(address);
    }

    /**
     * A builder for a source of a database.
     *
     * @param server where the server is, with the path that it is behind: {@code http://localhost:3000}
     * @param database its name, or its identity as 64 hexadecimal digits
     * @throws ConfigurationException when no database can have this name
     */
    static SpacetimeDbSourceBuilder database(URI server, String database) {
        String base = server.toString();
        return source(URI.create((base.endsWith("/") ? base : base + "/") + DatabaseAddress.checked(database)));
    }

    /** All rows of a table or a view. */
    static Query table(String name) {
        boolean plain = name.matches("[A-Za-z_][A-Za-z0-9_]*");
        return Query.of("SELECT * FROM " + (plain ? name : '"' + name.replace("\"", "\"\"") + '"'));
    }

    /**
     * The rows of one or several SELECTs over one table, separated by semicolons.
     *
     * @throws ConfigurationException when no view can be made of it
     */
    static Query sql(String text) {
        Query query = Query.of(text);
        SqlQuery.of(query);
        return query;
    }
}
