package dev.tributary.driftdb;

import dev.tributary.spi.Output;
import dev.tributary.spi.Protocol;
import dev.tributary.spi.Wire;
import java.nio.ByteBuffer;

/** The socket of a session while it is open. */
final class Link {

    private final Wire wire;
    private final Encoding encoding;
    private boolean full;

    Link(Wire wire, Encoding encoding) {
        this.wire = wire;
        this.encoding = encoding;
    }

    Encoding encoding() {
        return encoding;
    }

    void send(byte[] message, Output out) {
        Protocol.DataKind kind = encoding == Encoding.CBOR ? Protocol.DataKind.BINARY : Protocol.DataKind.TEXT;
        full = !out.send(wire, kind, ByteBuffer.wrap(message));
    }

    /** Whether what is sent now would wait before the wire. */
    boolean isFull() {
        return full;
    }

    void writable() {
        full = false;
    }
}
