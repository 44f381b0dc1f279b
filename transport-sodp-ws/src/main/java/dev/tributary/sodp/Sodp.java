package dev.tributary.sodp;

import dev.tributary.ConfigurationException;
import dev.tributary.MaterializedView;
import dev.tributary.NoticeListener;
import dev.tributary.Query;
import dev.tributary.Registration;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What only SODP can do, by {@code source.unwrap(Sodp.class)}: writes, calls, presence, and questions about a connection.
 * Safe for any thread.
 *
 * <p>Each future ends in a result; in a {@link SodpException}, when the server refused and nothing happened; in a {@link
 * dev.tributary.OutcomeUnknownException}, when the connection was lost or the time was over after it was sent; in a
 * {@link dev.tributary.ConnectionException}, when it was not sent. A call made while there is no connection waits for one
 * until its deadline; with {@link #onlyNow} it fails at once. What was sent is never sent again, unless the server said
 * that it was too fast. Cancelling a future takes back a call that was not sent yet.
 *
 * <p>Values are null, booleans, whole numbers of at most 64 bits, doubles, texts, and lists, arrays, maps, enums and
 * records of them. Anything else, binary data and not-a-number among it, is refused with a {@link ConfigurationException}
 * before it leaves: servers drop such calls silently. No server compares before it writes: what is read, changed and
 * written back may undo what others wrote.
 */
public interface Sodp {

    /** Replaces the whole value of a key. */
    CompletableFuture<SodpResult> set(String key, @Nullable Object value, Duration deadline);

    /**
     * Sets some members of the object that a key holds. The Rust server goes on into objects within it; the others
     * replace each member named as a whole. A member that is set to null holds null; none is removed.
     *
     * @param members a map, or anything that becomes an object
     */
    CompletableFuture<SodpResult> patch(String key, Object members, Duration deadline);

    /**
     * The same, as deep on each server. Where that is not what the server does it takes several calls of it.
     *
     * @param members a map, or anything that becomes an object
     */
    CompletableFuture<SodpResult> patch(String key, Object members, PatchDepth depth, Duration deadline);

    /**
     * Sets one place. The Rust and Go servers would replace an array on the way by an object: where we know of it, it is
     * refused.
     */
    CompletableFuture<SodpResult> setIn(String key, SodpPath path, @Nullable Object value, Duration deadline);

    /**
     * Sets one place.
     *
     * @param pointer as {@link SodpPath#parse} reads it, whatever the server
     */
    default CompletableFuture<SodpResult> setIn(String key, String pointer, @Nullable Object value, Duration deadline) {
        return setIn(key, SodpPath.parse(pointer), value, deadline);
    }

    /** Removes a key. */
    CompletableFuture<SodpResult> delete(String key, Duration deadline);

    /** Puts an element behind the array that a key holds. The Go server alone has it. */
    CompletableFuture<SodpResult> append(String key, @Nullable Object element, Duration deadline);

    /**
     * Puts an element behind the array that a key holds, and takes as many away in front as are too many. The Go server
     * alone has it.
     */
    CompletableFuture<SodpResult> append(String key, @Nullable Object element, int most, Duration deadline);

    /**
     * Sets one place for as long as we are here: the server removes it when the connection ends, and it is set again on
     * the next. A later call for the same place replaces this one. The Go server does not have it.
     *
     * @return the hold on it, once it is set for the first time
     */
    CompletableFuture<SodpPresence> presence(String key, SodpPath path, @Nullable Object value, Duration deadline);

    /**
     * Calls a method by its name, such as one that the application which embeds the server has added.
     *
     * @param arguments a map, or anything that becomes an object
     */
    CompletableFuture<SodpResult> call(String method, Object arguments, Duration deadline);

    /** Reads a key once; costs nothing where a view follows it. */
    CompletableFuture<KeyState> get(String key, Duration deadline);

    /** Whether a view of this source follows a key. */
    CompletableFuture<Boolean> isWatching(String key, Duration deadline);

    /**
     * Ends all views of a key, whoever has them: they fail with a {@link dev.tributary.ClosedException}, keep their rows, and
     * the server is told. A view that is materialized after that follows it afresh. Usually closing the views is enough.
     */
    CompletableFuture<Void> unwatch(String key, Duration deadline);

    /**
     * Completes when a view shows a version, or a later one, of its key. Not needed for own writes, which are visible when
     * their future completes.
     *
     * @param version as {@link SodpResult#version} or {@link WatchMeta} told it elsewhere
     */
    CompletableFuture<Void> awaitVersion(MaterializedView<?> view, long version, Duration deadline);

    /** What the server said of itself when the connection began. */
    CompletableFuture<SodpServer> server(Duration deadline);

    /** What happened to the connections of this source so far. */
    CompletableFuture<SodpStatistics> statistics(Duration deadline);

    /** Hears every error that the server tells of, from now on. */
    Registration onError(NoticeListener<? super SodpNotice> listener);

    /**
     * Hears each change of a watched key that was missed while there was no connection, where the server replays them
     * (not Go's), before the commit that brings the views up to date in one step.
     */
    Registration onMissedStep(NoticeListener<? super MissedStep> listener);

    /** The same, for one key. */
    default StateRef state(String key) {
        return new StateRef(this, key);
    }

    /** The same, but calls made while there is no connection fail at once. */
    Sodp onlyNow();

    /**
     * The same, with a way to send objects of other classes.
     *
     * @param mapper gives something that can be sent, for example {@code mapper.convertValue(object, Map.class)} of
     *     Jackson; null for what it does not know
     */
    Sodp mapping(Function<Object, @Nullable Object> mapper);

    /**
     * A builder for a source at this address: {@code ws://host/path}, {@code wss://…}, or {@code sodp://host} and {@code
     * sodps://host}, whose port is 7777. Nothing is put behind the path.
     */
    static SodpSourceBuilder source(URI address) {
        return new SodpSourceBuilder(address);
    }

    /** The value of a key as one row: {@code key}, {@code value}, {@code version}. No row while the key does not exist. */
    static Query value(String key) {
        return Query.of(key);
    }

    /** The members of the object that a key holds, one row each: {@code name}, {@code value}. */
    static Query children(String key) {
        return Query.of(key).with("as", "children");
    }

    /**
     * A document after these steps. Pure; what is given is not changed, and what comes out shares what did not change.
     *
     * @param document null, or what JSON knows
     * @param dialect whose rules to go by
     * @throws IllegalArgumentException when a step does not fit
     */
    static @Nullable Object applyOps(@Nullable Object document, List<DeltaOp> ops, SodpDialect dialect) {
        boolean ready = document instanceof DocMap || document instanceof DocList;
        DeltaSteps steps =
                new DeltaSteps(dialect, ready ? document : Documents.PLAIN.of(document), document != null, false);
        try {
            for (DeltaOp op : ops) {
                steps.apply(op.kind(), op.path(), Documents.PLAIN.of(op.value()));
            }
            return steps.document();
        } catch (UnfitDelta e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
