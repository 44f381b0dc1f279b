package dev.tributary.sodp;

/** What the timers of a connection are for, those of single keys and places apart. */
enum Timers {
    HELLO,
    AUTH,
    /** The next request for keys may leave. */
    WATCHES,
    /** Answers may be overdue. */
    UNANSWERED,
    /** The next call may leave. */
    CALLS,
    /** All keys are compared with the server. */
    AUDIT,
    /** The token ends soon. */
    RENEW
}
