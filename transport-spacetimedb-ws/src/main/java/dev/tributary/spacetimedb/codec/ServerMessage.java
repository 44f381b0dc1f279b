package dev.tributary.spacetimedb.codec;

import dev.tributary.spacetimedb.ConnectionId;
import dev.tributary.spacetimedb.Identity;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * A message of the server without its rows, in one form for all subprotocols. Ids are unsigned numbers of 32 bits. Times
 * are microseconds; a duration is null where the subprotocol has none.
 */
public sealed interface ServerMessage {

    /** What kind it is; null for one that is not known. */
    @Nullable
    MessageKind kind();

    /**
     * The first message of a connection. Its {@code toString} hides the token.
     *
     * @param token the one that was presented, or that of a new anonymous identity (specification 1.2)
     */
    record Connected(Identity identity, ConnectionId connectionId, String token) implements ServerMessage {
        @Override
        public MessageKind kind() {
            return MessageKind.CONNECTED;
        }

        @Override
        public String toString() {
            return "Connected[identity=" + identity + ", connectionId=" + connectionId + "]";
        }
    }

    /** The answer to the legacy Subscribe of v1: its rows replace the whole legacy set. */
    record InitialSubscription(long requestId, long durationMicros) implements ServerMessage {
        @Override
        public MessageKind kind() {
            return MessageKind.INITIAL_SUBSCRIPTION;
        }
    }

    /** A query set is live. In v1 the answer to SubscribeSingle and SubscribeMulti alike. */
    record SubscribeApplied(
            long requestId, long querySet, @Nullable Long durationMicros) implements ServerMessage {
        @Override
        public MessageKind kind() {
            return MessageKind.SUBSCRIBE_APPLIED;
        }
    }

    /**
     * A query set is gone.
     *
     * @param withRows whether the message lists the rows that went with it: always in v1, when asked for in v2
     */
    record UnsubscribeApplied(
            long requestId,
            long querySet,
            boolean withRows,
            @Nullable Long durationMicros) implements ServerMessage {
        @Override
        public MessageKind kind() {
            return MessageKind.UNSUBSCRIBE_APPLIED;
        }
    }

    /**
     * A request failed, or something that was live ended (specification 4.8).
     *
     * @param querySet null in v1 only
     * @param tableId null in v2
     */
    record SubscriptionError(
            @Nullable Long requestId,
            @Nullable Long querySet,
            @Nullable Long tableId,
            String error,
            @Nullable Long durationMicros)
            implements ServerMessage {
        @Override
        public MessageKind kind() {
            return MessageKind.SUBSCRIPTION_ERROR;
        }
    }

    /**
     * A transaction was committed; in v1 also the answer to a call that failed.
     *
     * @param requestId of TransactionUpdateLight: the caller's, whoever that is; else null
     * @param reducer of the full message of v1; else null
     */
    record TransactionUpdate(
            @Nullable Long requestId, @Nullable ReducerEvent reducer) implements ServerMessage {
        @Override
        public MessageKind kind() {
            return MessageKind.TRANSACTION_UPDATE;
        }
    }

    /**
     * The reducer call behind a transaction, as the full TransactionUpdate of v1 tells it.
     *
     * @param error the text of {@link Outcome#FAILED}, else null
     * @param connection of the caller; null for none (zero on the wire)
     * @param name may be empty or {@code <none>}: not every transaction comes from a reducer
     * @param id 4294967295 for none
     * @param args JSON in {@code v1.json}, else BSATN
     */
    record ReducerEvent(
            Outcome outcome,
            @Nullable String error,
            long timestampMicros,
            Identity caller,
            @Nullable ConnectionId connection,
            String name,
            long id,
            Payload args,
            long requestId,
            BigInteger energy,
            long durationMicros) {}

    /**
     * The answer to a one-off query. In v1 the message id is a string of bytes: {@link ClientMessages#oneOffQuery}
     * makes it of the request id, most significant byte first.
     *
     * @param requestId null when the message id is not one of those
     * @param messageId null in v2
     * @param error null when the query was answered
     */
    record OneOffResult(
            @Nullable Long requestId,
            @Nullable Payload messageId,
            @Nullable String error,
            @Nullable Long durationMicros)
            implements ServerMessage {
        @Override
        public MessageKind kind() {
            return MessageKind.ONE_OFF_RESULT;
        }
    }

    /**
     * The answer to a reducer call of one's own in v2, with the rows that it changed.
     *
     * @param outcome {@link Outcome#COMMITTED}, {@link Outcome#FAILED} or {@link Outcome#INTERNAL_ERROR}
     * @param value of a committed call what it returned (null for OkEmpty), of a failed one the BSATN of its error
     * @param error the text of an internal error
     */
    record ReducerResult(
            long requestId,
            long timestampMicros,
            Outcome outcome,
            @Nullable Payload value,
            @Nullable String error) implements ServerMessage {
        @Override
        public MessageKind kind() {
            return MessageKind.REDUCER_RESULT;
        }
    }

    /**
     * The answer to a procedure call of one's own.
     *
     * @param outcome {@link Outcome#COMMITTED}, {@link Outcome#OUT_OF_ENERGY} or {@link Outcome#INTERNAL_ERROR}
     * @param value what it returned, when it did: JSON in {@code v1.json}, else BSATN
     * @param error the text of an internal error
     */
    record ProcedureResult(
            long requestId,
            Outcome outcome,
            @Nullable Payload value,
            @Nullable String error,
            long timestampMicros,
            long durationMicros)
            implements ServerMessage {
        @Override
        public MessageKind kind() {
            return MessageKind.PROCEDURE_RESULT;
        }
    }

    /**
     * A message that no table of variants has.
     *
     * @param variant its tag or name
     * @param restLost whether later messages may have been lost with it: in a bundle nothing says where it ends
     */
    record Unknown(String variant, boolean restLost) implements ServerMessage {
        @Override
        public @Nullable MessageKind kind() {
            return null;
        }
    }

    /** How a call ended. */
    enum Outcome {
        COMMITTED,
        FAILED,
        OUT_OF_ENERGY,
        INTERNAL_ERROR
    }
}
