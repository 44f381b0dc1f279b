package dev.tributary.testkit.spacetimedb;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server messages of the first version, in one of their two forms. Binary ones begin with a byte for the compression
 * that is none yet. An update is a list of table entries, each a list of query updates.
 */
interface V1Writer {

    /** What the reducers and queries of the model are said to have taken. */
    long MICROS = 100;

    /** What calls are said to have cost. */
    long ENERGY = 260;

    byte[] identityToken(BigInteger identity, String token, BigInteger connection);

    byte[] initialSubscription(List<List<QueryDelta>> update, long requestId);

    /** What was committed, or null where the text of a failure stands, or both null: out of energy. */
    byte[] transactionUpdate(
            @Nullable List<List<QueryDelta>> committed, @Nullable String failure, long micros, CallCause cause);

    byte[] light(long requestId, List<List<QueryDelta>> update);

    byte[] applied(boolean subscribed, long requestId, long queryId, QueryDelta rows);

    byte[] multiApplied(boolean subscribed, long requestId, long queryId, List<List<QueryDelta>> update);

    byte[] error(@Nullable Long requestId, @Nullable Long queryId, String error);

    byte[] oneOff(byte[] messageId, @Nullable String error, @Nullable QueryDelta rows);

    /** What a procedure returned, or null and why it did not. */
    byte[] procedureResult(byte @Nullable [] returned, SpacetimeType type, String error, long micros, long requestId);
}
