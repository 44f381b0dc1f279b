package dev.tributary.sodp;

/**
 * A delta does not fit the value it should change: the copy is not what the server made the difference from. Nothing of
 * it is applied, and the key is read anew.
 */
final class UnfitDelta extends Exception {

    private static final long serialVersionUID = 1;

    UnfitDelta(String message) {
        // Thrown for what servers send, so that it must be cheap.
        super(message, null, false, false);
    }
}
