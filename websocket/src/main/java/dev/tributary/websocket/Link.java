package dev.tributary.websocket;

import dev.tributary.spi.Protocol.DataKind;
import java.nio.ByteBuffer;

/**
 * One connection by one of the clients. It knows framing and the client's ways; what a wire promises is the business of
 * {@link SocketWire}. Safe for any thread. After a write the next comes only when {@link LinkListener#sent} was said.
 */
interface Link {

    /** Begins to connect and returns at once. */
    void open();

    /** Writes a message. */
    void message(DataKind kind, ByteBuffer bytes);

    void ping();

    void pong(ByteBuffer payload);

    /** Says goodbye; what the server says after that is thrown away. */
    void goodbye(int code, String reason);

    /** There is room for content again. */
    void resume();

    /** Ends the connection at once. */
    void abort();
}
