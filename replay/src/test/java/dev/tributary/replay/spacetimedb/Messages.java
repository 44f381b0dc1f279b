package dev.tributary.replay.spacetimedb;

import dev.tributary.spacetimedb.codec.FrameReader;
import dev.tributary.spacetimedb.codec.Limits;
import dev.tributary.spacetimedb.codec.ServerMessages;
import dev.tributary.spacetimedb.codec.Subprotocol;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds where the messages of a bundle end. */
final class Messages {

    private Messages() {}

    /** The messages of a bundle of v3, without compression. */
    static List<byte[]> of(byte[] bundle) {
        List<byte[]> messages = new ArrayList<>();
        int from = 0;
        for (int to = 1; to <= bundle.length; to++) {
            if (isWhole(Arrays.copyOfRange(bundle, from, to))) {
                messages.add(Arrays.copyOfRange(bundle, from, to));
                from = to;
            }
        }
        return messages;
    }

    private static boolean isWhole(byte[] bytes) {
        byte[] frame = new byte[bytes.length + 1];
        System.arraycopy(bytes, 0, frame, 1, bytes.length);
        try {
            return kinds(Subprotocol.V3_BSATN, frame).size() == 1;
        } catch (RuntimeException e) {
            return false;
        }
    }

    /** What sorts of messages a frame holds, by the names of {@link ServerMessages}. */
    static List<String> kinds(Subprotocol subprotocol, byte[] frame) {
        List<String> kinds = new ArrayList<>();
        ServerMessages listener = (ServerMessages) Proxy.newProxyInstance(
                Messages.class.getClassLoader(), new Class<?>[] {ServerMessages.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("begin") && !method.getName().equals("rows")) {
                        kinds.add(method.getName());
                    }
                    return null;
                });
        FrameReader.of(subprotocol, Limits.DEFAULT, listener).data(subprotocol.kind(), ByteBuffer.wrap(frame), true);
        return kinds;
    }
}
