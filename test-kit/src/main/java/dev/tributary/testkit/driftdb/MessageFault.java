package dev.tributary.testkit.driftdb;

/** What goes wrong with a message of a client over a WebSocket. */
public enum MessageFault {
    /** The connection ends before the message has an effect. */
    CUT_BEFORE,
    /** The message has its effect, and the connection ends before the sender hears of it. */
    CUT_AFTER,
    /** The message gets lost. */
    LOSE,
    /** The message has its effect, and the sender hears nothing any more. */
    SILENCE_AFTER
}
