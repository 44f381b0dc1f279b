package dev.tributary.testkit.spacetimedb;

/** The kinds of server messages, of both versions. */
public enum ServerMessageKind {
    /** The first message. */
    IDENTITY,
    /** The answer to the legacy subscription. */
    INITIAL_SUBSCRIPTION,
    /** Subscribed, a single query, several or a set. */
    SUBSCRIBED,
    /** No longer subscribed. */
    UNSUBSCRIBED,
    /** A subscription failed or ended. */
    SUBSCRIPTION_ERROR,
    /** Changes by others. */
    UPDATE,
    /** The answer to one's own call of a reducer. */
    CALL_RESULT,
    /** The answer to a query. */
    QUERY_RESULT,
    /** The answer to a procedure. */
    PROCEDURE_RESULT
}
