package dev.tributary.spacetimedb;

import dev.tributary.ConnectionException;
import org.jspecify.annotations.Nullable;

/** A connection ended or could not be made; see {@link #disconnect} for which way, and {@link #code}. */
public final class DisconnectedException extends ConnectionException {

    private static final long serialVersionUID = 1L;

    private final Disconnect disconnect;
    private final int code;

    DisconnectedException(Disconnect disconnect, int code, String reason, @Nullable Throwable cause) {
        super(
                disconnect.text()
                        + (code == 0 ? "" : " (close code " + code + ")")
                        + (reason.isBlank() ? "" : ": " + SpacetimeDbException.shortened(reason)),
                cause);
        this.disconnect = disconnect;
        this.code = code;
    }

    /** Which kind of end it was. */
    public Disconnect disconnect() {
        return disconnect;
    }

    /** The close code; 0 when there was no close frame. */
    public int code() {
        return code;
    }
}
