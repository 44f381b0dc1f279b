package dev.tributary;

import org.jspecify.annotations.Nullable;

/**
 * What the server sent is not what its protocol allows: malformed, truncated, oversized, contradictory. It ends that
 * attempt; rows already committed stay readable. The message names what was wrong and where.
 */
public final class ProtocolException extends SyncException {

    private static final long serialVersionUID = 1;

    public ProtocolException(String message) {
        super(message);
    }

    public ProtocolException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
