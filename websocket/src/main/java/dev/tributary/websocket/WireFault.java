package dev.tributary.websocket;

import dev.tributary.spi.WireEnd;
import org.jspecify.annotations.Nullable;

/** Why a wire cannot go on, as found by us. */
final class WireFault extends Exception {

    /** The server broke the protocol. */
    static final int PROTOCOL_ERROR = 1002;

    static final int NOT_UTF8 = 1007;
    static final int TOO_BIG = 1009;

    private static final long serialVersionUID = 1;

    private final WireEnd.Kind kind;
    private final int closeCode;

    private WireFault(WireEnd.Kind kind, int closeCode, String reason, @Nullable Throwable cause) {
        super(reason, cause, false, false);
        this.kind = kind;
        this.closeCode = closeCode;
    }

    /**
     * @param reason for people, without secrets and without the address
     */
    static WireFault refused(String reason, @Nullable Throwable cause) {
        return new WireFault(WireEnd.Kind.REFUSED, 0, reason, cause);
    }

    static WireFault broken(String reason, @Nullable Throwable cause) {
        return new WireFault(WireEnd.Kind.BROKEN, 0, reason, cause);
    }

    static WireFault malformed(String reason) {
        return malformed(PROTOCOL_ERROR, reason);
    }

    /**
     * @param closeCode what the server is told
     */
    static WireFault malformed(int closeCode, String reason) {
        return new WireFault(WireEnd.Kind.MALFORMED, closeCode, reason, null);
    }

    /** What the server is told; 0 for nothing. */
    int closeCode() {
        return closeCode;
    }

    String reason() {
        return String.valueOf(getMessage());
    }

    WireEnd end(String printable) {
        return WireEnd.of(kind, printable + ": " + reason(), getCause());
    }
}
