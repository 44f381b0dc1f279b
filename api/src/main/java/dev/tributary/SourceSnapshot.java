package dev.tributary;

/**
 * The views of a source at one instant, where the protocol has such a thing ({@link Capability#ATOMIC_ACROSS_VIEWS});
 * elsewhere, each view as it was when the snapshot was taken. A view that is being refreshed, or is not live, may be behind.
 */
public interface SourceSnapshot {

    /**
     * The content of this view at the instant.
     *
     * @throws IllegalArgumentException when the view is not of this source, or was opened later
     */
    <T> Snapshot<T> of(MaterializedView<T> view);
}
