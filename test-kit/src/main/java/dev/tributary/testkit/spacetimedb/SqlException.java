package dev.tributary.testkit.spacetimedb;

/** SQL that the server does not take, in its words. */
final class SqlException extends Exception {

    private static final long serialVersionUID = 1L;

    SqlException(String message) {
        super(message);
    }
}
