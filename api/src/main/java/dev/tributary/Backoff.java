package dev.tributary;

import java.time.Duration;

/**
 * How long to wait between attempts: a random time below {@code initial * 2^n}, at most {@code max} (full jitter), but
 * never less than the server asked for. The count of attempts starts anew once a connection was good for
 * {@code stable}.
 *
 * @param initial the bound of the first wait
 * @param max the highest bound
 * @param stable how long a connection must have been good for earlier failures to be forgotten
 */
public record Backoff(Duration initial, Duration max, Duration stable) {

    // Before DEFAULT, whose constructor needs it.
    private static final Duration LONGEST = Duration.ofDays(365);

    /** 1 s, doubled up to 32 s; forgotten after 10 s. */
    public static final Backoff DEFAULT = exponential(Duration.ofSeconds(1), Duration.ofSeconds(32));

    /**
     * Checks the bounds.
     *
     * @throws ConfigurationException unless {@code 0 < initial <= max <= 365 days} and {@code stable >= 0}
     */
    public Backoff {
        if (initial.isNegative() || initial.isZero() || max.compareTo(initial) < 0 || max.compareTo(LONGEST) > 0) {
            throw new ConfigurationException(
                    "back-off needs 0 < initial <= max <= 365 days, got " + initial + " and " + max);
        }
        if (stable.isNegative()) {
            throw new ConfigurationException("back-off cannot forget after a negative time, got " + stable);
        }
    }

    /** Doubled from the first bound to the highest; forgotten after 10 s. */
    public static Backoff exponential(Duration initial, Duration max) {
        return new Backoff(initial, max, Duration.ofSeconds(10));
    }

    /** Jitter over the whole range, which is what this always does; here so that code can say so. */
    public Backoff fullJitter() {
        return this;
    }

    /** Another time after which failures are forgotten. */
    public Backoff forgetAfter(Duration time) {
        return new Backoff(initial, max, time);
    }

    /**
     * The bound of a wait: {@code initial} after the first failure, doubled after each further one, at most {@code max}.
     *
     * @param attempt how many attempts failed in a row, from 1; less counts as 1
     */
    public Duration bound(int attempt) {
        int doublings = Math.min(Math.max(attempt, 1) - 1, Long.SIZE - 2);
        long nanos = initial.toNanos();
        // Compared after halving the one, for doubling the other could overflow.
        return nanos > max.toNanos() >> doublings ? max : Duration.ofNanos(nanos << doublings);
    }
}
