package dev.tributary.spacetimedb;

import dev.tributary.Query;
import dev.tributary.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a source tells beside rows; heard by {@link SpacetimeDb#onNotice}. */
public sealed interface SpacetimeDbNotice {

    /**
     * The first message of a connection came.
     *
     * @param info who we are
     */
    record Connected(ConnectionInfo info) implements SpacetimeDbNotice {}

    /**
     * A connection ended, or could not be made.
     *
     * @param reason a {@link DisconnectedException} or a {@link SpacetimeDbException}; something else for faults
     * @param retries whether it will be tried again
     */
    record Disconnected(Throwable reason, boolean retries) implements SpacetimeDbNotice {}

    /**
     * The server sent the first rows of a query and will tell its changes. Its view has them, at the latest when those of
     * all other queries of a new connection are there too.
     *
     * @param query which one
     * @param table the canonical name of its table
     * @param rows how many came, each as often as it matches
     */
    record SubscriptionApplied(Query query, String table, long rows) implements SpacetimeDbNotice {}

    /**
     * The server refused a query: its view fails.
     *
     * @param query which one
     * @param reason in the server's words
     */
    record SubscriptionRefused(Query query, String reason) implements SpacetimeDbNotice {}

    /**
     * The server no longer tells the changes of a query.
     *
     * @param query which one
     * @param reason in the server's words; null when it was we who asked for it
     */
    record SubscriptionEnded(Query query, @Nullable String reason) implements SpacetimeDbNotice {}

    /**
     * A transaction of the server that changed what we follow, or a call of our own. Told after the views show it.
     *
     * @param tables those in which something changed, by name
     * @param reducer the call behind it; null where the server does not say
     */
    record Transaction(List<TableChanges> tables, @Nullable ReducerEvent reducer) implements SpacetimeDbNotice {

        /** Copies the list. */
        public Transaction {
            tables = List.copyOf(tables);
        }
    }

    /**
     * What a transaction did to one table, as the server sent it: a row that several queries return comes several times. A
     * changed row is a delete and an insert. Views tell each difference once.
     *
     * @param table its canonical name
     * @param inserts rows that came
     * @param deletes rows that went
     * @param events rows of an event table
     */
    record TableChanges(String table, List<Row> inserts, List<Row> deletes, List<Row> events) {

        /** Copies the lists. */
        public TableChanges {
            inserts = List.copyOf(inserts);
            deletes = List.copyOf(deletes);
            events = List.copyOf(events);
        }
    }
}
