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

    private final Sodp sodp;
    private final String key;
    private final SodpPath path;
    private final CompletableFuture<@Nullable Object> hold;

    private SodpPresence(Sodp sodp, String key, SodpPath path, CompletableFuture<@Nullable Object> hold) {
        this.sodp = sodp;
        this.key = key;
        this.path = path;
        this.hold = hold;
    }

    static SodpPresence hold(Sodp sodp, Calls calls, String key, SodpPath path, @Nullable Object value) {
        Wish.Presence wish = new Wish.Presence(key, path, value, NUMBERS.incrementAndGet());
        return new SodpPresence(sodp, key, path, calls.call(wish, FOR_EVER, Delivery.REPEATABLE));
    }

    /** The key that it is in. */
    public String key() {
        return key;
    }

    /** The place. */
    public SodpPath path() {
        return path;
    }

    /**
     * Completes when it is not held any more: normally when a later call took its place, with the reason when the server
     * refused to set it again or the source was closed, and as cancelled after {@link #close}.
     */
    public CompletableFuture<Void> ended() {
        return hold.thenAccept(nothing -> {});
    }

    /**
     * Ends it now: it is not set on later connections, and the place is set to null, for SODP has no way to remove one.
     * The server removes it when this connection ends.
     */
    public CompletableFuture<SodpResult> withdraw(Duration deadline) {
        close();
        return sodp.setIn(key, path, null, deadline);
    }

    /** Does not set it on later connections any more. The server removes it when this connection ends. */
    @Override
    public void close() {
        hold.cancel(false);
    }

    @Override
    public String toString() {
        return "presence at " + path + " of " + key;
    }
}
