package dev.tributary.conformance;

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
    REJECT
}
