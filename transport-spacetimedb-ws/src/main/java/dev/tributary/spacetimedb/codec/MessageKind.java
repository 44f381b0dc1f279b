package dev.tributary.spacetimedb.codec;

/** What a message of the server is, whatever the subprotocol. */
public enum MessageKind {
    CONNECTED,
    INITIAL_SUBSCRIPTION,
    SUBSCRIBE_APPLIED,
    UNSUBSCRIBE_APPLIED,
    SUBSCRIPTION_ERROR,
    TRANSACTION_UPDATE,
    ONE_OFF_RESULT,
    REDUCER_RESULT,
    PROCEDURE_RESULT
}
