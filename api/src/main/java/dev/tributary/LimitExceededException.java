package dev.tributary;

/**
 * A bound on memory was reached: an open transaction, a message or a body was larger than allowed. The message names the
 * bound and the option that raises it.
 */
public final class LimitExceededException extends SyncException {

    private static final long serialVersionUID = 1;

    public LimitExceededException(String message) {
        super(message);
    }
}
