package dev.tributary;

import org.jspecify.annotations.Nullable;

/** A saved view is damaged, of another format, or of another query. The view is then synced anew. */
public final class SavedViewException extends SyncException {

    private static final long serialVersionUID = 1;

    public SavedViewException(String message) {
        super(message);
    }

    public SavedViewException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
