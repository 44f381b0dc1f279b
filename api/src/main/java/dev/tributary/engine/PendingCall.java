package dev.tributary.engine;

import dev.tributary.spi.Call;
import dev.tributary.spi.Delivery;
import dev.tributary.spi.Environment;
import dev.tributary.spi.Subscription;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A call on its way to a protocol, until it is answered or its time is over. Used on the source's queue only. */
final class PendingCall implements Call {

    private final Object request;
    private final Delivery delivery;
    private final Environment environment;
    private final long endsAt;
    private final CompletableFuture<@Nullable Object> future = new CompletableFuture<>();
    private Environment.@Nullable Timer timer;
    private @Nullable Run run;
    private boolean handed;
    private boolean sent;

    PendingCall(Object request, Duration deadline, Delivery delivery, Environment environment) {
        this.request = request;
        this.delivery = delivery;
        this.environment = environment;
        this.endsAt = environment.nanoTime() + deadline.toNanos();
    }

    CompletableFuture<@Nullable Object> future() {
        return future;
    }

    void endsBy(Environment.Timer deadline) {
        timer = deadline;
    }

    boolean isRepeatable() {
        return delivery == Delivery.REPEATABLE;
    }

    boolean isOnlyNow() {
        return delivery == Delivery.ONLY_NOW;
    }

    boolean wasSent() {
        return sent;
    }

    boolean isHanded() {
        return handed;
    }

    /** It is handed to a protocol, which says when it is sent. */
    void handedTo(@Nullable Run by) {
        handed = true;
        run = by;
    }

    void markSent() {
        sent = true;
    }

    /** The session that it was handed to is gone. What it sent may have arrived. */
    void takeBack() {
        handed = false;
        run = null;
    }

    boolean isDone() {
        return future.isDone();
    }

    void succeed(@Nullable Object result) {
        cancelTimer();
        future.complete(result);
    }

    void fail(Throwable reason) {
        cancelTimer();
        future.completeExceptionally(reason);
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
        }
    }

    @Override
    public Object request() {
        return request;
    }

    @Override
    public @Nullable Subscription subscription() {
        return run;
    }

    @Override
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, endsAt - environment.nanoTime()));
    }
}
