package dev.tributary.testkit.socket;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A client that writes and reads bytes by the letter of RFC 6455, with no codec in between. */
public final class RawClient implements AutoCloseable {

    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

    private final Socket socket;
    private final DataInputStream in;

    /** A connection on which nothing was said yet. */
    public RawClient(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
    }

    /** An accepted WebSocket. */
    public static RawClient webSocket(int port, String target) throws IOException {
        RawClient client = new RawClient(port);
        String head = client.upgrade(target);
        if (!head.startsWith("HTTP/1.1 101 ")) {
            throw new IOException("refused: " + head);
        }
        return client;
    }

    /** Asks for a WebSocket and returns the head of the answer, in lower case but for the status line. */
    public String upgrade(String target) throws IOException {
        return upgrade(target, "");
    }

    /** The same with further header lines, each with its end. */
    public String upgrade(String target, String headers) throws IOException {
        write("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + headers + "\r\n");
        return head();
    }

    void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Up to the empty line. */
    String head() throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            text.append((char) in.readUnsignedByte());
        }
        return text.toString();
    }

    String body(int length) throws IOException {
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    /** Sends a text message. */
    public void text(String message) throws IOException {
        frame(TEXT, true, message.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a frame, masked. */
    public void frame(int opcode, boolean last, byte[] payload) throws IOException {
        write(frameBytes(opcode, last, payload));
    }

    static byte[] frameBytes(int opcode, boolean last, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write((last ? 0x80 : 0) | opcode);
        if (payload.length < 126) {
            out.write(0x80 | payload.length);
        } else if (payload.length < 65_536) {
            out.write(0x80 | 126);
            out.write(payload.length >> 8);
            out.write(payload.length);
        } else {
            out.write(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) ((long) payload.length >> shift));
            }
        }
        out.writeBytes(MASK);
        for (int i = 0; i < payload.length; i++) {
            out.write(payload[i] ^ MASK[i % 4]);
        }
        return out.toByteArray();
    }

    /** The next frame as {@code text hello}, {@code close 1000 bye}, {@code end} or {@code reset}. */
    public String next() throws IOException {
        try {
            int first = in.readUnsignedByte();
            int second = in.readUnsignedByte();
            long length = second & 0x7f;
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = in.readLong();
            }
            byte[] payload = new byte[(int) length];
            in.readFully(payload);
            return describe(first, payload);
        } catch (EOFException e) {
            return "end";
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("reset")) {
                return "reset";
            }
            throw e;
        }
    }

    private static String describe(int first, byte[] payload) {
        String text = new String(payload, StandardCharsets.UTF_8);
        String last = (first & 0x80) == 0 ? "+" : "";
        return switch (first & 0xf) {
            case CONTINUATION -> "more" + last + " " + text;
            case TEXT -> "text" + last + " " + text;
            case BINARY -> "binary" + last + " " + text;
            case PING -> "ping " + text;
            case PONG -> "pong " + text;
            case CLOSE ->
                payload.length < 2
                        ? "close"
                        : "close " + (((payload[0] & 0xff) << 8) | (payload[1] & 0xff)) + " "
                                + new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
            default -> "opcode " + (first & 0xf);
        };
    }

    /** How many bytes have arrived and were not read. */
    int available() throws IOException {
        return in.available();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
