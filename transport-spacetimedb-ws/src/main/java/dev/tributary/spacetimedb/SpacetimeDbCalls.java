package dev.tributary.spacetimedb;

import dev.tributary.ConfigurationException;
import dev.tributary.NoticeListener;
import dev.tributary.Registration;
import dev.tributary.spi.Calls;
import dev.tributary.spi.Delivery;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Gives what an application asks for to the protocol. */
final class SpacetimeDbCalls implements SpacetimeDb {

    private final Calls calls;
    private final Delivery once;
    private final Delivery asking;

    SpacetimeDbCalls(Calls calls) {
        this(calls, Delivery.ONCE, Delivery.REPEATABLE);
    }

    private SpacetimeDbCalls(Calls calls, Delivery once, Delivery asking) {
        this.calls = calls;
        this.once = once;
        this.asking = asking;
    }

    @Override
    public CompletableFuture<ReducerOutcome> callReducer(String reducer, Arguments arguments, Duration deadline) {
        return typed(calls.call(new Wish.Reducer(checked(reducer), arguments, false), deadline, once));
    }

    @Override
    public CompletableFuture<Void> sendReducer(String reducer, Arguments arguments, Duration deadline) {
        return typed(calls.call(new Wish.Reducer(checked(reducer), arguments, true), deadline, once));
    }

    @Override
    public CompletableFuture<ProcedureOutcome> callProcedure(String procedure, Arguments arguments, Duration deadline) {
        return typed(calls.call(new Wish.Procedure(checked(procedure), arguments), deadline, once));
    }

    @Override
    public CompletableFuture<QueryResult> oneOffQuery(String sql, Duration deadline) {
        return typed(calls.call(new Wish.OneOff(sql), deadline, asking));
    }

    @Override
    public CompletableFuture<ConnectionInfo> connection(Duration deadline) {
        return typed(calls.call(new Wish.Connect(), deadline, asking));
    }

    @Override
    public SpacetimeDbHttp http() {
        return new HttpCalls(calls);
    }

    @Override
    public <N extends SpacetimeDbNotice> Registration onNotice(Class<N> kind, NoticeListener<? super N> listener) {
        return calls.onNotice(kind, listener);
    }

    @Override
    public SpacetimeDb onlyNow() {
        return new SpacetimeDbCalls(calls, Delivery.ONLY_NOW, Delivery.ONLY_NOW);
    }

    private static String checked(String name) {
        if (name.isEmpty()) {
            throw new ConfigurationException("a function has a name");
        }
        return name;
    }

    /** The very future, so that cancelling it reaches the call; the protocol answers each wish with its type. */
    @SuppressWarnings("unchecked")
    static <T> CompletableFuture<T> typed(CompletableFuture<@Nullable Object> future) {
        return (CompletableFuture<T>) (CompletableFuture<?>) future;
    }
}
