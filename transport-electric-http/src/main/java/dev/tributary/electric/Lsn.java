package dev.tributary.electric;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Positions in the log of the database: unsigned 64 bits, decimal here, and two hexadecimal halves in Postgres. */
final class Lsn {

    private static final Pattern DECIMAL = Pattern.compile("\\d{1,20}");
    private static final Pattern HALVES = Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})");

    private Lsn() {}

    /** The position that a text is; null when it is none. */
    static @Nullable BigInteger parse(String text) {
        if (DECIMAL.matcher(text).matches()) {
            return new BigInteger(text);
        }
        Matcher halves = HALVES.matcher(text);
        if (!halves.matches()) {
            return null;
        }
        return new BigInteger(halves.group(1), 16).shiftLeft(32).or(new BigInteger(halves.group(2), 16));
    }
}
