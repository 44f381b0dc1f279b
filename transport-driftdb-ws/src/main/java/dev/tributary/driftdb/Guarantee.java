package dev.tributary.driftdb;

/** What becomes of a push whose outcome is unknown because the connection was lost. */
public enum Guarantee {
    /** It is not sent again; the future ends with {@link dev.tributary.OutcomeUnknownException}. */
    AT_MOST_ONCE,
    /**
     * It is sent again unless an entry of ours is found in the stream: one with the same sender {@code i} and count
     * {@code n} where the value has them, else one with the same value that is newer than what was known when it was sent.
     * For a replace that is harmless only if nobody else has written since. Over HTTP numbers are not heard, so there only
     * values that have {@code i} and {@code n}, and compacts, are sent again; others end as with {@link #AT_MOST_ONCE}.
     */
    AT_LEAST_ONCE
}
