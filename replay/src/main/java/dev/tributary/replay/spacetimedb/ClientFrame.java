package dev.tributary.replay.spacetimedb;

import dev.tributary.spacetimedb.codec.Subprotocol;
import java.util.List;

/** Reads what a recorded client sent, as the server does: what the server refuses, nobody acts on. */
final class ClientFrame {

    private ClientFrame() {}

    /**
     * The requests of one frame; none where it cannot be read. In v1 the kind of the frame tells the form, whatever was
     * agreed on.
     */
    static List<Request> read(Subprotocol subprotocol, byte[] bytes, boolean isText) {
        try {
            if (!subprotocol.isFirst()) {
                return isText ? List.of() : BsatnRequests.second(bytes, subprotocol.isBundled());
            }
            return isText ? JsonRequests.read(bytes) : BsatnRequests.first(bytes);
        } catch (UnreadableException e) {
            return List.of();
        }
    }
}
