package dev.tributary;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a source is doing at one instant: the worst of its sessions. Immutable; {@link #toString} is one line to show to
 * people.
 *
 * @param phase what it is doing
 * @param attempt which attempt in a row this is or will be, from 1; 0 when none is needed
 * @param delay while waiting, how long the wait is in all; else zero
 * @param reason why it waits or failed; null otherwise
 */
public record SourceStatus(
        Phase phase, int attempt, Duration delay, @Nullable Throwable reason) {

    /** What a source is doing. */
    public enum Phase {
        /** Nothing is asked of it. */
        IDLE,
        /** An attempt is under way, and no session is connected. */
        CONNECTING,
        /** Every session that is needed is connected. */
        CONNECTED,
        /** It waits before the next attempt. */
        WAITING,
        /** The application paused it. */
        PAUSED,
        /** It was closed by the application. */
        CLOSED
    }

    public SourceStatus {
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(delay, "delay");
    }

    /** One line for people: {@code waiting 3.2 s (attempt 4: connection reset)}. */
    @Override
    public String toString() {
        String name = phase.name().toLowerCase(Locale.ROOT);
        if (phase != Phase.WAITING) {
            return name;
        }
        String cause = reason == null ? "" : ": " + SyncException.textOf(reason);
        return String.format(Locale.ROOT, "%s %.1f s (attempt %d%s)", name, delay.toMillis() / 1000.0, attempt, cause);
    }
}
