package dev.tributary.spi;

import dev.tributary.Capability;
import dev.tributary.Checkpoint;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Protocol} does with an input. Good only during the call that it came with.
 */
public interface Output {

    /** Nanoseconds of the engine's clock at this input: for differences only. */
    long nanos();

    /** The wall clock at this input. */
    Instant now();

    /** Opens a wire: an HTTP exchange or a WebSocket. Several may be open at once. */
    Wire open(Target target);

    /**
     * Sends a message over a WebSocket.
     *
     * @param bytes taken over; the caller does not change them any more
     * @return false when the wire is full now: the message is queued, and {@link Protocol#writable} says when to go on
     */
    boolean send(Wire wire, Protocol.DataKind kind, ByteBuffer bytes);

    /** Closes a wire. Nothing of it is delivered any more. For an HTTP exchange the code is ignored. */
    void close(Wire wire, int code, String reason);

    /** Asks for {@link Protocol#timer} at a moment that the engine draws between the two. A tag has one timer. */
    void timer(Object tag, Duration least, Duration most);

    /** Forgets the timer of this tag. */
    void cancelTimer(Object tag);

    /**
     * Asks the application for credentials; the answer is {@link Protocol#credential}. If it has none to give any more,
     * the engine ends the session with the refusal.
     *
     * @param refusal why the server refused the last ones; null when it did not
     */
    void credential(@Nullable Throwable refusal);

    /** The connection is good although nothing was committed: the server answered as it should. */
    void connected();

    /**
     * What this connection can really do; it is connected then. If the application requires more, the session ends.
     */
    void negotiated(Set<Capability> capabilities);

    /** The open commit of a query. */
    Draft draft(Subscription subscription);

    /**
     * Makes the drafts of these queries visible together, as one server commit. A draft without changes moves only the
     * checkpoint.
     *
     * @param metadata what the transport tells beside the rows; null for nothing
     */
    void commit(List<Subscription> subscriptions, @Nullable Object metadata);

    /** The server said that nothing known to it is missing; all of it is committed. */
    void upToDate(Subscription subscription);

    /** The rows may be behind the server's, and the protocol repairs that: stale until they are up to date again. */
    void behind(Subscription subscription, Throwable reason);

    /** How far the load is: rows and bytes so far, of how many bytes or rows in all as a fraction (NaN: not known). */
    void progress(Subscription subscription, long rows, long bytes, double fraction);

    /**
     * What is committed now is known to be whole: the transport compared it with the server.
     *
     * @param upTo the place that it is of, as the transport spells it
     */
    void verified(Subscription subscription, String upTo);

    /**
     * What was committed up to this place is known to be whole; of later changes, which are committed too, nothing is
     * known yet. Only the status tells it.
     */
    void verifiedUpTo(Subscription subscription, String upTo);

    /** What the status says beside the phase; null for nothing. */
    void condition(Subscription subscription, @Nullable String condition);

    /**
     * A call is on its way to the server. If the session ends before this was said, the call goes to the next one; after
     * it, its outcome is unknown then.
     */
    void sent(Call call);

    /** A call succeeded. What was committed before is visible to whoever hears this. */
    void reply(Call call, @Nullable Object result);

    /** A call failed or was refused. */
    void refuse(Call call, Throwable reason);

    /**
     * The run of one query is over; what comes next is the engine's decision, by the ending. Where queries may share a
     * session ({@link TransportProvider#mayShareSession}), the session goes on; else it is over too.
     *
     * @param carry for the next run of this query, which then finds the open draft as it is; null drops the draft
     */
    void end(Subscription subscription, Ending ending, @Nullable Object carry);

    /** The run of all queries of this session is over, and with it the session. */
    void end(Ending ending);

    /**
     * Tells something that is neither row nor event of a query: what the server can do, a message that it refused, a fact
     * of the connection. Heard by who registered for its kind with {@link Calls#onNotice}.
     *
     * @param notice immutable, of a public type of the transport
     */
    void notice(Object notice);

    /** Something was wrong and was dealt with. Counted and reported, not fatal. */
    void fault(Subscription subscription, String what, String where);

    /** The checkpoint of the last commit of a query; null before the first, and where the protocol gave none. */
    @Nullable
    Checkpoint checkpoint(Subscription subscription);
}
