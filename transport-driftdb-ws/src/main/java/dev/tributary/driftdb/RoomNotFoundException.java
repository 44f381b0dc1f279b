package dev.tributary.driftdb;

import dev.tributary.RejectedException;

/**
 * There is no such room, or there is none any more. A stand-alone server keeps rooms in memory alone: after its restart the
 * room is gone for good, and {@link DriftDb#reseed} fills another from a view.
 */
public final class RoomNotFoundException extends RejectedException {

    private static final long serialVersionUID = 1L;

    RoomNotFoundException() {
        super("there is no such room (404)");
    }
}
