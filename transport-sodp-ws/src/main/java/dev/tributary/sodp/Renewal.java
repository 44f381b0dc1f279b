package dev.tributary.sodp;

import dev.tributary.spi.Output;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Plans a new connection shortly before the token of this one ends, where the server would cut it then. Calls are not sent
 * any more, and those that were are waited for: a planned end leaves no outcome unknown. A token that was renewed in vain,
 * because the application gave the same again, is left to the server.
 */
final class Renewal {

    private static final Duration LONGEST_MARGIN = Duration.ofSeconds(60);
    private static final Duration SHORTEST_LEFT = Duration.ofSeconds(10);
    private static final int PART = 10;

    private final SodpMemory memory;
    private @Nullable Instant expiry;
    private Duration patience = Duration.ZERO;
    private boolean due;
    private boolean over;

    Renewal(SodpMemory memory) {
        this.memory = memory;
    }

    void plan(@Nullable Instant tokenEnds, SodpDialect dialect, Output out) {
        if (tokenEnds == null || !dialect.cutsAtExpiry() || tokenEnds.equals(memory.renewedAt())) {
            return;
        }
        Duration left = Duration.between(out.now(), tokenEnds);
        if (left.compareTo(SHORTEST_LEFT) < 0) {
            return;
        }
        Duration part = left.dividedBy(PART);
        Duration margin = part.compareTo(LONGEST_MARGIN) < 0 ? part : LONGEST_MARGIN;
        expiry = tokenEnds;
        patience = margin.dividedBy(2);
        Duration until = left.minus(margin);
        out.timer(Timers.RENEW, until, until);
    }

    /** It is time; the second time for whatever is still under way. */
    void timer(Output out) {
        over = due;
        due = true;
        memory.renewed(expiry);
        if (!over) {
            out.timer(Timers.RENEW, patience, patience);
        }
    }

    /** Whether no call may be sent on this connection any more. */
    boolean isDue() {
        return due;
    }

    /** Whether the connection may end now. */
    boolean mayEnd(boolean anyCallUnanswered) {
        return due && (over || !anyCallUnanswered);
    }
}
