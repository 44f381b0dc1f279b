package dev.tributary.testkit.spacetimedb;

/** JSON that is none, or not what was expected, in the words of the server. */
final class JsonException extends Exception {

    private static final long serialVersionUID = 1L;

    JsonException(String message) {
        super(message);
    }
}
