package dev.tributary;

import org.jspecify.annotations.Nullable;

/**
 * A call was sent and not answered: the connection was lost, or the time was over. The server may have done it or not.
 */
public final class OutcomeUnknownException extends ConnectionException {

    private static final long serialVersionUID = 1;

    public OutcomeUnknownException(String message) {
        super(message);
    }

    public OutcomeUnknownException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
