package dev.tributary;

import org.jspecify.annotations.Nullable;

/**
 * A value could not be read as what was asked for. It spoils this one reading, never the view. The message names column,
 * row, what was expected and what was found.
 */
public final class MappingException extends SyncException {

    private static final long serialVersionUID = 1;

    public MappingException(String message) {
        super(message);
    }

    public MappingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
