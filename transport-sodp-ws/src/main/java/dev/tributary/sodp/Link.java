package dev.tributary.sodp;

import dev.tributary.spi.Output;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.Wire;
import java.nio.ByteBuffer;

/** The way to the server: numbers frames and sends them over the one wire of this connection. */
@SuppressWarnings("ReferenceEquality") // identity is what is asked for
final class Link {

    private final Wire wire;
    private final Encoder encoder = new Encoder();
    private long seq;
    private boolean full;

    Link(Wire wire) {
        this.wire = wire;
    }

    boolean is(Wire other) {
        return wire == other;
    }

    /** The wire takes no more now; what cannot wait is sent all the same. */
    boolean isFull() {
        return full;
    }

    void writable() {
        full = false;
    }

    void send(int type, long stream, Encoder.Body body, Output out) {
        pass(encode(type, stream, body), out);
    }

    /** A frame with the next number; it must be {@linkplain #pass passed on} before another is made, or be dropped. */
    ByteBuffer encode(int type, long stream, Encoder.Body body) {
        return encoder.frame(type, stream, seq + 1, body);
    }

    void pass(ByteBuffer frame, Output out) {
        seq++;
        full |= !out.send(wire, DataKind.BINARY, frame);
    }

    /** The answer to a HEARTBEAT; never sent unasked, since two who did so would not stop. */
    void heartbeat(Output out) {
        full |= !out.send(wire, DataKind.BINARY, encoder.frame(FrameType.HEARTBEAT, 0, 0, Encoder::nil));
    }

    void close(Output out) {
        out.close(wire, 1000, "");
    }
}
