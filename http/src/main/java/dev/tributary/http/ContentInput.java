package dev.tributary.http;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The buffers that a decoder was fed with, in order. */
final class ContentInput {

    private List<ByteBuffer> buffers = List.of();
    private int at;

    void feed(List<ByteBuffer> input) {
        buffers = input;
        at = 0;
    }

    /** The buffer to read from, with something in it; null when all is read. */
    @Nullable
    ByteBuffer current() {
        while (at < buffers.size()) {
            ByteBuffer buffer = buffers.get(at);
            if (buffer.hasRemaining()) {
                return buffer;
            }
            at++;
        }
        return null;
    }

    long remaining() {
        long sum = 0;
        for (int i = at; i < buffers.size(); i++) {
            sum += buffers.get(i).remaining();
        }
        return sum;
    }
}
