package dev.tributary.testkit.spacetimedb;

/** Bytes that are no value of their type, in the words of the server. */
final class BsatnException extends Exception {

    private static final long serialVersionUID = 1L;

    BsatnException(String message) {
        super(message);
    }
}
