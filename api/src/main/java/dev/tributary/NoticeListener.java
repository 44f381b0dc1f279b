package dev.tributary;

/**
 * Hears what a transport tells beside rows and events, for example that the server refused a message or what it can do.
 * The typed interface of a transport says which notices there are and registers listeners. The calls come one at a time,
 * in order, on the executor that the source shares, never on a thread of the engine. A listener that throws or blocks
 * harms nobody but itself.
 *
 * @param <N> the kind of notice
 */
@FunctionalInterface
public interface NoticeListener<N> {

    /** The transport tells this. */
    void onNotice(N notice);

    /**
     * Notices were dropped at this place, because this listener was slow.
     *
     * @param count how many
     */
    default void onNoticesDropped(long count) {}
}
