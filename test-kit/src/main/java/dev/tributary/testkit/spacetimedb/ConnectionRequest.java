package dev.tributary.testkit.spacetimedb;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** What a handshake asked for, after all of it was found good. */
record ConnectionRequest(
        BigInteger identity,
        String token,
        Subprotocol subprotocol,
        Compression compression,
        boolean light,
        boolean confirmed,
        @Nullable BigInteger connectionId) {

    /** Without token. */
    @Override
    public String toString() {
        return "a connection over " + subprotocol;
    }
}
