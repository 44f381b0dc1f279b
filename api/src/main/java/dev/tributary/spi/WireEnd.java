package dev.tributary.spi;

import dev.tributary.ConnectionException;
import org.jspecify.annotations.Nullable;

/**
 * How a wire ended.
 *
 * @param code the WebSocket close code, or 0
 * @param reason for people, without secrets
 */
public record WireEnd(
        Kind kind, int code, String reason, @Nullable Throwable cause) {

    /** How. */
    public enum Kind {
        /** The HTTP body is complete. */
        COMPLETE,
        /** The WebSocket was closed with a code. */
        CLOSED,
        /** The connection could not be made. */
        REFUSED,
        /** The connection broke. */
        BROKEN,
        /** It was silent for too long. */
        SILENT,
        /** A bound was exceeded, or what arrived is no HTTP or WebSocket. */
        MALFORMED
    }

    public static WireEnd complete() {
        return new WireEnd(Kind.COMPLETE, 0, "complete", null);
    }

    public static WireEnd of(Kind kind, String reason, @Nullable Throwable cause) {
        return new WireEnd(kind, 0, reason, cause);
    }

    /** This end as the reason of a status. */
    public ConnectionException asException() {
        return new ConnectionException(reason, cause);
    }
}
