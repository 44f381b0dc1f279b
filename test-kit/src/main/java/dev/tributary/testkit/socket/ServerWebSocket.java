package dev.tributary.testkit.socket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.java_websocket.enums.Opcode;

/**
 * The server's end of one WebSocket. What is sent goes out in the order of the calls, which may come from any thread and
 * do nothing once the connection is gone.
 */
public final class ServerWebSocket {

    private static final int NO_CODE = 1005;

    private final SocketConnection connection;
    private final WebSocketListener listener;
    private final FrameReader reader;
    private final FrameWriter writer = new FrameWriter();
    private final AtomicLong queued = new AtomicLong();

    // The server's thread only, from here on.
    private boolean open;
    private boolean deaf;
    private boolean gone;
    private boolean closeSent;
    private boolean closeHeard;
    private int cutAfter = -1;

    ServerWebSocket(SocketConnection connection, WebSocketOptions options, WebSocketListener listener) {
        this.connection = connection;
        this.listener = listener;
        reader = new FrameReader(this, listener, options.maxFrameBytes(), options.maxMessageBytes());
    }

    /** Sends a text message in one frame. */
    public void text(String message) {
        frame(Opcode.TEXT, message.getBytes(StandardCharsets.UTF_8), true);
    }

    /** Sends a binary message in one frame. */
    public void binary(byte[] message) {
        frame(Opcode.BINARY, message, true);
    }

    /** Sends a text message in frames of at most so many bytes, characters cut where it happens. */
    public void textInFragments(String message, int size) {
        fragments(Opcode.TEXT, message.getBytes(StandardCharsets.UTF_8), size);
    }

    /** Sends a binary message in frames of at most so many bytes. */
    public void binaryInFragments(byte[] message, int size) {
        fragments(Opcode.BINARY, message, size);
    }

    /** Sends a ping. */
    public void ping(byte[] payload) {
        frame(Opcode.PING, payload, true);
    }

    /** Sends a pong. */
    public void pong(byte[] payload) {
        frame(Opcode.PONG, payload, true);
    }

    /**
     * Sends a close frame, once; 1005 stands for one without code and reason. The connection ends when the client has
     * sent its own.
     */
    public void close(int code, String reason) {
        byte[] payload = code == NO_CODE ? new byte[0] : closePayload(code, reason);
        later(() -> {
            if (!closeSent) {
                closeSent = true;
                write(writer.close(payload));
                endAfterBothCloses();
            }
        });
    }

    /** Ends the connection without a close frame, after all that was sent. */
    public void end() {
        step(new WriteStep.End());
    }

    /** Breaks the connection (RST) at once. */
    public void abort() {
        later(connection::reset);
    }

    /** Reads no more; what the client sends piles up on its side. */
    public void stall() {
        later(() -> connection.reading(false));
    }

    /** Reads again. */
    public void resume() {
        later(() -> connection.reading(true));
    }

    /** Sends nothing for a while; what is sent meanwhile waits. */
    public void pause(long millis) {
        step(new WriteStep.Pause(millis));
    }

    /** The connection ends after so many bytes of the next frame that is sent. */
    public void cutNextFrame(int bytes) {
        later(() -> cutAfter = bytes);
    }

    /** Sends bytes as they are, past the rules of frames. */
    public void raw(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes.clone());
        queued.addAndGet(buffer.remaining());
        later(() -> put(buffer));
    }

    /** How many bytes wait for the client to take them. */
    public long queuedBytes() {
        return queued.get();
    }

    private void fragments(Opcode opcode, byte[] bytes, int size) {
        int at = 0;
        do {
            int end = Math.min(bytes.length, at + size);
            frame(at == 0 ? opcode : Opcode.CONTINUOUS, Arrays.copyOfRange(bytes, at, end), end == bytes.length);
            at = end;
        } while (at < bytes.length);
    }

    private void frame(Opcode opcode, byte[] payload, boolean last) {
        ByteBuffer frame = writer.frame(opcode, payload, last);
        queued.addAndGet(frame.remaining());
        later(() -> {
            if (closeSent) {
                queued.addAndGet(-frame.remaining());
            } else {
                put(frame);
            }
        });
    }

    private void step(WriteStep step) {
        later(() -> connection.send(step));
    }

    private void write(ByteBuffer frame) {
        queued.addAndGet(frame.remaining());
        put(frame);
    }

    private void put(ByteBuffer frame) {
        if (cutAfter < 0) {
            connection.send(new WriteStep.Bytes(frame));
            return;
        }
        int kept = Math.min(cutAfter, frame.remaining());
        queued.addAndGet(kept - frame.remaining());
        frame.limit(frame.position() + kept);
        connection.send(new WriteStep.Bytes(frame));
        connection.send(new WriteStep.End());
    }

    private static byte[] closePayload(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(2 + text.length)
                .putShort((short) code)
                .put(text)
                .array();
    }

    private void endAfterBothCloses() {
        if (closeSent && closeHeard) {
            connection.send(new WriteStep.End());
        }
    }

    /** The handshake is accepted, and its head of so many bytes is the first thing that is sent. */
    void opened(int headBytes) {
        queued.addAndGet(headBytes);
        open = true;
    }

    /** Does something on the server's thread, unless the handshake was not accepted. */
    private void later(Runnable action) {
        connection.later(() -> {
            if (open) {
                action.run();
            }
        });
    }

    void received(ByteBuffer bytes) {
        if (!deaf && !gone) {
            reader.read(bytes);
        }
    }

    /** The client's close frame is in: it says no more. */
    void closeHeard(int code, String reason) {
        closeHeard = true;
        deaf = true;
        listener.close(this, code, reason);
        later(this::endAfterBothCloses);
    }

    void malformed(int code, String what) {
        deaf = true;
        listener.malformed(this, code, what);
    }

    /** Whether anything more is to be read. */
    boolean isDeaf() {
        return deaf || gone;
    }

    void wrote(int bytes) {
        queued.addAndGet(-bytes);
    }

    void drained() {
        if (!gone) {
            listener.drained(this);
        }
    }

    void gone() {
        if (!gone) {
            gone = true;
            listener.gone(this);
        }
    }
}
