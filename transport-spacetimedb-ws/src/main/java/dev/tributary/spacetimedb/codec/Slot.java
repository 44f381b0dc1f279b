package dev.tributary.spacetimedb.codec;

/** Where {@link Collected} keeps a value of a message until its end. */
enum Slot {
    /** Not kept. */
    IGNORED,
    REQUEST_ID,
    QUERY_SET,
    MESSAGE_ID,
    TABLE,
    TABLE_ID,
    IDENTITY,
    CONNECTION_ID,
    TOKEN,
    STATUS,
    ERROR,
    VALUE,
    WITH_ROWS,
    TIMESTAMP,
    DURATION,
    ENERGY,
    REDUCER,
    REDUCER_ID,
    ARGS,
    CALLERS_REQUEST_ID
}
