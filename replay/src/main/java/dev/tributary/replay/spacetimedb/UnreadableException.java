package dev.tributary.replay.spacetimedb;

/** A frame that is no message, or not of this kind. */
final class UnreadableException extends Exception {

    private static final long serialVersionUID = 1;

    UnreadableException(String message) {
        super(message);
    }
}
