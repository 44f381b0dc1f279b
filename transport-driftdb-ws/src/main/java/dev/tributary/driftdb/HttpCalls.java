package dev.tributary.driftdb;

import dev.tributary.spi.Calls;
import dev.tributary.spi.Delivery;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The room over HTTP. What is read may be asked again, what is written not. */
final class HttpCalls implements DriftHttp {

    private final Calls calls;

    HttpCalls(Calls calls) {
        this.calls = calls;
    }

    @Override
    public CompletableFuture<Pushed> put(String key, @Nullable Object value, Duration deadline) {
        return push(Push.replace(key, value), deadline);
    }

    @Override
    public CompletableFuture<Pushed> append(String key, @Nullable Object value, Duration deadline) {
        return push(Push.append(key, value), deadline);
    }

    @Override
    public CompletableFuture<Pushed> fold(String key, @Nullable Object value, long upTo, Duration deadline) {
        return push(Push.compact(key, value, upTo), deadline);
    }

    @Override
    public CompletableFuture<Pushed> push(Push push, Duration deadline) {
        Delivery delivery = push.guarantee() == Guarantee.AT_LEAST_ONCE ? Delivery.REPEATABLE : Delivery.ONCE;
        return calls.call(new Request.Write(push, Request.Way.HTTP), deadline, delivery)
                .thenApply(Pushed.class::cast);
    }

    @Override
    public CompletableFuture<Optional<Entry>> latest(String key, Duration deadline) {
        return read(key, 0, deadline)
                .thenApply(
                        entries -> entries.isEmpty() ? Optional.empty() : Optional.of(entries.get(entries.size() - 1)));
    }

    @Override
    public CompletableFuture<List<Entry>> read(String key, long above, Duration deadline) {
        return calls.call(new Request.Read(Push.checkedKey(key), above), deadline, Delivery.REPEATABLE)
                .thenApply(DriftDbCalls::entries);
    }

    @Override
    public CompletableFuture<Void> ping(Duration deadline) {
        return calls.call(new Request.Ping(), deadline, Delivery.REPEATABLE).thenAccept(yes -> {});
    }
}
