package dev.tributary.http;

import dev.tributary.spi.WireEnd;
import org.jspecify.annotations.Nullable;

/** Why an exchange cannot go on, as found by us. */
final class WireFault extends Exception {

    private static final long serialVersionUID = 1;

    private final WireEnd.Kind kind;

    /**
     * @param reason for people, without secrets and without the address
     */
    WireFault(WireEnd.Kind kind, String reason, @Nullable Throwable cause) {
        super(reason, cause, false, false);
        this.kind = kind;
    }

    static WireFault malformed(String reason) {
        return new WireFault(WireEnd.Kind.MALFORMED, reason, null);
    }

    WireEnd end(String printable) {
        return WireEnd.of(kind, printable + ": " + getMessage(), getCause());
    }
}
