package dev.tributary.driftdb;

/** How messages are written on a WebSocket. Over HTTP it is always JSON. */
public enum Encoding {
    /** Text frames. A value with bytes in it, or a number that is none, cannot be pushed. */
    JSON,
    /** Binary frames: bytes and floats arrive as they were sent. */
    CBOR
}
