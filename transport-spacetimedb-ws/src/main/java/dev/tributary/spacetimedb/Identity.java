package dev.tributary.spacetimedb;

import java.math.BigInteger;

/**
 * Who is connected, as the server knows it: a number of 256 bits that depends on the issuer and subject of the token
 * alone (specification 1.2). Immutable.
 *
 * @param value from 0 to 2^256 - 1
 */
public record Identity(BigInteger value) {

    private static final int BITS = 256;

    /** Checks the range. */
    public Identity {
        if (value.signum() < 0 || value.bitLength() > BITS) {
            throw new IllegalArgumentException("an identity has at most 256 bits and no sign");
        }
    }

    /** The 64 hexadecimal digits, most significant first: {@code c200…}. */
    @Override
    public String toString() {
        String digits = value.toString(16);
        return "0".repeat(BITS / 4 - digits.length()) + digits;
    }
}
