package dev.tributary.cli;

import java.math.BigDecimal;
import java.time.Duration;

/** Times for people. */
final class Seconds {

    private Seconds() {}

    /** {@code 10 s}, {@code 0.5 s}. */
    static String text(Duration time) {
        return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
    }
}
