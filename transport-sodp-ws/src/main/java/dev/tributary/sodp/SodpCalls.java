package dev.tributary.sodp;

import dev.tributary.ConfigurationException;
import dev.tributary.MaterializedView;
import dev.tributary.NoticeListener;
import dev.tributary.Registration;
import dev.tributary.spi.Calls;
import dev.tributary.spi.Delivery;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Checks what an application hands over, on its own thread, and gives it to the protocol. */
final class SodpCalls implements Sodp {

    private final Calls calls;
    private final Documents documents;
    private final Delivery writes;

    SodpCalls(Calls calls, Documents documents, Delivery writes) {
        this.calls = calls;
        this.documents = documents;
        this.writes = writes;
    }

    @Override
    public CompletableFuture<SodpResult> set(String key, @Nullable Object value, Duration deadline) {
        return invoke(Invocation.set(checked(key), documents.of(value)), deadline);
    }

    @Override
    public CompletableFuture<SodpResult> patch(String key, Object members, Duration deadline) {
        return invoke(Invocation.patch(checked(key), object("a patch", members)), deadline);
    }

    @Override
    public CompletableFuture<SodpResult> patch(String key, Object members, PatchDepth depth, Duration deadline) {
        return invoke(Invocation.patch(checked(key), object("a patch", members), depth), deadline);
    }

    @Override
    public CompletableFuture<SodpResult> setIn(String key, SodpPath path, @Nullable Object value, Duration deadline) {
        return invoke(Invocation.setIn(checked(key), path, documents.of(value, path)), deadline);
    }

    @Override
    public CompletableFuture<SodpResult> delete(String key, Duration deadline) {
        return invoke(Invocation.delete(checked(key)), deadline);
    }

    @Override
    public CompletableFuture<SodpResult> append(String key, @Nullable Object element, Duration deadline) {
        return invoke(Invocation.append(checked(key), documents.of(element), 0), deadline);
    }

    @Override
    public CompletableFuture<SodpResult> append(String key, @Nullable Object element, int most, Duration deadline) {
        if (most <= 0) {
            throw new ConfigurationException("an array keeps at least 1 element, got " + most);
        }
        return invoke(Invocation.append(checked(key), documents.of(element), most), deadline);
    }

    @Override
    public CompletableFuture<SodpPresence> presence(
            String key, SodpPath path, @Nullable Object value, Duration deadline) {
        Object document = documents.of(value, path);
        CompletableFuture<SodpResult> first = invoke(Invocation.presence(checked(key), path, document), deadline);
        return first.thenApply(result -> SodpPresence.hold(calls, key, path, document));
    }

    @Override
    public CompletableFuture<SodpResult> call(String method, Object arguments, Duration deadline) {
        if (method.isEmpty()) {
            throw new ConfigurationException("a method has a name");
        }
        return invoke(Invocation.call(method, object("the arguments", arguments)), deadline);
    }

    @Override
    public CompletableFuture<KeyState> get(String key, Duration deadline) {
        return typed(calls.call(new Wish.Read(checked(key)), deadline, Delivery.REPEATABLE));
    }

    @Override
    public CompletableFuture<Boolean> isWatching(String key, Duration deadline) {
        return typed(calls.call(new Wish.IsWatching(checked(key)), deadline, Delivery.REPEATABLE));
    }

    @Override
    public CompletableFuture<Void> unwatch(String key, Duration deadline) {
        return typed(calls.call(new Wish.Unwatch(checked(key)), deadline, Delivery.REPEATABLE));
    }

    @Override
    public CompletableFuture<Void> awaitVersion(MaterializedView<?> view, long version, Duration deadline) {
        return typed(calls.call(view, new Wish.Await(version), deadline, Delivery.REPEATABLE));
    }

    @Override
    public CompletableFuture<SodpServer> server(Duration deadline) {
        return typed(calls.call(new Wish.AskServer(), deadline, Delivery.REPEATABLE));
    }

    @Override
    public CompletableFuture<SodpStatistics> statistics(Duration deadline) {
        return typed(calls.call(new Wish.AskStatistics(), deadline, Delivery.REPEATABLE));
    }

    @Override
    public Registration onError(NoticeListener<? super SodpNotice> listener) {
        return calls.onNotice(SodpNotice.class, listener);
    }

    @Override
    public Registration onMissedStep(NoticeListener<? super MissedStep> listener) {
        return calls.onNotice(MissedStep.class, listener);
    }

    @Override
    public Sodp onlyNow() {
        return new SodpCalls(calls, documents, Delivery.ONLY_NOW);
    }

    @Override
    public Sodp mapping(Function<Object, @Nullable Object> mapper) {
        return new SodpCalls(calls, new Documents(mapper), writes);
    }

    private CompletableFuture<SodpResult> invoke(Invocation invocation, Duration deadline) {
        return typed(calls.call(new Wish.Invoke(invocation), deadline, writes));
    }

    private static String checked(String key) {
        if (key.isEmpty()) {
            throw new ConfigurationException("the key is empty");
        }
        Documents.PLAIN.of(key);
        return key;
    }

    private Object object(String what, Object value) {
        if (documents.of(value) instanceof DocMap map) {
            return map;
        }
        throw new ConfigurationException(
                what + " must be an object, got a " + value.getClass().getSimpleName());
    }

    /** The very future, so that cancelling it reaches the call; the protocol answers each wish with its type. */
    @SuppressWarnings("unchecked")
    private static <T> CompletableFuture<T> typed(CompletableFuture<@Nullable Object> future) {
        return (CompletableFuture<T>) (CompletableFuture<?>) future;
    }
}
