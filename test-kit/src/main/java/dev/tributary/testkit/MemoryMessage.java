package dev.tributary.testkit;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes one message of the memory protocol: frames one after another, each a tag and its fields. Numbers are big-endian;
 * texts and byte strings have their length before them.
 */
final class MemoryMessage {

    // From the client.
    static final int SUBSCRIBE = 1;
    static final int UNSUBSCRIBE = 2;

    // From the server.
    static final int SCHEMA = 11;
    static final int PUT = 12;
    static final int REMOVE = 13;
    static final int EVENT = 14;
    static final int COMMIT = 15;
    static final int UP_TO_DATE = 16;
    static final int REFUSE = 17;
    static final int PING = 18;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);
    private int frames;

    MemoryMessage frame(int tag) {
        frames++;
        try {
            out.writeByte(tag);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    MemoryMessage number(int value) {
        try {
            out.writeInt(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    MemoryMessage longNumber(long value) {
        try {
            out.writeLong(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    MemoryMessage text(String value) {
        return byteString(value.getBytes(StandardCharsets.UTF_8));
    }

    MemoryMessage byteString(byte[] value) {
        number(value.length);
        bytes.writeBytes(value);
        return this;
    }

    int frames() {
        return frames;
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    ByteBuffer toBuffer() {
        return ByteBuffer.wrap(toBytes());
    }
}
