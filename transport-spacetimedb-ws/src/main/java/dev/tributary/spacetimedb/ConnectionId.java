package dev.tributary.spacetimedb;

import java.math.BigInteger;

/**
 * Which connection it is: a number of 128 bits, chosen anew for each. Immutable.
 *
 * @param value from 0 to 2^128 - 1; 0 means no connection, as of a scheduled reducer
 */
public record ConnectionId(BigInteger value) {

    private static final int BITS = 128;

    /** Checks the range. */
    public ConnectionId {
        if (value.signum() < 0 || value.bitLength() > BITS) {
            throw new IllegalArgumentException("a connection id has at most 128 bits and no sign");
        }
    }

    /** The 32 hexadecimal digits, most significant first. */
    @Override
    public String toString() {
        String digits = value.toString(16);
        return "0".repeat(BITS / 4 - digits.length()) + digits;
    }
}
