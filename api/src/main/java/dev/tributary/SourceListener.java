package dev.tributary;

import java.time.Duration;

/**
 * Hears what happens inside a source, for logs and metrics. Called on a thread of the engine: be quick, never block, do
 * not call the source. What it throws is logged and ignored.
 */
public interface SourceListener {

    /** A session is being opened for this query. */
    default void onAttempt(Query query, int attempt) {}

    /** A wire (one HTTP exchange, one WebSocket) is being opened; the address shows no secret. */
    default void onWireOpened(Query query, String address) {}

    /** Bytes of content arrived; of a session that serves several queries, one of them is named. */
    default void onBytes(Query query, long count) {}

    /** A commit became visible. */
    default void onCommit(Query query, long version, int changes) {}

    /** A session ended. */
    default void onEnded(Query query, String ending, Throwable reason) {}

    /** The next attempt will come after this time. */
    default void onRetry(Query query, int attempt, Duration delay, Throwable reason) {}

    /** Something was wrong and was dealt with: counted, not fatal. */
    default void onFault(Query query, String what, String where) {}

    /** A listener of the application threw, or its executor refused it. */
    default void onListenerFailed(Query query, Throwable reason) {}
}
