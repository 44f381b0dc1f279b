package dev.tributary.spacetimedb.codec;

/** Takes the bytes of one message after another, in pieces. */
interface Stage {

    /** The next bytes, good only during the call. */
    void feed(byte[] bytes, int from, int to);

    /** The message is complete; the next one may begin. */
    void end();
}
