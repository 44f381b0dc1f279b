package dev.tributary.electric;

import dev.tributary.ConfigurationException;
import dev.tributary.Credential;
import dev.tributary.MaterializedView;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What only Electric can do, by {@code source.unwrap(Electric.class)}: wait until a view shows what the application
 * wrote to the database by another way. Electric itself is read-only. Safe for any thread.
 */
public interface Electric {

    /**
     * Completes when a transaction is visible in a view, whether it came by the first load or by the stream. A
     * transaction that changes nothing in the shape is never seen there: then only the deadline ends the wait, and
     * {@link #awaitLsn(MaterializedView, String, Duration)} is what helps.
     *
     * @param txId as {@code pg_current_xact_id()} gives it, in the transaction; its low 32 bits are enough
     * @return fails at the deadline, and when the view fails or is closed
     * @throws ConfigurationException when the view is not of this source
     */
    CompletableFuture<Void> awaitTxId(MaterializedView<?> view, long txId, Duration deadline);

    /**
     * Completes when all changes up to a position of the database that concern a view are visible in it. A server that
     * has nothing to say tells its position about every 20 seconds.
     *
     * @param lsn as {@code pg_current_wal_lsn()} gives it, after the commit
     * @return fails at the deadline, and when the view fails or is closed
     * @throws ConfigurationException when the view is not of this source, or the text is no position
     */
    CompletableFuture<Void> awaitLsn(MaterializedView<?> view, String lsn, Duration deadline);

    /** The same with a position as a number. */
    CompletableFuture<Void> awaitLsn(MaterializedView<?> view, BigInteger lsn, Duration deadline);

    /**
     * A builder for a source at this address: {@code https://sync.example.com}, with or without {@code electric+} before
     * it. Without a path, or with one that ends in a slash, it is the address of a server, and {@code v1/shape} is put
     * behind; any other path is that of a proxy's own route and taken as it is.
     */
    static ElectricSourceBuilder source(URI address) {
        return new ElectricSourceBuilder(address);
    }

    /**
     * A builder for the query of a shape.
     *
     * @param table the table as SQL spells it, {@code schema.table} and double quotes included; empty where a proxy
     *     names it
     */
    static ShapeBuilder shape(String table) {
        return new ShapeBuilder(table);
    }

    /**
     * Decides about requests that were refused: with a 4xx status, or because they led nowhere. Called on the executor
     * that the source shares, so it may block.
     */
    @FunctionalInterface
    interface ErrorHook {

        /**
         * @return what to send from now on over what was sent so far, or {@link Credential#NONE} to try again with
         *     that; null to give up, which fails the view with the error
         */
        @Nullable
        Credential onError(ElectricException error);
    }
}
