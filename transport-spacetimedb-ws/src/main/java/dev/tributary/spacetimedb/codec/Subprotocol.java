package dev.tributary.spacetimedb.codec;

import dev.tributary.spi.Protocol.DataKind;
import java.util.Optional;

/** What client and server agreed on in the handshake (specification 1.3), the oldest first. */
public enum Subprotocol {
    V1_JSON("v1.json.spacetimedb", DataKind.TEXT),
    V1_BSATN("v1.bsatn.spacetimedb", DataKind.BINARY),
    V2_BSATN("v2.bsatn.spacetimedb", DataKind.BINARY),
    V3_BSATN("v3.bsatn.spacetimedb", DataKind.BINARY);

    private final String token;
    private final DataKind kind;

    Subprotocol(String token, DataKind kind) {
        this.token = token;
        this.kind = kind;
    }

    /** As it stands in {@code Sec-WebSocket-Protocol}. */
    public String token() {
        return token;
    }

    /** The kind of every message, in both directions. */
    public DataKind kind() {
        return kind;
    }

    /** Whether rows, arguments and results are JSON texts and not BSATN. */
    public boolean isJson() {
        return this == V1_JSON;
    }

    /** Whether the messages are those of the first version: updates do not say which query they are for. */
    public boolean isFirst() {
        return this == V1_JSON || this == V1_BSATN;
    }

    /** Whether a WebSocket message may hold several messages. */
    public boolean isBundled() {
        return this == V3_BSATN;
    }

    /** The one with this token, letter case included. */
    public static Optional<Subprotocol> of(String token) {
        for (Subprotocol each : values()) {
            if (each.token.equals(token)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }
}
