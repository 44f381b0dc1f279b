package dev.tributary.sodp;

import dev.tributary.MaterializedView;
import dev.tributary.Query;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What {@link Sodp} does, bound to one key, by {@link Sodp#state}. Immutable. */
public final class StateRef {

    private final Sodp sodp;
    private final String key;

    StateRef(Sodp sodp, String key) {
        this.sodp = sodp;
        this.key = key;
    }

    /** The state key. */
    public String key() {
        return key;
    }

    /** The query of its value, to {@linkplain dev.tributary.SyncSource#materialize(Query) materialize}. */
    public Query value() {
        return Sodp.value(key);
    }

    /** The query of its members. */
    public Query children() {
        return Sodp.children(key);
    }

    /** Reads it once; see {@link Sodp#get}. */
    public CompletableFuture<KeyState> get(Duration deadline) {
        return sodp.get(key, deadline);
    }

    /** Whether a view follows it. */
    public CompletableFuture<Boolean> isWatching(Duration deadline) {
        return sodp.isWatching(key, deadline);
    }

    /** See {@link Sodp#unwatch}. */
    public CompletableFuture<Void> unwatch(Duration deadline) {
        return sodp.unwatch(key, deadline);
    }

    /** See {@link Sodp#set}. */
    public CompletableFuture<SodpResult> set(@Nullable Object value, Duration deadline) {
        return sodp.set(key, value, deadline);
    }

    /** See {@link Sodp#patch(String, Object, Duration)}. */
    public CompletableFuture<SodpResult> patch(Object members, Duration deadline) {
        return sodp.patch(key, members, deadline);
    }

    /** See {@link Sodp#patch(String, Object, PatchDepth, Duration)}. */
    public CompletableFuture<SodpResult> patch(Object members, PatchDepth depth, Duration deadline) {
        return sodp.patch(key, members, depth, deadline);
    }

    /** See {@link Sodp#setIn(String, SodpPath, Object, Duration)}. */
    public CompletableFuture<SodpResult> setIn(SodpPath path, @Nullable Object value, Duration deadline) {
        return sodp.setIn(key, path, value, deadline);
    }

    /** See {@link Sodp#setIn(String, String, Object, Duration)}. */
    public CompletableFuture<SodpResult> setIn(String pointer, @Nullable Object value, Duration deadline) {
        return sodp.setIn(key, pointer, value, deadline);
    }

    /** See {@link Sodp#delete}. */
    public CompletableFuture<SodpResult> delete(Duration deadline) {
        return sodp.delete(key, deadline);
    }

    /** See {@link Sodp#append(String, Object, Duration)}. */
    public CompletableFuture<SodpResult> append(@Nullable Object element, Duration deadline) {
        return sodp.append(key, element, deadline);
    }

    /** See {@link Sodp#presence}. */
    public CompletableFuture<SodpPresence> presence(SodpPath path, @Nullable Object value, Duration deadline) {
        return sodp.presence(key, path, value, deadline);
    }

    /** See {@link Sodp#awaitVersion}. */
    public CompletableFuture<Void> awaitVersion(MaterializedView<?> view, long version, Duration deadline) {
        return sodp.awaitVersion(view, version, deadline);
    }

    @Override
    public String toString() {
        return key;
    }
}
