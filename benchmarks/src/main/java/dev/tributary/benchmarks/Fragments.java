package dev.tributary.benchmarks;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** Cuts one message into WebSocket frames of 4,096 bytes, as the real server does, and gathers them into blocks. */
final class Fragments extends OutputStream {

    private static final int FRAGMENT = 4_096;
    private static final int BLOCK = 64 * FRAGMENT;
    private static final int BINARY = 2;
    private static final int LAST = 0x80;
    private static final int SHORT = 126;

    private final List<byte[]> blocks = new ArrayList<>();
    private final byte[] payload = new byte[FRAGMENT];
    private ByteArrayOutputStream block = new ByteArrayOutputStream(BLOCK);
    private int length;
    private long fragments;

    @Override
    public void write(int b) {
        if (length == FRAGMENT) {
            flushFragment(false);
        }
        payload[length++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
        int at = from;
        int end = from + count;
        while (at < end) {
            if (length == FRAGMENT) {
                flushFragment(false);
            }
            int step = Math.min(FRAGMENT - length, end - at);
            System.arraycopy(bytes, at, payload, length, step);
            length += step;
            at += step;
        }
    }

    private void flushFragment(boolean last) {
        int opcode = fragments++ == 0 ? BINARY : 0;
        block.write(opcode | (last ? LAST : 0));
        if (length < SHORT) {
            block.write(length);
        } else {
            block.write(SHORT);
            block.write(length >> Byte.SIZE);
            block.write(length);
        }
        block.write(payload, 0, length);
        length = 0;
        if (last || block.size() >= BLOCK) {
            blocks.add(block.toByteArray());
            block = new ByteArrayOutputStream(BLOCK);
        }
    }

    /** How long the head of the first frame is; the message must be longer than such a frame. */
    static int firstHead() {
        return 4;
    }

    /** The last frame goes out, and this is all of them, in whole frames. */
    List<byte[]> end() {
        flushFragment(true);
        return blocks;
    }
}
