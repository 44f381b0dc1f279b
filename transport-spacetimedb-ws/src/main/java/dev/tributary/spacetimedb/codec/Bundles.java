package dev.tributary.spacetimedb.codec;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Joins waiting client messages, in their order, into as few WebSocket messages as the subprotocol allows: v3 takes
 * several back to back, the others one each.
 */
public final class Bundles {

    /** As large as those of the server. */
    public static final int USUAL_BYTES = 512 << 10;

    private Bundles() {}

    /**
     * The WebSocket messages to send.
     *
     * @param mostBytes of a bundle, and never more than the server takes; a larger message travels alone
     */
    public static List<byte[]> of(Subprotocol subprotocol, List<byte[]> messages, int mostBytes) {
        if (!subprotocol.isBundled()) {
            return List.copyOf(messages);
        }
        int most = Math.min(mostBytes, ClientMessages.MOST_BYTES);
        List<byte[]> bundles = new ArrayList<>();
        int from = 0;
        while (from < messages.size()) {
            int to = from + 1;
            int size = messages.get(from).length;
            while (to < messages.size() && size <= most - messages.get(to).length) {
                size += messages.get(to++).length;
            }
            bundles.add(joined(messages.subList(from, to), size));
            from = to;
        }
        return bundles;
    }

    private static byte[] joined(List<byte[]> messages, int size) {
        if (messages.size() == 1) {
            return messages.get(0);
        }
        ByteBuffer bundle = ByteBuffer.allocate(size);
        messages.forEach(bundle::put);
        return bundle.array();
    }
}
