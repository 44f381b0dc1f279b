package dev.tributary.conformance;

/** What a protocol is told: one call of it is one step of a simulation. */
public enum ProtocolInput {
    /** A query is wanted. */
    SUBSCRIBE,
    /** A query is not wanted any more. */
    UNSUBSCRIBE,
    /** A write, or another verb. */
    CALL,
    /** Nobody waits for a call any more. */
    CANCEL,
    /** A wire is open, or an answer's head is there. */
    OPENED,
    /** Content arrived. */
    DATA,
    /** A wire takes more. */
    WRITABLE,
    /** A wire is gone. */
    ENDED,
    /** A timer is due. */
    TIMER,
    /** A credential is there, or none. */
    CREDENTIAL
}
