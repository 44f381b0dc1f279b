package dev.tributary.driftdb;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A room over HTTP alone: no socket is opened. Messages of one key go one after another. A push is acknowledged by its
 * answer, and has no number. Refusals are {@link DriftDbException} with their status, and {@link RoomNotFoundException}. It
 * is JSON in any case: bytes come as arrays of integers. Rooms of the hosted kind are not kept alive by these messages.
 */
public interface DriftHttp {

    /** Replaces what a key retains. */
    CompletableFuture<Pushed> put(String key, @Nullable Object value, Duration deadline);

    /** Puts a value behind what a key retains. */
    CompletableFuture<Pushed> append(String key, @Nullable Object value, Duration deadline);

    /** Any push. {@link Guarantee} says which may be sent again when no answer comes. */
    CompletableFuture<Pushed> push(Push push, Duration deadline);

    /** The last entry that a key retains; empty when there is none. */
    CompletableFuture<Optional<Entry>> latest(String key, Duration deadline);

    /** What a key retains, in its order, above a number (unsigned): 0 for all. */
    CompletableFuture<List<Entry>> read(String key, long above, Duration deadline);

    /** Replaces what a key retains up to a number by one value that stands for all of it. */
    CompletableFuture<Pushed> fold(String key, @Nullable Object value, long upTo, Duration deadline);

    /** Completes when the room answers. */
    CompletableFuture<Void> ping(Duration deadline);
}
