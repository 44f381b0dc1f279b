package dev.tributary.spi;

/** How often, and when, a call may be handed to a session. */
public enum Delivery {
    /** To the session that is there now, or not at all: for what is worth nothing later. */
    ONLY_NOW,
    /** Once: a session that is lost before it was sent hands it to the next; after that its outcome is unknown. */
    ONCE,
    /** To each new session until it is answered: for what does no harm when it is asked twice. */
    REPEATABLE
}
