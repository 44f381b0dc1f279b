package dev.tributary;

import org.jspecify.annotations.Nullable;

/**
 * The server understood and refused: an unknown table, a wrong filter, missing rights. Asking again the same way would
 * end the same way.
 */
public class RejectedException extends SyncException {

    private static final long serialVersionUID = 1;

    public RejectedException(String message) {
        super(message);
    }

    public RejectedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
