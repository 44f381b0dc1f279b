package dev.tributary.replay.spacetimedb;

import dev.tributary.Change;
import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.ViewListener;
import dev.tributary.spacetimedb.EventRow;
import dev.tributary.spacetimedb.SpacetimeDb;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The queries of one recorded set over one table: a view of ours. */
final class OurView {

    /**
     * What our client calls it on one recorded connection.
     *
     * @param wire the connection of ours, which may be a second one beside the recorded one
     */
    record Ids(String wire, long request, long querySet) {}

    private static final String REFUSED = "the query was refused: ";

    private final String table;
    private final List<String> queries;
    private final MaterializedView<Row> view;
    private final Map<String, Ids> ids = new HashMap<>();
    private final Map<String, Long> releases = new HashMap<>();
    /** The recorded sets that it is a part of, on the connection that was the last to ask for it. */
    private final Set<Long> users = new HashSet<>();

    private String usedOn = "";
    private boolean closed;

    /** Hears what an application would. */
    interface Hearer {

        /** A change that is told when it was read anew. */
        void reset(String table, Change<Row> change);

        /** A row of an event table passed by. */
        void event(OurView view, Row row);
    }

    OurView(SyncSource source, String table, List<String> queries, Hearer hearer) {
        this.table = table;
        this.queries = queries;
        this.view = source.materialize(SpacetimeDb.sql(String.join("; ", queries)));
        view.listen(new ViewListener<>() {
            @Override
            public void onCommit(Commit<Row> commit) {
                if (commit.origin() == Commit.Origin.RESET) {
                    commit.changes().forEach(change -> hearer.reset(table, change));
                }
            }

            @Override
            public void onEvent(Object event) {
                if (event instanceof EventRow passing) {
                    hearer.event(OurView.this, passing.row());
                }
            }
        });
    }

    /** It is a part of a recorded set. Equal queries of several sets are one. */
    void use(String connection, long set) {
        if (!connection.equals(usedOn)) {
            users.clear();
            usedOn = connection;
        }
        users.add(set);
    }

    /** It is no part of a recorded set any more, and closed when of none. */
    void leave(long set) {
        users.remove(set);
        if (users.isEmpty() && !closed) {
            closed = true;
            view.close();
        }
    }

    /** Whether it is a part of some set on this connection. */
    boolean isUsed(String connection) {
        return connection.equals(usedOn) && !users.isEmpty();
    }

    String table() {
        return table;
    }

    boolean isOf(List<String> others) {
        return queries.equals(others);
    }

    void asked(String connection, Ids as) {
        ids.put(connection, as);
    }

    /** What it is called there; null while it was not asked for. */
    @Nullable
    Ids ids(String connection) {
        return ids.get(connection);
    }

    /** The request to let it go; null while there is none. */
    @Nullable
    Long release(String connection) {
        return releases.get(connection);
    }

    /** Our client asked to let it go, if it was this one. */
    void released(String connection, Ids as) {
        Ids known = ids.get(connection);
        if (known != null && known.wire().equals(as.wire()) && known.querySet() == as.querySet()) {
            releases.put(connection, as.request());
        }
    }

    boolean isOpen() {
        return !closed && view.status().phase() != Phase.FAILED;
    }

    /** Why it failed, in the words of the server; null when it did not. */
    @Nullable
    String failure() {
        Throwable reason = view.status().reason();
        if (closed || view.status().phase() != Phase.FAILED || reason == null) {
            return null;
        }
        String text = String.valueOf(reason.getMessage());
        return text.startsWith(REFUSED) ? text.substring(REFUSED.length()) : text;
    }

    List<Row> rows() {
        return List.copyOf(view.snapshot().stream().toList());
    }

    @Override
    public String toString() {
        return String.join("; ", queries) + " (" + view.status() + ")";
    }
}
