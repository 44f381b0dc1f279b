package dev.tributary.testkit.spacetimedb;

import java.util.Arrays;

/** A row, or the value of a column, as its bytes: these are what makes two of them the same. */
final class Row {

    private final byte[] bytes;
    private final int hash;

    Row(byte[] bytes) {
        this.bytes = bytes;
        hash = Arrays.hashCode(bytes);
    }

    /** Not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Row row && hash == row.hash && Arrays.equals(bytes, row.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
