package dev.tributary.spacetimedb.codec;

import org.jspecify.annotations.Nullable;

/**
 * Where the rows that follow stand.
 *
 * @param message the message that they are in
 * @param table the canonical name of their table
 * @param effect what they do to it
 * @param querySet whose rows they are: always there in applied messages, and in updates of v2 and v3
 * @param requestId the request that they answer: always there in applied messages, results of reducers and of one-off
 *     queries (but see {@link ServerMessage.OneOffResult#requestId}); null in updates and in {@link
 *     ServerMessage.InitialSubscription}, whose id is read after its rows
 */
public record RowPlace(
        MessageKind message,
        String table,
        Effect effect,
        @Nullable Long querySet,
        @Nullable Long requestId) {

    /** What a row does. Rows of a one-off query are inserts. */
    public enum Effect {
        INSERT,
        DELETE,
        EVENT
    }
}
