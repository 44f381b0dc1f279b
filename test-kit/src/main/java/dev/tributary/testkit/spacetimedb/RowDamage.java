package dev.tributary.testkit.spacetimedb;

/** What can be wrong with the first list of rows in a binary message. */
public enum RowDamage {
    /** The second row starts before the first. Needs two rows. */
    OFFSETS_OVERLAP,
    /** The last row starts behind the data. */
    OFFSETS_OUTSIDE,
    /** The data is no multiple of the row size. */
    UNEVEN_SIZE,
    /** The row size is zero although there is data. */
    SIZE_ZERO,
    /** The data is said to be longer than the message. */
    DATA_TOO_LONG,
    /** The number of offsets is said to be larger than the message. */
    COUNT_TOO_LARGE,
    /** The hint has an unknown tag. */
    UNKNOWN_HINT,
    /** A flag in the first row is neither 0 nor 1. */
    BAD_BOOL,
    /** A text in the first row is no UTF-8. */
    BAD_TEXT,
    /** A sum in the first row has a tag that its type has not. */
    BAD_TAG,
    /** A text or array in the first row is said to be longer than the row. */
    LENGTH_TOO_LONG,
    /** The first row has a byte more than its columns. */
    SURPLUS_BYTE,
    /** The first row lacks its last byte. */
    MISSING_BYTE
}
