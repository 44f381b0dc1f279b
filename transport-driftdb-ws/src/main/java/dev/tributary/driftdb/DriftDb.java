package dev.tributary.driftdb;

import dev.tributary.MaterializedView;
import dev.tributary.NoticeListener;
import dev.tributary.Registration;
import dev.tributary.Row;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What only DriftDB can do, by {@code source.unwrap(DriftDb.class)}: write, make rooms, fold streams. Every future ends, at
 * the latest at its deadline: with a result, a typed refusal, or {@link dev.tributary.OutcomeUnknownException} when the
 * connection was lost after the push had left. Safe for any thread.
 */
public interface DriftDb {

    /**
     * A builder for a source at this address: {@code wss://db.example.com/room/ID}, with or without {@code driftdb+} before
     * it. Without a room at its end it can only make and look up rooms.
     */
    static DriftDbSourceBuilder source(URI address) {
        return new DriftDbSourceBuilder(address);
    }

    // ---- rooms ----

    /** Makes a room on the server of this source. */
    CompletableFuture<Room> createRoom(Duration deadline);

    /** Looks a room up; fails with {@link RoomNotFoundException} when the server does not know it. */
    CompletableFuture<Room> room(String id, Duration deadline);

    /**
     * Fills this source's room from a view of another, for example after that room was lost: the newest value replaces,
     * entries of a log are appended in their order.
     *
     * @param view of a {@link DriftDb} source, closed and failed ones too
     * @param deadline of each push
     */
    CompletableFuture<Void> reseed(MaterializedView<Row> view, Duration deadline);

    // ---- writing ----

    /**
     * Writes. Relays are not sent later: without a connection they fail. Others wait for one, in their order, up to a bound:
     * {@link #withQueue}.
     */
    CompletableFuture<Pushed> push(Push push, Duration deadline);

    /** Broadcasts a value without retaining it. */
    default CompletableFuture<Pushed> relay(String key, @Nullable Object value, Duration deadline) {
        return push(Push.relay(key, value), deadline);
    }

    /** Puts a value behind what a key retains. */
    default CompletableFuture<Pushed> append(String key, @Nullable Object value, Duration deadline) {
        return push(Push.append(key, value), deadline);
    }

    /** Replaces what a key retains by one value. */
    default CompletableFuture<Pushed> replace(String key, @Nullable Object value, Duration deadline) {
        return push(Push.replace(key, value), deadline);
    }

    /**
     * Replaces, but not too often: of values that follow within 20 ms of each other the first and the last are sent. Those
     * between complete without a number.
     */
    CompletableFuture<Pushed> replaceThinned(String key, @Nullable Object value, Duration deadline);

    /**
     * Appends many values in order, so many at a time as the queue has room for.
     *
     * @param deadline of each
     * @param progress hears how many are done
     * @return fails with the first that fails; no more are sent then
     */
    CompletableFuture<Void> appendAll(String key, Iterable<?> values, Duration deadline, LongConsumer progress);

    /** The same interface with another bound for what waits; 1000 and {@link QueuePolicy#REJECT} if this is not called. */
    DriftDb withQueue(int most, QueuePolicy policy);

    /**
     * Folds a key: reads what it retains, and replaces it by one value that stands for all. After a short wait that is
     * drawn, so that of several writers one does it; one fold at a time for each key.
     *
     * @param threshold nothing happens unless more entries than this are retained
     * @param folder makes the value; runs on the executor that the source shares
     * @return whether it was folded
     */
    CompletableFuture<Boolean> fold(
            String key,
            int threshold,
            Function<? super List<Entry>, ? extends @Nullable Object> folder,
            Duration deadline);

    /**
     * Reads what a key retains now, past the live feed, from which messages may be missing. Values are those of the live feed;
     * {@link DriftHttp#read} has them as JSON can carry them.
     */
    CompletableFuture<List<Entry>> retained(String key, Duration deadline);

    // ---- presence ----

    /**
     * Announces a client from now on, again and again while there is a connection: when the value changed, but not too
     * often, and at least once a second.
     *
     * @param view of the key, with {@code as=presence}; what is announced lives as long as it does
     */
    CompletableFuture<Void> announce(
            MaterializedView<?> view, String client, @Nullable Object value, Duration deadline);

    /**
     * Announces it no more.
     *
     * @param farewell whether to say so. JavaScript peers show a null value for a while then
     */
    CompletableFuture<Void> withdraw(MaterializedView<?> view, String client, boolean farewell, Duration deadline);

    // ---- the rest ----

    /** The room over HTTP alone. */
    DriftHttp http();

    /** The way there and back on the socket, measured now. */
    CompletableFuture<Duration> latency(Duration deadline);

    /** Hears how many entries a key retains after each push of ours that leaves two or more. */
    Registration onSize(NoticeListener<? super StreamSize> listener);

    /** Hears of messages that the server could not use. */
    Registration onError(NoticeListener<? super ServerError> listener);

    /** Hears that the room gives numbers anew. */
    Registration onCounterWentBack(NoticeListener<? super CounterWentBack> listener);
}
