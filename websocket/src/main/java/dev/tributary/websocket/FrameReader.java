package dev.tributary.websocket;

import dev.tributary.spi.Protocol.DataKind;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes the bytes of a server apart into frames (RFC 6455, section 5), however they are cut. Payload is passed on as it
 * comes: it holds no more than what one read brought, and reserves nothing for what a header merely claims. Payload of
 * one message that came with one read is one piece, however many frames it had.
 */
final class FrameReader {

    /** Hears what is read, on the thread that reads. */
    interface Sink {

        /**
         * @param bytes given away
         */
        void piece(DataKind kind, ByteBuffer bytes, boolean last);

        void ping(ByteBuffer payload);

        void pong();

        /**
         * The last of all.
         *
         * @param code {@link CloseCodes#NONE} when there was none
         */
        void close(int code, String reason);

        /** These bytes are no WebSocket; nothing more is read. */
        void malformed(WireFault fault);
    }

    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private static final int FIN = 0x80;
    private static final int RESERVED = 0x70;
    private static final int OPCODE = 0x0F;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7F;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final int SHORT_HEADER = 2;
    private static final int MEDIUM_HEADER = 4;
    private static final int LONG_HEADER = 10;
    private static final int LONGEST_CONTROL = 125;
    private static final int CODE_BYTES = 2;

    private final long maxMessageBytes;
    private final Sink sink;

    private final byte[] header = new byte[LONG_HEADER];
    private int headerLength;
    private boolean inPayload;
    private long left;
    private boolean fin;
    private int opcode;

    private final byte[] control = new byte[LONGEST_CONTROL];
    private int controlLength;

    private @Nullable DataKind message;
    private long messageBytes;
    private final Utf8Check utf8 = new Utf8Check();
    private byte[] piece = new byte[0];
    private int pieceLength;
    private boolean over;

    FrameReader(long maxMessageBytes, Sink sink) {
        this.maxMessageBytes = maxMessageBytes;
        this.sink = sink;
    }

    /** Reads all of it; what follows a close frame or a fault is dropped. */
    void read(ByteBuffer in) {
        try {
            while (!over && in.hasRemaining()) {
                if (!inPayload) {
                    readHeader(in);
                } else if (isControl()) {
                    readControl(in);
                } else {
                    readData(in);
                }
            }
            if (!over && pieceLength > 0) {
                flush(false);
            }
        } catch (WireFault fault) {
            over = true;
            sink.malformed(fault);
        }
        in.position(in.limit());
    }

    private boolean isControl() {
        return opcode >= CLOSE;
    }

    private void readHeader(ByteBuffer in) throws WireFault {
        header[headerLength++] = in.get();
        if (headerLength == 1) {
            checkFirst(Byte.toUnsignedInt(header[0]));
        }
        if (headerLength == SHORT_HEADER) {
            checkSecond(Byte.toUnsignedInt(header[1]));
        }
        if (headerLength >= SHORT_HEADER && headerLength == headerNeeded()) {
            beginPayload(claimedLength());
        }
    }

    private void checkFirst(int first) throws WireFault {
        if ((first & RESERVED) != 0) {
            throw WireFault.malformed("a frame has reserved bits set, although no extension was agreed on");
        }
        fin = (first & FIN) != 0;
        opcode = first & OPCODE;
        switch (opcode) {
            case CONTINUATION -> {
                if (message == null) {
                    throw WireFault.malformed("a fragment continues no message");
                }
            }
            case TEXT, BINARY -> {
                if (message != null) {
                    throw WireFault.malformed("a message begins within another");
                }
            }
            case CLOSE, PING, PONG -> {
                if (!fin) {
                    throw WireFault.malformed("a control frame is fragmented");
                }
            }
            default -> throw WireFault.malformed("a frame has the unknown opcode " + opcode);
        }
    }

    private void checkSecond(int second) throws WireFault {
        if ((second & MASKED) != 0) {
            throw WireFault.malformed("a frame of the server is masked");
        }
        if (isControl() && (second & LENGTH) > LONGEST_CONTROL) {
            throw WireFault.malformed("a control frame is longer than " + LONGEST_CONTROL + " bytes");
        }
    }

    private int headerNeeded() {
        return switch (header[1] & LENGTH) {
            case LENGTH_16 -> MEDIUM_HEADER;
            case LENGTH_64 -> LONG_HEADER;
            default -> SHORT_HEADER;
        };
    }

    private long claimedLength() throws WireFault {
        int length = header[1] & LENGTH;
        if (length < LENGTH_16) {
            return length;
        }
        long value = 0;
        for (int i = SHORT_HEADER; i < headerLength; i++) {
            value = value << Byte.SIZE | Byte.toUnsignedInt(header[i]);
        }
        if (value < 0) {
            throw WireFault.malformed("the length of a frame is negative");
        }
        return value;
    }

    private void beginPayload(long length) throws WireFault {
        headerLength = 0;
        inPayload = true;
        left = length;
        if (isControl()) {
            controlLength = 0;
            if (left == 0) {
                endControl();
            }
            return;
        }
        if (opcode != CONTINUATION) {
            message = opcode == TEXT ? DataKind.TEXT : DataKind.BINARY;
            messageBytes = 0;
            utf8.reset();
        }
        if (length > maxMessageBytes - messageBytes) {
            throw WireFault.malformed(
                    WireFault.TOO_BIG, "a message is larger than " + maxMessageBytes + " bytes, the bound for one");
        }
        messageBytes += length;
        if (left == 0) {
            endData();
        }
    }

    private void readControl(ByteBuffer in) throws WireFault {
        int count = (int) Math.min(left, in.remaining());
        in.get(control, controlLength, count);
        controlLength += count;
        left -= count;
        if (left == 0) {
            endControl();
        }
    }

    private void endControl() throws WireFault {
        inPayload = false;
        // What came before it is told before it.
        if (pieceLength > 0) {
            flush(false);
        }
        switch (opcode) {
            case PING -> sink.ping(ByteBuffer.wrap(Arrays.copyOf(control, controlLength)));
            case PONG -> sink.pong();
            default -> endAll();
        }
    }

    private void endAll() throws WireFault {
        int code = CloseCodes.NONE;
        String reason = "";
        if (controlLength == 1) {
            throw WireFault.malformed("a close frame has half a code");
        }
        if (controlLength >= CODE_BYTES) {
            code = Byte.toUnsignedInt(control[0]) << Byte.SIZE | Byte.toUnsignedInt(control[1]);
            if (!CloseCodes.isReceivable(code)) {
                throw WireFault.malformed("a close frame has the code " + code + ", which may not be sent");
            }
            reason = reason();
        }
        over = true;
        sink.close(code, reason);
    }

    private String reason() throws WireFault {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(control, CODE_BYTES, controlLength - CODE_BYTES))
                    .toString();
        } catch (CharacterCodingException e) {
            throw WireFault.malformed(WireFault.NOT_UTF8, "the reason of a close frame is not UTF-8");
        }
    }

    private void readData(ByteBuffer in) throws WireFault {
        int count = (int) Math.min(left, in.remaining());
        int length = pieceLength + count;
        if (length > piece.length) {
            // More fragments of the message may lie in what was read, but no more than that.
            piece = Arrays.copyOf(piece, fin ? length : pieceLength + in.remaining());
        }
        in.get(piece, pieceLength, count);
        if (message == DataKind.TEXT && !utf8.accept(piece, pieceLength, length)) {
            throw notUtf8();
        }
        pieceLength = length;
        left -= count;
        if (left == 0) {
            endData();
        }
    }

    private void endData() throws WireFault {
        inPayload = false;
        if (fin) {
            if (message == DataKind.TEXT && !utf8.isWhole()) {
                throw notUtf8();
            }
            flush(true);
            message = null;
        }
    }

    private void flush(boolean last) {
        ByteBuffer bytes = ByteBuffer.wrap(piece, 0, pieceLength);
        DataKind kind = message;
        piece = new byte[0];
        pieceLength = 0;
        if (kind != null) {
            sink.piece(kind, bytes, last);
        }
    }

    private static WireFault notUtf8() {
        return WireFault.malformed(WireFault.NOT_UTF8, "a text message is not UTF-8");
    }
}
