package dev.tributary.spacetimedb;

import dev.tributary.ConfigurationException;
import dev.tributary.spi.Calls;
import dev.tributary.spi.Delivery;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Gives requests over HTTP to the protocol. What only asks may be asked twice. */
final class HttpCalls implements SpacetimeDbHttp {

    private final Calls calls;

    HttpCalls(Calls calls) {
        this.calls = calls;
    }

    @Override
    public CompletableFuture<Void> ping(Duration deadline) {
        return ask(HttpQuestion.ping(), deadline, Delivery.REPEATABLE);
    }

    @Override
    public CompletableFuture<List<SqlResult>> sql(String sql, Duration deadline) {
        return ask(HttpQuestion.sql(sql, null), deadline, Delivery.ONCE);
    }

    @Override
    public CompletableFuture<List<SqlResult>> sql(String sql, boolean confirmed, Duration deadline) {
        return ask(HttpQuestion.sql(sql, confirmed), deadline, Delivery.ONCE);
    }

    @Override
    public CompletableFuture<String> call(String function, String arguments, Duration deadline) {
        return ask(HttpQuestion.call(function, arguments), deadline, Delivery.ONCE);
    }

    @Override
    public CompletableFuture<NewIdentity> createIdentity(Duration deadline) {
        return ask(HttpQuestion.createIdentity(), deadline, Delivery.ONCE);
    }

    @Override
    public CompletableFuture<String> websocketToken(Duration deadline) {
        return ask(HttpQuestion.websocketToken(), deadline, Delivery.REPEATABLE);
    }

    @Override
    public CompletableFuture<Boolean> verify(Identity identity, Duration deadline) {
        return ask(HttpQuestion.verify(identity), deadline, Delivery.REPEATABLE);
    }

    @Override
    public CompletableFuture<String> publicKey(Duration deadline) {
        return ask(HttpQuestion.publicKey(), deadline, Delivery.REPEATABLE);
    }

    @Override
    public CompletableFuture<DatabaseInfo> database(Duration deadline) {
        return ask(HttpQuestion.database(), deadline, Delivery.REPEATABLE);
    }

    @Override
    public CompletableFuture<List<String>> names(Duration deadline) {
        return ask(HttpQuestion.names(), deadline, Delivery.REPEATABLE);
    }

    @Override
    public CompletableFuture<String> schema(int version, Duration deadline) {
        if (version != 9 && version != 10) {
            throw new ConfigurationException("the schema has the versions 9 and 10, got " + version);
        }
        return ask(HttpQuestion.schema(version), deadline, Delivery.REPEATABLE);
    }

    private <T> CompletableFuture<T> ask(Wish.Http wish, Duration deadline, Delivery delivery) {
        return SpacetimeDbCalls.typed(calls.call(wish, deadline, delivery));
    }
}
