package dev.tributary.testkit.spacetimedb;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Why a transaction took place.
 *
 * @param identity who asked
 * @param connection over which connection, or null
 * @param reducer the name, empty for none
 * @param jsonArguments as the caller wrote them, or by position
 * @param requestId the caller's number
 * @param caller the session that gets the answer, or null
 * @param quiet whether the caller wants no notice of success
 */
record CallCause(
        BigInteger identity,
        @Nullable BigInteger connection,
        String reducer,
        long reducerId,
        String jsonArguments,
        byte[] bsatnArguments,
        long requestId,
        @Nullable SpacetimeDbSession caller,
        boolean quiet) {

    static final long NO_REDUCER = 0xffff_ffffL;

    /** A transaction without a reducer. */
    static CallCause none(BigInteger identity, String name, long reducerId) {
        return new CallCause(identity, null, name, reducerId, "[]", new byte[0], 0, null, false);
    }
}
