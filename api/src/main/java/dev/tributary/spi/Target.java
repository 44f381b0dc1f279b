package dev.tributary.spi;

import java.net.URI;

/** What a wire is opened to. */
public sealed interface Target permits HttpTarget, WebSocketTarget {

    URI uri();

    /** The address without its secrets, for logs and messages. */
    String printable();

    /** Silence that the engine allows; it ends the wire when it is over. */
    Deadlines deadlines();
}
