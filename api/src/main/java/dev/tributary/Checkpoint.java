package dev.tributary;

/**
 * An opaque token, made only from what the protocol gave, from which a query goes on. Immutable. It is good only
 * together with the rows of its commit, or for {@link SyncSource#changes(Query, Checkpoint)}.
 */
public interface Checkpoint {

    /** The token as bytes; {@link #of} reads them back. */
    byte[] toBytes();

    /** The token that these bytes are. */
    static Checkpoint of(byte[] bytes) {
        byte[] copy = bytes.clone();
        return copy::clone;
    }
}
