package dev.tributary;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber of {@link SyncSource#changes} fell too far behind, and its transport cannot make the server wait.
 */
public final class LaggedException extends SyncException {

    private static final long serialVersionUID = 1;

    private final transient @Nullable Checkpoint checkpoint;

    public LaggedException(String message, @Nullable Checkpoint checkpoint) {
        super(message);
        this.checkpoint = checkpoint;
    }

    /** From here {@link SyncSource#changes(Query, Checkpoint)} goes on without a gap; empty where it cannot. */
    public Optional<Checkpoint> checkpoint() {
        return Optional.ofNullable(checkpoint);
    }
}
