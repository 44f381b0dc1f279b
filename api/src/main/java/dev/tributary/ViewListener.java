package dev.tributary;

/**
 * Hears a view. The calls come one at a time, in order, on the executor given with the listener, never on a thread of the
 * engine. A listener that throws or blocks harms nobody but itself.
 *
 * @param <T> what rows are read as
 */
@FunctionalInterface
public interface ViewListener<T> {

    /** The whole content first (once it is complete), then every difference once. */
    void onCommit(Commit<T> commit);

    /** The status now, at registration, and whenever it changes. Of several in a row a slow listener hears the last. */
    default void onStatus(ViewStatus status) {}

    /**
     * What passes by and is part of no snapshot, where the transport has {@link Capability#EVENTS}.
     *
     * @param event as the transport documents it
     */
    default void onEvent(Object event) {}

    /**
     * Events were dropped because this listener was slow; never merged, only counted.
     *
     * @param count how many since the last call
     */
    default void onEventsDropped(long count) {}
}
