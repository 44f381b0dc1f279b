package dev.tributary.spacetimedb.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Hands a message to a reader in pieces, as a wire does: each piece is good only during the call. */
final class Pieces {

    private Pieces() {}

    static void whole(FrameReader reader, Subprotocol subprotocol, byte[] message) {
        reader.data(subprotocol.kind(), ByteBuffer.wrap(message), true);
    }

    /** Every byte by itself. */
    static void single(FrameReader reader, Subprotocol subprotocol, byte[] message) {
        for (int i = 0; i < message.length; i++) {
            piece(reader, subprotocol, message, i, i + 1, i + 1 == message.length, false);
        }
    }

    static void split(FrameReader reader, Subprotocol subprotocol, byte[] message, Random random) {
        int most = 1 + random.nextInt(1 + message.length);
        int from = 0;
        boolean last = false;
        while (!last) {
            int to = Math.min(message.length, from + random.nextInt(most + 1));
            last = to == message.length && random.nextBoolean();
            piece(reader, subprotocol, message, from, to, last, random.nextBoolean());
            from = to;
        }
    }

    private static void piece(
            FrameReader reader,
            Subprotocol subprotocol,
            byte[] message,
            int from,
            int to,
            boolean last,
            boolean direct) {
        int length = to - from;
        if (direct) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(length);
            buffer.put(message, from, length).flip();
            reader.data(subprotocol.kind(), buffer, last);
            return;
        }
        byte[] around = new byte[length + 5];
        Arrays.fill(around, (byte) 0xEE);
        System.arraycopy(message, from, around, 3, length);
        reader.data(subprotocol.kind(), ByteBuffer.wrap(around, 3, length), last);
        Arrays.fill(around, (byte) 0xEE);
    }
}
