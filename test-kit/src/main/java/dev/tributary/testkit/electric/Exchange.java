package dev.tributary.testkit.electric;

/** A request that has been handed to the model and may still be held. */
public interface Exchange {

    /** The client went away: the reply will not be called any more. */
    void cancel();

    /** Whether it has been replied to or cancelled. */
    boolean isDone();
}
