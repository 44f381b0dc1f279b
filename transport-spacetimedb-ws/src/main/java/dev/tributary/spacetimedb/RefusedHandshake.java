package dev.tributary.spacetimedb;

import dev.tributary.spi.Head;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/** A handshake that was answered by another status than 101: the body says why. */
final class RefusedHandshake {

    private static final int MOST_BODY = 16 << 10;

    private final Head head;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    RefusedHandshake(Head head) {
        this.head = head;
    }

    void body(ByteBuffer bytes) {
        byte[] piece = new byte[Math.min(bytes.remaining(), MOST_BODY - body.size())];
        bytes.get(piece);
        body.writeBytes(piece);
    }

    /** How long the server asks to wait. */
    Duration patience(Instant now) {
        return head.retryAfter(now);
    }

    SpacetimeDbException reason() {
        return SpacetimeDbException.ofStatus("the connection", head.status(), body.toString(StandardCharsets.UTF_8));
    }
}
