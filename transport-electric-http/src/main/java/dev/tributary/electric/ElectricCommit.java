package dev.tributary.electric;

import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the server told beside the rows of a commit; {@code commit.metadata(ElectricCommit.class)}. A commit may hold
 * several transactions of the server, and one of them only as far as it touches the shape.
 *
 * @param operations the changes that came by the stream, in order; those of a first load have no positions
 * @param omitted how many of them are not listed, because there were too many
 * @param globalLastSeenLsn all changes up to this position of the database that concern the shape are in; null where
 *     the server did not say
 */
public record ElectricCommit(
        List<Operation> operations, int omitted, @Nullable BigInteger globalLastSeenLsn) {

    public ElectricCommit {
        operations = List.copyOf(operations);
    }

    /** What a streamed change did. */
    public enum Kind {
        INSERT,
        UPDATE,
        DELETE
    }

    /**
     * One streamed change.
     *
     * @param key as the server wrote it: opaque, to be compared only
     * @param lsn position of its transaction
     * @param opPosition place in the transaction, with gaps; -1 where the server did not say
     * @param txids the low 32 bits of the numbers of its transactions
     * @param last whether it is the last of its transaction in this shape
     * @param keyChangeTo of the delete that is half of a change of key: the new key
     * @param keyChangeFrom of the insert that is half of a change of key: the old key
     */
    public record Operation(
            Kind kind,
            String key,
            @Nullable BigInteger lsn,
            long opPosition,
            List<Long> txids,
            boolean last,
            @Nullable String keyChangeTo,
            @Nullable String keyChangeFrom) {

        public Operation {
            Objects.requireNonNull(kind, "kind");
            txids = List.copyOf(txids);
        }
    }
}
