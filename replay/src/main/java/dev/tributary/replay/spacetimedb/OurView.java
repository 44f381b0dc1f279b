package dev.tributary.replay.spacetimedb;

import dev.tributary.Change;
import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.spacetimedb.SpacetimeDb;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The queries of one recorded set over one table: a view of ours. */
final class OurView {

    /** What our client calls it on one connection. */
    record Ids(long request, long querySet) {}

    private static final String REFUSED = "the query was refused: ";

    private final String table;
    private final List<String> queries;
    private final MaterializedView<Row> view;
    private final Map<String, Ids> ids = new HashMap<>();
    private final Map<String, Long> releases = new HashMap<>();
    private boolean closed;

    /** @param reset hears each change that its listeners see when it is read anew */
    OurView(SyncSource source, String table, List<String> queries, Consumer<Change<Row>> reset) {
        this.table = table;
        this.queries = queries;
        this.view = source.materialize(SpacetimeDb.sql(String.join("; ", queries)));
        view.listen((Commit<Row> commit) -> {
            if (commit.origin() == Commit.Origin.RESET) {
                commit.changes().forEach(reset);
            }
        });
    }

    String table() {
        return table;
    }

    boolean isOf(List<String> others) {
        return queries.equals(others);
    }

    void asked(String connection, long request, long querySet) {
        ids.put(connection, new Ids(request, querySet));
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

    boolean released(String connection, long request, long querySet) {
        Ids known = ids.get(connection);
        if (known == null || known.querySet() != querySet) {
            return false;
        }
        releases.put(connection, request);
        return true;
    }

    void close() {
        closed = true;
        view.close();
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

    boolean isLive() {
        return view.status().phase() == Phase.LIVE;
    }

    List<Row> rows() {
        return List.copyOf(view.snapshot().stream().toList());
    }

    @Override
    public String toString() {
        return String.join("; ", queries) + " (" + view.status() + ")";
    }
}
