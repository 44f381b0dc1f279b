package dev.tributary.driftdb;

import dev.tributary.Checkpoint;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where a view of a stream stands.
 *
 * @param history how often the room lost its state
 * @param retained the newest number known to have been retained; null when none is
 * @param floor entries up to here are not wanted; null when it is not known yet, as where only new ones are
 */
record StreamCheckpoint(
        long history, @Nullable Long retained, @Nullable Long floor) implements Checkpoint {

    private static final byte FORMAT = 1;
    private static final int LENGTH = 2 + 3 * Long.BYTES;
    private static final int HAS_RETAINED = 1;
    private static final int HAS_FLOOR = 2;

    @Override
    public byte[] toBytes() {
        int has = (retained == null ? 0 : HAS_RETAINED) | (floor == null ? 0 : HAS_FLOOR);
        return ByteBuffer.allocate(LENGTH)
                .put(FORMAT)
                .put((byte) has)
                .putLong(history)
                .putLong(retained == null ? 0 : retained)
                .putLong(floor == null ? 0 : floor)
                .array();
    }

    /** The place that a checkpoint means; null when it means none. */
    static @Nullable StreamCheckpoint of(@Nullable Checkpoint checkpoint) {
        if (checkpoint == null || checkpoint instanceof StreamCheckpoint) {
            return (StreamCheckpoint) checkpoint;
        }
        byte[] bytes = checkpoint.toBytes();
        if (bytes.length != LENGTH || bytes[0] != FORMAT) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes, 2, LENGTH - 2);
        long history = in.getLong();
        long retained = in.getLong();
        long floor = in.getLong();
        return new StreamCheckpoint(
                history, (bytes[1] & HAS_RETAINED) == 0 ? null : retained, (bytes[1] & HAS_FLOOR) == 0 ? null : floor);
    }
}
