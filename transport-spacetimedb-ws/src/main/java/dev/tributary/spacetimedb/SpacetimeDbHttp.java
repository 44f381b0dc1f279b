package dev.tributary.spacetimedb;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the server can be asked over HTTP. No WebSocket is opened for it. Refusals are a {@link SpacetimeDbException} with
 * the status and the server's words. Safe for any thread.
 */
public interface SpacetimeDbHttp {

    /** Whether the server is there. */
    CompletableFuture<Void> ping(Duration deadline);

    /** Runs one SQL statement. Columns, counts and LIMIT are allowed here; writes are for the owner of the database. */
    CompletableFuture<List<SqlResult>> sql(String sql, Duration deadline);

    /**
     * Runs one SQL statement.
     *
     * @param confirmed whether only what is durable is read; the server does so unless told otherwise
     */
    CompletableFuture<List<SqlResult>> sql(String sql, boolean confirmed, Duration deadline);

    /**
     * Calls a reducer or a procedure, in a connection of its own.
     *
     * @param arguments JSON: an array by position, or an object by the names of the parameters
     * @return the JSON of what a procedure returned, by position; empty for a reducer
     */
    CompletableFuture<String> call(String function, String arguments, Duration deadline);

    /** A new identity, and its token. */
    CompletableFuture<NewIdentity> createIdentity(Duration deadline);

    /** A token of 60 seconds for the identity of this source, as browsers put it into addresses. A secret. */
    CompletableFuture<String> websocketToken(Duration deadline);

    /** Whether the token of this source is of that identity. */
    CompletableFuture<Boolean> verify(Identity identity, Duration deadline);

    /** The key by which the server's tokens can be checked, as PEM. */
    CompletableFuture<String> publicKey(Duration deadline);

    /** What the database is. */
    CompletableFuture<DatabaseInfo> database(Duration deadline);

    /** The names of the database. */
    CompletableFuture<List<String>> names(Duration deadline);

    /**
     * The description of the module as JSON, for {@link SpacetimeDbSourceBuilder#schema}.
     *
     * @param version 9 or 10
     */
    CompletableFuture<String> schema(int version, Duration deadline);

    /**
     * The result of a statement.
     *
     * @param columns their names; empty for one without a name
     * @param rows values as JSON has them, sums as tag and payload
     * @param inserted how many rows it inserted
     * @param updated how many rows it updated
     * @param deleted how many rows it deleted
     */
    record SqlResult(
            List<String> columns, List<List<@Nullable Object>> rows, long inserted, long updated, long deleted) {}

    /**
     * A new identity. Its {@code toString} hides the token.
     *
     * @param identity who it is
     * @param token what proves it
     */
    record NewIdentity(Identity identity, String token) {

        /** Without the token. */
        @Override
        public String toString() {
            return "NewIdentity[identity=" + identity + "]";
        }
    }

    /**
     * What a database is.
     *
     * @param identity its own
     * @param owner who published it
     * @param hostType what its module runs on, as the server calls it
     * @param program the hash of the module it began with
     */
    record DatabaseInfo(Identity identity, Identity owner, String hostType, String program) {}
}
