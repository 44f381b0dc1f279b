package dev.tributary;

/** The view or the source was closed, by this application. */
public final class ClosedException extends SyncException {

    private static final long serialVersionUID = 1;

    public ClosedException(String message) {
        super(message);
    }
}
