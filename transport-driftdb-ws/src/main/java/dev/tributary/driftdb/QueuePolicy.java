package dev.tributary.driftdb;

/** What becomes of pushes when too many wait to be sent. */
public enum QueuePolicy {
    /** The next one is refused. */
    REJECT,
    /** The oldest one fails, and the next one waits. */
    DROP_OLDEST,
    /** Of the replaces of one key only the latest waits, at any time; else the next one is refused. */
    LATEST_REPLACE
}
