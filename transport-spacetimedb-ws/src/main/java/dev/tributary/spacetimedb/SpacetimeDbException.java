package dev.tributary.spacetimedb;

import dev.tributary.RejectedException;

/**
 * The server refused something: a handshake or a request over HTTP, with a {@link #status}; a subscription or a query,
 * with a text alone.
 */
public final class SpacetimeDbException extends RejectedException {

    private static final long serialVersionUID = 1L;
    private static final int MOST_TEXT = 500;

    private final int status;

    private SpacetimeDbException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** A refusal by status, with what the body says. */
    static SpacetimeDbException ofStatus(String what, int status, String body) {
        String text = body.isBlank() ? "" : ": " + shortened(body.strip());
        return new SpacetimeDbException(status, what + " was refused: " + meaning(status) + " (" + status + ")" + text);
    }

    /** A refusal in the words of the server. */
    static SpacetimeDbException ofText(String what, String error) {
        return new SpacetimeDbException(0, what + ": " + shortened(error));
    }

    private static String meaning(int status) {
        return switch (status) {
            case 400 -> "the server does not understand the request";
            case 401 -> "the token is worthless here";
            case 402 -> "the energy of the database is used up";
            case 403 -> "this identity may not use the database";
            case 404 -> "there is no such database or function";
            case 405, 426 -> "this is no address for a WebSocket";
            case 413 -> "the request is too large";
            case 415 -> "the content type is not taken";
            case 530 -> "the reducer failed";
            default -> status >= 500 ? "the server failed" : "the server answered unexpectedly";
        };
    }

    static String shortened(String text) {
        return text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) + "…" : text;
    }

    /** The HTTP status; 0 for what was refused over a WebSocket. */
    public int status() {
        return status;
    }
}
