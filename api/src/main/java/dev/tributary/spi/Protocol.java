package dev.tributary.spi;

import dev.tributary.Credential;
import java.nio.ByteBuffer;

/**
 * One run of a protocol as a pure state machine: it has no thread, socket, clock or randomness of its own. The engine
 * calls it from one thread at a time; each input is one call, with an {@link Output} to act on. The output is good only
 * during the call.
 *
 * <p>An input may throw {@link dev.tributary.SyncException} (or anything else): the engine then ends the session as a
 * protocol fault, keeps what was committed, and tries again.
 *
 * <p>Inputs of a wire that this protocol closed are not delivered any more.
 */
public interface Protocol {

    /** The engine wants this query. It may come at any time, also before anything is open. */
    void subscribe(Subscription subscription, Output out);

    /**
     * The engine no longer wants this query. The protocol releases what it holds for it and answers with
     * {@link Output#end(Subscription, Ending, Object)}, with a carry from which the query could go on: pausing and
     * refreshing are built on that.
     */
    void unsubscribe(Subscription subscription, Output out);

    /** A write or another verb; answered by {@link Output#reply} or {@link Output#refuse}, sooner or later. */
    default void call(Call call, Output out) {
        out.refuse(call, new dev.tributary.ConfigurationException("this transport takes no calls"));
    }

    /** Nobody waits for this call any more. */
    default void cancel(Call call, Output out) {}

    /**
     * The wire is open: the head of the HTTP response, or the answer to the WebSocket handshake. A handshake that was
     * answered by another status than 101 comes as a head with that status, the body, and an end that is complete.
     */
    default void opened(Wire wire, Head head, Output out) {}

    /**
     * Content arrived.
     *
     * @param kind a piece of an HTTP body, or of a text or binary message
     * @param bytes good only during the call
     * @param last whether a message is complete with this; for a body always false: its end is {@link #ended}
     */
    default void data(Wire wire, DataKind kind, ByteBuffer bytes, boolean last, Output out) {}

    /** The wire takes more after {@link Output#send} had said that it was full. */
    default void writable(Wire wire, Output out) {}

    /** The wire is gone, by its own end or by a failure. */
    default void ended(Wire wire, WireEnd end, Output out) {}

    /** A timer of {@link Output#timer} is due. */
    default void timer(Object tag, Output out) {}

    /** The answer to {@link Output#credential}. */
    default void credential(Credential credential, Output out) {}

    /** What a piece of content is. */
    enum DataKind {
        BODY,
        TEXT,
        BINARY
    }
}
