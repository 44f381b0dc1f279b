package dev.tributary.conformance;

import java.util.EnumSet;

/** What may go wrong between a client and a server. Faults that last do so until {@link World#heal}. */
public enum Fault {
    /** All connections break now. */
    DROP,
    /** The next connection is refused, or its request answered with a server error. */
    REFUSE_ONCE,
    /** All connections are refused. Lasts. */
    REFUSE,
    /** Connections stay open and nothing arrives. Lasts. */
    SILENCE,
    /** The server forgets its log: who comes back cannot go on from where it stopped. */
    RESET_LOG,
    /** The credentials that were good are refused from now on; {@link World#token} gives others. */
    EXPIRE_CREDENTIALS,
    /** Something arrives that is not of the protocol. */
    GARBAGE,
    /** All that the server sends takes longer. Lasts. */
    SLOW,
    /** Some of what the server would send is lost without a sign. Lasts. Only where the transport is not LOSSLESS. */
    LOSE,
    /** The server refuses the first query for good, saying why. Lasts. */
    REJECT,
    /** The server starts again, with its log: connections end, and who comes back can go on. */
    RESTART,
    /** The server starts again and kept its rows alone: no checkpoint is good any more. */
    RESTART_ANEW,
    /** Something that the server sent comes twice. Only where the protocol has to cope with it. */
    DUPLICATE,
    /**
     * A cache on the way answers what was asked before as it was answered then, with what was true earlier. Lasts. Only for
     * content that comes by requests which a cache may answer: between the two ends of a socket there is none.
     */
    STALE,
    /** The next request or handshake is answered by a status that says to come again: 409, 429, 5xx. */
    STATUS,
    /** The columns of the tables change; the rows that the laws look at stay. */
    SCHEMA,
    /**
     * The next request or handshake is refused by a status that says when to come again, with a {@code Retry-After} of {@link
     * Patience#ASKED}.
     */
    COME_LATER;

    /** Those that any server over any network has, from {@link #DROP} to {@link #REJECT}; nothing is lost without a sign. */
    public static EnumSet<Fault> common() {
        EnumSet<Fault> common = EnumSet.range(DROP, REJECT);
        common.remove(LOSE);
        return common;
    }
}
