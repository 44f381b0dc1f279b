package dev.tributary.testkit;

import dev.tributary.Checkpoint;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The place of a commit in a log.
 *
 * @param log which log; a server that lost its log begins another
 * @param number of the commit, from 1
 */
record MemoryCheckpoint(long log, long number) implements Checkpoint {

    @Override
    public byte[] toBytes() {
        return ByteBuffer.allocate(16).putLong(log).putLong(number).array();
    }

    /** The place that a checkpoint means; null when it means none. */
    static @Nullable MemoryCheckpoint of(@Nullable Checkpoint checkpoint) {
        if (checkpoint == null || checkpoint instanceof MemoryCheckpoint) {
            return (MemoryCheckpoint) checkpoint;
        }
        byte[] bytes = checkpoint.toBytes();
        if (bytes.length != 16) {
            return null;
        }
        ByteBuffer numbers = ByteBuffer.wrap(bytes);
        return new MemoryCheckpoint(numbers.getLong(), numbers.getLong());
    }
}
