package dev.tributary.websocket;

import dev.tributary.spi.Head;
import dev.tributary.spi.Protocol.DataKind;
import dev.tributary.spi.WireEnd;
import java.nio.ByteBuffer;

/** Hears a {@link Link}. What is read is told by one thread at a time. */
interface LinkListener {

    /** The connection is there, TLS included. */
    void connected();

    /** The server accepted the handshake. */
    void opened(Head head);

    /** The server refused the handshake; the body comes as pieces, then the end. */
    void refused(Head head);

    /**
     * @param bytes given away
     */
    void piece(DataKind kind, ByteBuffer bytes, boolean last);

    /** Whether the link should leave the socket alone until {@link Link#resume}. */
    boolean isFull();

    /** A ping came; the client does not answer it. */
    void pinged(ByteBuffer payload);

    /** A pong came, or a ping that the client answers itself. */
    void alive();

    /** What was to be written is written. */
    void sent();

    /** Nothing can be written any more. What was received may still say why. */
    void writeFailed(Throwable failure);

    /** Nothing is read any more. Only the first counts. */
    void ended(WireEnd end);

    /** The socket and its threads are gone. */
    void released();
}
