package dev.tributary.driftdb;

import dev.tributary.RejectedException;
import dev.tributary.SyncException;
import dev.tributary.spi.Head;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/** What the statuses of HTTP mean here. */
final class Statuses {

    private Statuses() {}

    static boolean isGood(int status) {
        return status == 200;
    }

    /** Whether another attempt may fare better. */
    static boolean isPassing(int status) {
        return status == 429 || status >= 500;
    }

    static boolean isPassing(SyncException reason) {
        return reason instanceof DriftDbException refusal && isPassing(refusal.status());
    }

    /** How long the server asks to wait; zero where it says nothing. */
    static Duration retryAfter(SyncException reason) {
        return reason instanceof DriftDbException refusal ? refusal.retryAfter() : Duration.ZERO;
    }

    static boolean isCredential(int status) {
        return status == 401 || status == 403;
    }

    /** A refusal as the caller gets it; the text of the server is for people. */
    static RejectedException refusal(Head head, byte[] body, Instant now) {
        return head.status() == 404
                ? new RoomNotFoundException()
                : new DriftDbException(head.status(), new String(body, StandardCharsets.UTF_8), head.retryAfter(now));
    }
}
