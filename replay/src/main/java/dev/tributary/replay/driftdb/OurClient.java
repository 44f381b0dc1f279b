package dev.tributary.replay.driftdb;

import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.ViewListener;
import dev.tributary.driftdb.DriftDb;
import dev.tributary.driftdb.SharedReducer;
import dev.tributary.driftdb.ValueCodec;
import dev.tributary.replay.recording.RecordedSockets;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One client of the recording, played by ours: a source for each room that it enters, and the views of it. */
final class OurClient implements AutoCloseable {

    private final List<String> queries;
    private final Set<String> reducedKeys;
    private final Function<String, SyncSource> sources;
    private final RecordedSockets sockets;
    private final Learned learned = new Learned();
    private final Map<String, SharedReducer<BigDecimal, BigDecimal>> reducers = new LinkedHashMap<>();
    private final Map<String, MaterializedView<Row>> views = new HashMap<>();
    /** By connection, the keys that were asked for and the number above which. */
    private final Map<String, Map<String, Long>> asked = new HashMap<>();

    private final Set<String> answered = new HashSet<>();
    private @Nullable SyncSource source;
    private @Nullable DriftDb db;
    private boolean isWanted;
    private String connection = "";

    /**
     * @param queries of the recorded client, as texts
     * @param reducedKeys keys of which a reducer is compared
     * @param sources opens a source for a room
     */
    OurClient(
            List<String> queries,
            Set<String> reducedKeys,
            Function<String, SyncSource> sources,
            RecordedSockets sockets) {
        this.queries = queries;
        this.reducedKeys = reducedKeys;
        this.sources = sources;
        this.sockets = sockets;
    }

    RecordedSockets sockets() {
        return sockets;
    }

    Learned learned() {
        return learned;
    }

    /** The recorded client connects to a room. */
    void enter(String room, String id) {
        connection = id;
        if (source != null && learned.room().equals(room)) {
            return;
        }
        close();
        learned.enters(room);
        SyncSource opened = sources.apply(room);
        source = opened;
        isWanted = false;
        DriftDb typed = opened.unwrap(DriftDb.class);
        db = typed;
        typed.onSize(size -> learned.size(size.key(), size.size()));
        typed.onError(error -> learned.error(connection));
    }

    @Nullable
    DriftDb db() {
        return db;
    }

    /** It asks for a key: its query opens, if it is not open. */
    void follow(String key) {
        SyncSource from = source;
        if (from == null || views.containsKey(key)) {
            return;
        }
        isWanted = true;
        String room = learned.room();
        MaterializedView<Row> view = from.materialize(Conversation.query(queries, key));
        views.put(key, view);
        view.listen(new ViewListener<Row>() {
            @Override
            public void onCommit(Commit<Row> commit) {
                commit.changes().forEach(change -> {
                    Row row = change.after();
                    if (row != null) {
                        learned.row(room, key, row);
                    }
                });
            }

            @Override
            public void onEvent(Object event) {
                learned.event(room, key, event);
            }
        });
        if (reducedKeys.contains(key)) {
            reducers.put(
                    key,
                    SharedReducer.open(
                            from, key, BigDecimal.ZERO, BigDecimal::add, NUMBERS, NUMBERS, Integer.MAX_VALUE));
        }
    }

    private static final ValueCodec<BigDecimal> NUMBERS = new ValueCodec<>() {
        @Override
        public Object encode(BigDecimal value) {
            return value.doubleValue();
        }

        @Override
        public BigDecimal decode(@Nullable Object value) {
            return new BigDecimal(String.valueOf(value));
        }
    };

    /** It writes, so it needs a connection from now on. */
    void wants() {
        isWanted = true;
    }

    /** Whether it has a reason to connect. */
    boolean isWanted() {
        return isWanted;
    }

    /** What reducers came to. */
    Map<String, BigDecimal> reduced() {
        Map<String, BigDecimal> reduced = new HashMap<>();
        reducers.forEach((key, reducer) -> reduced.put(key, reducer.get()));
        return reduced;
    }

    // ---- what it asked ----

    void asks(String id, String key, long above) {
        asked.computeIfAbsent(id, unknown -> new HashMap<>()).put(key, above);
    }

    /** The number above which it asked for a key on a connection; null when it did not. */
    @Nullable
    Long asked(String id, String key) {
        return asked.getOrDefault(id, Map.of()).get(key);
    }

    int rows() {
        return new ArrayList<>(views.values())
                .stream().mapToInt(view -> view.snapshot().size()).sum();
    }

    /** Whether this is the first answer to a get of a key on a connection. */
    boolean isFirstAnswer(String id, String key) {
        return answered.add(id + " " + key);
    }

    @Override
    public void close() {
        SyncSource open = source;
        if (open != null) {
            open.close();
            source = null;
            views.clear();
        }
    }
}
