package dev.tributary.driftdb;

import dev.tributary.RejectedException;
import java.time.Duration;

/** The server refused something, with a status that says what: see {@link #status}. */
public final class DriftDbException extends RejectedException {

    private static final long serialVersionUID = 1L;
    private static final int MOST_TEXT = 300;

    private final int status;
    private final Duration retryAfter;

    DriftDbException(int status, String body, Duration retryAfter) {
        super(meaning(status) + " (" + status + ")" + (body.isBlank() ? "" : ": " + shortened(body.strip())));
        this.status = status;
        this.retryAfter = retryAfter;
    }

    private static String meaning(int status) {
        return switch (status) {
            case 400 -> "the server could not read the request";
            case 401, 403 -> "the server wants other credentials";
            case 404 -> "there is nothing at this address";
            case 413 -> "the message is larger than the server takes";
            case 415 -> "the server does not take this content type";
            case 422 -> "the server could read the message, but not use it";
            default -> status >= 500 ? "the server failed" : "the server answered unexpectedly";
        };
    }

    static String shortened(String text) {
        return text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) + "…" : text;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** How long the server asks to wait before the next attempt; zero where it says nothing. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
