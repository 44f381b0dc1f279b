package dev.tributary.testkit;

import dev.tributary.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads one message of {@link MemoryMessage}. What does not fit is refused with its place. */
final class MemoryReader {

    private final ByteBuffer in;
    private final int start;

    MemoryReader(ByteBuffer message) {
        this.in = message;
        this.start = message.position();
    }

    boolean hasMore() {
        return in.hasRemaining();
    }

    int tag() {
        need(1, "a tag");
        return in.get();
    }

    int number() {
        need(4, "a number");
        return in.getInt();
    }

    /** A number of things that follow, each of at least this many bytes. */
    int count(int leastBytes) {
        int count = number();
        if (count < 0 || count > in.remaining() / leastBytes) {
            throw wrong("a count of " + count + " with " + in.remaining() + " bytes left");
        }
        return count;
    }

    long longNumber() {
        need(8, "a number");
        return in.getLong();
    }

    byte[] byteString() {
        int length = count(1);
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    String text() {
        return new String(byteString(), StandardCharsets.UTF_8);
    }

    ProtocolException wrong(String what) {
        return new ProtocolException("memory message: " + what + " at byte " + (in.position() - start));
    }

    private void need(int bytes, String what) {
        if (in.remaining() < bytes) {
            throw wrong("it ends within " + what);
        }
    }
}
