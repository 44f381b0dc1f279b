package dev.tributary.sodp;

import dev.tributary.spi.Calls;
import dev.tributary.spi.Delivery;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The hold on a place that is ours as long as we are here, by {@link Sodp#presence}. It keeps the source connected. Safe
 * for any thread.
 */
public final class SodpPresence implements AutoCloseable {

    /** Nobody holds a place longer. */
    private static final Duration FOR_EVER = Duration.ofDays(30 * 365);

    /** Only the order counts: of two wishes for one place the later one holds. */
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final Calls calls;
    private final Wish.Presence wish;
    private final CompletableFuture<@Nullable Object> hold;

    private SodpPresence(Calls calls, Wish.Presence wish) {
        this.calls = calls;
        this.wish = wish;
        this.hold = calls.call(wish, FOR_EVER, Delivery.REPEATABLE);
    }

    static SodpPresence hold(Calls calls, String key, SodpPath path, @Nullable Object value) {
        return new SodpPresence(calls, new Wish.Presence(key, path, value, NUMBERS.incrementAndGet()));
    }

    /** The key that it is in. */
    public String key() {
        return wish.key();
    }

    /** The place. */
    public SodpPath path() {
        return wish.path();
    }

    /**
     * Completes when it is not held any more: normally when a later call took its place, with the reason when the server
     * refused to set it again or the source was closed, and with a {@link java.util.concurrent.CancellationException}
     * after {@link #close}.
     */
    public CompletableFuture<Void> ended() {
        return hold.thenAccept(nothing -> {});
    }

    /**
     * Ends it now: it is not set on later connections, and where it is set on this one the place is set to null, for SODP
     * has no way to remove one. The server removes it, the null too, when this connection ends. Who wants it gone at once
     * gives presence a source of its own, and closes that.
     */
    public CompletableFuture<SodpResult> withdraw(Duration deadline) {
        close();
        Wish.Withdraw end = new Wish.Withdraw(wish.key(), wish.path(), wish.number());
        return calls.call(end, deadline, Delivery.REPEATABLE).thenApply(SodpResult.class::cast);
    }

    /** Does not set it on later connections any more. The server removes it when this connection ends. */
    @Override
    public void close() {
        hold.cancel(false);
    }

    @Override
    public String toString() {
        return "presence at " + wish.path() + " of " + wish.key();
    }
}
