package dev.tributary;

import org.jspecify.annotations.Nullable;

/**
 * The root of all that this library throws on purpose. A message is one sentence that says what was wrong, where, and
 * where possible what to do. It never holds a secret.
 */
public class SyncException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public SyncException(String message) {
        super(message);
    }

    public SyncException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** What went wrong in one line: the message, or the class of one that has none. */
    static String textOf(Throwable reason) {
        String message = reason.getMessage();
        return message == null || message.isBlank() ? reason.getClass().getSimpleName() : message;
    }
}
