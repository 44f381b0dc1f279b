package dev.tributary;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Options of one view. Not safe for use by several threads at once. */
public final class ViewOptions {

    private byte @Nullable [] saved;

    /** No options. Applications are given one by {@link SyncSource#materialize(String, Class, Consumer)}. */
    public ViewOptions() {}

    /**
     * Goes on from a saved view. Its rows are there at once; one of another query, another format or damaged is refused
     * by name in the log and by {@link SourceListener#onFault}, and the view is synced anew.
     */
    public ViewOptions saved(byte[] bytes) {
        this.saved = bytes.clone();
        return this;
    }

    /** Goes on from a saved view. */
    public ViewOptions saved(SavedView view) {
        return saved(view.toBytes());
    }

    /** What was given to {@link #saved(byte[])}. */
    public Optional<byte[]> savedBytes() {
        return Optional.ofNullable(saved);
    }
}
