package dev.tributary.websocket;

import java.io.Closeable;
import java.io.IOException;

/** Closes what may be broken already. */
final class Sockets {

    private static final System.Logger LOG = System.getLogger(Sockets.class.getName());

    private Sockets() {}

    static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a socket did not close cleanly", e);
        }
    }
}
