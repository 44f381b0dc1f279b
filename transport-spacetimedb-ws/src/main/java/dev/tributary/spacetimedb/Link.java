package dev.tributary.spacetimedb;

import dev.tributary.LimitExceededException;
import dev.tributary.spacetimedb.codec.Bundles;
import dev.tributary.spacetimedb.codec.ClientMessages;
import dev.tributary.spacetimedb.codec.Subprotocol;
import dev.tributary.spi.Output;
import dev.tributary.spi.Wire;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The way to the server on one connection. What is sent in one input goes out together at its end, in its order; there is
 * room for so many requests without an answer, since the server ends a connection on which too many wait.
 */
final class Link {

    private final Wire wire;
    private final Subprotocol subprotocol;
    private final ClientMessages messages;
    private final int mostUnanswered;
    private final List<byte[]> waiting = new ArrayList<>();
    private long lastId;
    private int unanswered;
    private boolean full;

    Link(Wire wire, Subprotocol subprotocol, int mostUnanswered) {
        this.wire = wire;
        this.subprotocol = subprotocol;
        this.messages = ClientMessages.of(subprotocol);
        this.mostUnanswered = mostUnanswered;
    }

    Subprotocol subprotocol() {
        return subprotocol;
    }

    ClientMessages messages() {
        return messages;
    }

    /** Whether another request may be sent now. */
    boolean hasRoom() {
        return !full && unanswered < mostUnanswered;
    }

    /** An id that this connection has not used: never 0, which a server sends where it knows none. */
    long nextId() {
        return ++lastId;
    }

    /**
     * Refuses what the server would answer with the end of the connection.
     *
     * @throws LimitExceededException when the message is longer than the server takes
     */
    static byte[] checked(String what, byte[] message) {
        if (message.length > ClientMessages.MOST_BYTES) {
            throw new LimitExceededException(what + " makes a message of " + message.length
                    + " bytes, but the server takes no more than " + ClientMessages.MOST_BYTES);
        }
        return message;
    }

    /** Sends a request that will be answered. */
    void request(byte[] message) {
        unanswered++;
        waiting.add(message);
    }

    /** Sends something that will not be answered. */
    void tell(byte[] message) {
        waiting.add(message);
    }

    void answered() {
        unanswered = Math.max(0, unanswered - 1);
    }

    void writable() {
        full = false;
    }

    /** What was sent since the last time goes out. */
    void flush(Output out) {
        if (waiting.isEmpty()) {
            return;
        }
        for (byte[] frame : Bundles.of(subprotocol, waiting, Bundles.USUAL_BYTES)) {
            full |= !out.send(wire, subprotocol.kind(), ByteBuffer.wrap(frame));
        }
        waiting.clear();
    }
}
