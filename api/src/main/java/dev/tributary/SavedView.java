package dev.tributary;

/** Checkpoint, rows and schema of a view as one value. Immutable. */
public interface SavedView {

    /** The query it was made of, in text form. */
    String query();

    /** How many rows it holds. */
    int size();

    /** The value as bytes, with a format version and a checksum, for {@link ViewOptions#saved(byte[])}. */
    byte[] toBytes();
}
