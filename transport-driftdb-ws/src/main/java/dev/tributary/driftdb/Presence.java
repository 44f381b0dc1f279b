package dev.tributary.driftdb;

import dev.tributary.MaterializedView;
import dev.tributary.Query;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.ViewListener;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who else is in a room, and saying that one is there oneself. It works together with the presence of the official JavaScript
 * client. Under it lies a view, {@code __presence?as=presence}, whose rows come and go with the clients.
 *
 * @param <T> what clients say of themselves
 */
public final class Presence<T> implements AutoCloseable {

    /** The key that the official client uses. */
    public static final String KEY = "__presence";

    static final Duration LEAST = Duration.ofMillis(20);
    static final Duration MOST = Duration.ofSeconds(1);
    static final Duration EXPIRY = MOST.multipliedBy(2);

    private static final Duration DEADLINE = Duration.ofDays(1);

    private final DriftDb db;
    private final MaterializedView<Row> view;
    private final String client;
    private final ValueCodec<T> codec;

    private Presence(DriftDb db, MaterializedView<Row> view, String client, ValueCodec<T> codec) {
        this.db = db;
        this.view = view;
        this.client = client;
        this.codec = codec;
    }

    /** Watches the usual key. Nothing is said of this client before {@link #set}. */
    public static <T> Presence<T> open(SyncSource source, String client, ValueCodec<T> codec) {
        return open(source, KEY, client, codec);
    }

    /** Watches a key. */
    public static <T> Presence<T> open(SyncSource source, String key, String client, ValueCodec<T> codec) {
        return new Presence<>(
                source.unwrap(DriftDb.class), source.materialize(Query.of(key).with("as", "presence")), client, codec);
    }

    /** Says this from now on. */
    public CompletableFuture<Void> set(T value) {
        return db.announce(view, client, codec.encode(value), DEADLINE);
    }

    /** Says nothing any more; others forget this client when its time is over. */
    public CompletableFuture<Void> clear() {
        return db.withdraw(view, client, false, DEADLINE);
    }

    /** Says that this client goes. Peers of this library act at once; JavaScript peers show null until its time is over. */
    public CompletableFuture<Void> leave() {
        return db.withdraw(view, client, true, DEADLINE);
    }

    /** The other clients that are there now. Immutable; those whose value cannot be read are left out. */
    public Map<String, T> others() {
        Map<String, T> others = new LinkedHashMap<>();
        for (Row row : view.snapshot()) {
            T value = decoded(row);
            if (value != null) {
                others.put(row.getString("client"), value);
            }
        }
        return Collections.unmodifiableMap(others);
    }

    private @Nullable T decoded(Row row) {
        try {
            return codec.decode(row.get(StreamRows.VALUE));
        } catch (RuntimeException e) {
            return null;
        }
    }

    /** Hears the others now, and whenever one comes, changes or goes. */
    public Registration listen(Consumer<? super Map<String, T>> listener) {
        ViewListener<Row> onCommit = commit -> listener.accept(others());
        return view.listen(onCommit);
    }

    /** The view under it, for single changes. */
    public MaterializedView<Row> view() {
        return view;
    }

    /** Says and hears nothing more. */
    @Override
    public void close() {
        view.close();
    }
}
