package dev.tributary.spacetimedb.codec;

import dev.tributary.LimitExceededException;

/** Counts the bytes of one WebSocket message, before and after decompression, and ends what is too large. */
final class Meter {

    private final Limits limits;
    private long received;
    private long expanded;

    Meter(Limits limits) {
        this.limits = limits;
    }

    void reset() {
        received = 0;
        expanded = 0;
    }

    void receive(int count) {
        received += count;
        if (received > limits.wireBytes()) {
            throw new LimitExceededException(
                    "a message of the server is larger than " + limits.wireBytes() + " bytes; raise wireBytes");
        }
    }

    void expand(int count) {
        expanded += count;
        if (expanded > limits.messageBytes()) {
            throw new LimitExceededException("a message of the server is larger than " + limits.messageBytes()
                    + " bytes once decompressed; raise messageBytes");
        }
        if (expanded > Limits.RATIO_FREE && expanded / limits.ratio() > received) {
            throw new LimitExceededException("a message of the server grows to more than " + limits.ratio()
                    + " times its " + received + " bytes; raise ratio");
        }
    }
}
