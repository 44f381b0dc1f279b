package dev.tributary.spacetimedb;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A handshake that was answered by another status than 101: the body says why. */
final class RefusedHandshake {

    private static final int MOST_BODY = 16 << 10;

    private final int status;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    RefusedHandshake(int status) {
        this.status = status;
    }

    void body(ByteBuffer bytes) {
        byte[] piece = new byte[Math.min(bytes.remaining(), MOST_BODY - body.size())];
        bytes.get(piece);
        body.writeBytes(piece);
    }

    SpacetimeDbException reason() {
        return SpacetimeDbException.ofStatus("the connection", status, body.toString(StandardCharsets.UTF_8));
    }
}
