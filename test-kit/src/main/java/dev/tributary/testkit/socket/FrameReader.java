package dev.tributary.testkit.socket;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Opcode;
import org.java_websocket.enums.Role;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.framing.Framedata;
import org.jspecify.annotations.Nullable;

/** Cuts frames out of what a client sends and puts messages together. */
final class FrameReader {

    private final ServerWebSocket socket;
    private final WebSocketListener listener;
    private final Draft_6455 draft;
    private final int maxMessageBytes;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private @Nullable Opcode begun;

    FrameReader(ServerWebSocket socket, WebSocketListener listener, int maxFrameBytes, int maxMessageBytes) {
        this.socket = socket;
        this.listener = listener;
        this.maxMessageBytes = maxMessageBytes;
        draft = new Draft_6455(List.of(), List.of(), maxFrameBytes);
        draft.setParseMode(Role.SERVER);
    }

    /** The bytes must be those of an array from its first element, as the codec reads past the buffer's own offset. */
    void read(ByteBuffer bytes) {
        try {
            for (Framedata frame : draft.translateFrame(bytes)) {
                if (socket.isDeaf()) {
                    return;
                }
                take(frame);
            }
        } catch (InvalidDataException e) {
            socket.malformed(e.getCloseCode(), String.valueOf(e.getMessage()));
        }
    }

    private void take(Framedata frame) throws InvalidDataException {
        if (frame instanceof CloseFrame close) {
            socket.closeHeard(close.getCloseCode(), close.getMessage());
            return;
        }
        ByteBuffer buffer = frame.getPayloadData();
        byte[] payload = new byte[buffer.remaining()];
        buffer.duplicate().get(payload);
        switch (frame.getOpcode()) {
            case PING -> listener.ping(socket, payload);
            case PONG -> listener.pong(socket, payload);
            case TEXT, BINARY -> {
                if (begun != null) {
                    throw broken("a message begins inside another");
                }
                begun = frame.getOpcode();
                add(payload, frame.isFin());
            }
            default -> add(payload, frame.isFin());
        }
    }

    private void add(byte[] payload, boolean last) throws InvalidDataException {
        Opcode kind = begun;
        if (kind == null) {
            throw broken("a message goes on that did not begin");
        }
        if ((long) message.size() + payload.length > maxMessageBytes) {
            throw new InvalidDataException(CloseFrame.TOOBIG, "a message of more than " + maxMessageBytes + " bytes");
        }
        message.writeBytes(payload);
        if (!last) {
            return;
        }
        byte[] whole = message.toByteArray();
        message.reset();
        begun = null;
        if (kind == Opcode.BINARY) {
            listener.binary(socket, whole);
        } else {
            listener.text(socket, decode(whole));
        }
    }

    private static String decode(byte[] bytes) throws InvalidDataException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidDataException(CloseFrame.NO_UTF8, e);
        }
    }

    private static InvalidDataException broken(String what) {
        return new InvalidDataException(CloseFrame.PROTOCOL_ERROR, what);
    }
}
