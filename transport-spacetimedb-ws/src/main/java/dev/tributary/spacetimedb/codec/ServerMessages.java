package dev.tributary.spacetimedb.codec;

import org.jspecify.annotations.Nullable;

/**
 * Hears what the server says, in this order for each message: {@link #begin}, then {@link #rows} once for each list of
 * rows, then the one call that says what the message was and carries everything but its rows.
 *
 * <p>A message that turns out bad, or is cut off, has no last call: {@link FrameReader} throws, and what was gathered
 * since {@code begin} is to be thrown away. An exception of a listener leaves the reader unusable.
 */
public interface ServerMessages {

    /** A message begins. */
    void begin(MessageKind kind);

    /**
     * A list of rows begins, maybe an empty one. The same place may come several times in one message.
     *
     * @return who takes the rows until the next call of this listener; null skips them
     */
    @Nullable
    RowSink rows(RowPlace place);

    void connected(ServerMessage.Connected message);

    void initialSubscription(ServerMessage.InitialSubscription message);

    void subscribeApplied(ServerMessage.SubscribeApplied message);

    void unsubscribeApplied(ServerMessage.UnsubscribeApplied message);

    void subscriptionError(ServerMessage.SubscriptionError message);

    void transactionUpdate(ServerMessage.TransactionUpdate message);

    void oneOffResult(ServerMessage.OneOffResult message);

    void reducerResult(ServerMessage.ReducerResult message);

    void procedureResult(ServerMessage.ProcedureResult message);

    /** A message of a variant that this client does not know. There was no {@link #begin}. */
    void unknown(ServerMessage.Unknown message);
}
