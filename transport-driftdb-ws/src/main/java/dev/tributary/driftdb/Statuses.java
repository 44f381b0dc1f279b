package dev.tributary.driftdb;

import dev.tributary.RejectedException;
import java.nio.charset.StandardCharsets;

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

    static boolean isCredential(int status) {
        return status == 401 || status == 403;
    }

    /** A refusal as the caller gets it; the text of the server is for people. */
    static RejectedException refusal(int status, byte[] body) {
        return status == 404
                ? new RoomNotFoundException()
                : new DriftDbException(status, new String(body, StandardCharsets.UTF_8));
    }
}
