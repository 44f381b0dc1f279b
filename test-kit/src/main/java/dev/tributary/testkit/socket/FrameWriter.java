package dev.tributary.testkit.socket;

import java.nio.ByteBuffer;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Opcode;
import org.java_websocket.enums.Role;
import org.java_websocket.framing.FramedataImpl1;

/** Makes the frames of a server, which are not masked. Used by any thread. */
final class FrameWriter {

    private static final int CLOSE_WITH_FIN = 0x88;

    private final Draft_6455 draft = new Draft_6455();

    FrameWriter() {
        draft.setParseMode(Role.SERVER);
    }

    synchronized ByteBuffer frame(Opcode opcode, byte[] payload, boolean last) {
        FramedataImpl1 frame = FramedataImpl1.get(opcode);
        frame.setFin(last);
        frame.setPayload(ByteBuffer.wrap(payload));
        return draft.createBinaryFrame(frame);
    }

    /** The codec's own close frame checks and replaces codes; a ping of the same payload with another opcode does not. */
    ByteBuffer close(byte[] payload) {
        return frame(Opcode.PING, payload, true).put(0, (byte) CLOSE_WITH_FIN);
    }
}
