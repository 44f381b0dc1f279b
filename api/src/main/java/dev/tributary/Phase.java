package dev.tributary;

/** Where a view stands. */
public enum Phase {
    /** Its first content is on the way, or not known to be all of it. It is not empty, it is not known. */
    LOADING,
    /** It holds all that the server said to be committed, and the connection is good. */
    LIVE,
    /** It holds an earlier content; the connection is lost or silent, and is being restored. */
    STALE,
    /** It will not go on; the last content stays readable. */
    FAILED,
    /** It was closed by the application. */
    CLOSED
}
