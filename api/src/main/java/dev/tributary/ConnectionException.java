package dev.tributary;

import org.jspecify.annotations.Nullable;

/**
 * The server could not be reached, went silent or ended the connection. As the reason of a status it will be tried
 * again; a call that met it was not sent.
 */
public class ConnectionException extends SyncException {

    private static final long serialVersionUID = 1;

    public ConnectionException(String message) {
        super(message);
    }

    public ConnectionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
