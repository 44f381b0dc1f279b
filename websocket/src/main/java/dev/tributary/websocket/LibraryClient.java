package dev.tributary.websocket;

import dev.tributary.spi.WebSocketTarget;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.java_websocket.WebSocket;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.ServerHandshake;

/**
 * The library's client with everything turned off that we do ourselves or that harms: lost-connection timer, answers to
 * pings, delayed small packets, and threads that keep a process alive. Credentials are no business of it.
 */
final class LibraryClient extends WebSocketClient {

    /** It is read in such pieces; a TLS record is as large. The kernel's own buffer stays as it is. */
    private static final int READ_BUFFER = 16 << 10;

    private final Runnable onOpen;

    /**
     * @param socket connected
     * @param onOpen called on the reading thread
     */
    // The library offers no other way to bring a socket that is connected already.
    @SuppressWarnings("deprecation")
    LibraryClient(WebSocketTarget target, StreamingDraft draft, Socket socket, Runnable onOpen) {
        super(target.uri(), draft, target.headers(), 0);
        this.onOpen = onOpen;
        setSocket(socket);
        setDaemon(true);
        setTcpNoDelay(true);
        setReceiveBufferSize(READ_BUFFER);
        setConnectionLostTimeout(0);
    }

    /** Echoes a close frame. */
    void answerClose(int code) {
        WebSocket connection = getConnection();
        if (connection instanceof WebSocketImpl engine) {
            engine.close(CloseCodes.toSend(code), "", true);
        }
    }

    @Override
    public void onOpen(ServerHandshake handshake) {
        onOpen.run();
    }

    /** Pings are answered through the queue of what is to be written, if at all. */
    @Override
    public void onWebsocketPing(WebSocket connection, Framedata frame) {}

    @Override
    public void onMessage(String message) {
        throw new IllegalStateException("messages come in pieces");
    }

    @Override
    public void onMessage(ByteBuffer message) {
        throw new IllegalStateException("messages come in pieces");
    }

    @Override
    public void onClose(int code, String reason, boolean remote) {}

    @Override
    public void onError(Exception failure) {}
}
