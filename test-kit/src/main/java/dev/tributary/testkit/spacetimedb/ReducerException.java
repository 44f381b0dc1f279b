package dev.tributary.testkit.spacetimedb;

/** What a reducer returns as its error; any other exception is a panic. */
public final class ReducerException extends Exception {

    private static final long serialVersionUID = 1L;

    /** An error with a text. */
    public ReducerException(String message) {
        super(message);
    }
}
