package dev.tributary.spacetimedb.types;

/** Takes bytes that are valid during the call only. */
@FunctionalInterface
public interface BytesSink {

    /** Takes them. */
    void accept(byte[] buffer, int offset, int length);
}
