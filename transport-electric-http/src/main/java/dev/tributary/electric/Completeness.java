package dev.tributary.electric;

import org.jspecify.annotations.Nullable;

/**
 * Whether a body holds all that its head announces. Servers with small chunks were seen to announce an offset beyond the
 * last change that they sent, and rows were lost.
 */
final class Completeness {

    private Completeness() {}

    /**
     * The offset up to which changes were really received, when that is not what the head announces; null when all is
     * well. In a complete body the head announces the place of the last change, if changes have places; and a body
     * without any change does not move into, or on in, the replicated part of the log.
     *
     * @param requested the offset that was asked from
     */
    static @Nullable String gap(String requested, ResponseHead head, Chunk chunk) {
        String announced = head.offset() == null ? requested : head.offset();
        String received = chunk.lastOffset();
        if (received != null) {
            return received.equals(announced) ? null : received;
        }
        boolean emptied = chunk.size() == 0
                && !ShapePosition.isStart(requested)
                && ShapePosition.isStreamed(announced)
                && !announced.equals(requested);
        return emptied ? requested : null;
    }
}
