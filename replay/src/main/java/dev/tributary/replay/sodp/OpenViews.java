package dev.tributary.replay.sodp;

import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.replay.recording.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The views of the application that is replayed, by key. */
final class OpenViews {

    private final SyncSource source;
    private final Map<String, Query> queries;
    private final Map<String, MaterializedView<Row>> views = new LinkedHashMap<>();

    /** @param queries the form in which some keys are asked for; others as a value */
    OpenViews(SyncSource source, Map<String, Query> queries) {
        this.source = source;
        this.queries = queries;
    }

    boolean isOpen(String key) {
        return views.containsKey(key);
    }

    /** Whether our client still wants it: the server did not refuse it. */
    boolean isWanted(String key) {
        MaterializedView<Row> view = views.get(key);
        return view != null && view.status().phase() != Phase.FAILED;
    }

    boolean isEmpty() {
        return views.isEmpty();
    }

    int size() {
        return views.size();
    }

    /** Opens a view; one that failed is opened anew. */
    void open(String key) {
        if (!isWanted(key)) {
            close(key);
            views.put(key, source.materialize(queries.getOrDefault(key, Query.of(key))));
        }
    }

    void refresh(String key) {
        MaterializedView<Row> view = views.get(key);
        if (view != null) {
            view.refresh();
        }
    }

    void close(String key) {
        MaterializedView<Row> view = views.remove(key);
        if (view != null) {
            view.close();
        }
    }

    /**
     * Compares what is held with this state of the server.
     *
     * @param all whether every key must be there; else those that are not open are passed over
     */
    @Nullable
    String difference(@Nullable Object expected, boolean all) {
        Map<String, @Nullable Object> wanted = Json.members(expected);
        for (Map.Entry<String, @Nullable Object> entry : wanted.entrySet()) {
            String key = entry.getKey();
            MaterializedView<Row> view = views.get(key);
            if (view == null) {
                if (all) {
                    return key + " was never asked for";
                }
                continue;
            }
            String difference = view.snapshot().schema().isEmpty()
                    ? "nothing came of it"
                    : KeyRows.difference(queries.getOrDefault(key, Query.of(key)), entry.getValue(), view.snapshot());
            if (difference != null) {
                return key + ": " + difference + " (the view is "
                        + view.status().phase() + ")";
            }
        }
        return null;
    }

    Set<String> keys() {
        return views.keySet();
    }
}
