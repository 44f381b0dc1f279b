package dev.tributary.driftdb;

/**
 * What a commit of a stream is, beside its rows.
 *
 * @param cause why the rows changed
 * @param history how often the room lost its state since the first content
 */
public record StreamCommit(Cause cause, long history) {

    /** Why the rows changed. */
    public enum Cause {
        /** The retained entries were read as a connection began. */
        INIT,
        /** One message arrived. */
        MESSAGE,
        /** The retained entries were read again and nothing had been missed. */
        AUDIT,
        /** The retained entries were read again: messages had been lost on the way, and are there now. */
        REPAIR,
        /** The room had lost its state: what it holds now is another history. */
        RESET
    }
}
