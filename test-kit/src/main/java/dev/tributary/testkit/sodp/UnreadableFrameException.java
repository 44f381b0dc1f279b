package dev.tributary.testkit.sodp;

/** What a client sent is no frame. */
final class UnreadableFrameException extends Exception {

    private static final long serialVersionUID = 1L;

    UnreadableFrameException(String what) {
        super(what, null, false, false);
    }
}
