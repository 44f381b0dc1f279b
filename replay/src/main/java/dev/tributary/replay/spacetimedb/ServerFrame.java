package dev.tributary.replay.spacetimedb;

import dev.tributary.replay.recording.Json;
import dev.tributary.replay.recording.Transcript;
import dev.tributary.spacetimedb.codec.Subprotocol;
import dev.tributary.testkit.simulation.SimulatedConnection;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.brotli.dec.BrotliInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A frame that the recorded server sent. Our client gets it as it is, or other messages in its place, packed in the same
 * way.
 */
final class ServerFrame {

    private static final int PLAIN = 0;
    private static final int BROTLI = 1;
    private static final int GZIP = 2;

    private final Subprotocol subprotocol;
    private final @Nullable String text;
    private final byte[] bytes;
    private final List<Message> messages;

    private ServerFrame(Subprotocol subprotocol, @Nullable String text, byte[] bytes) {
        this.subprotocol = subprotocol;
        this.text = text;
        this.bytes = bytes;
        List<Message> read;
        try {
            read = subprotocol.isJson()
                    ? List.of(Message.of(Json.parse(String.valueOf(text))))
                    : messages(ByteBuffer.wrap(unpacked(bytes)));
        } catch (UnreadableException | IOException | RuntimeException e) {
            // What it is, our client shall say.
            read = List.of();
        }
        this.messages = read;
    }

    static ServerFrame of(Subprotocol subprotocol, Transcript.Event event) {
        String text = event.text("text");
        byte[] bytes = text == null
                ? Base64.getDecoder().decode(String.valueOf(event.text("binary64")))
                : text.getBytes(StandardCharsets.UTF_8);
        return new ServerFrame(subprotocol, text, bytes);
    }

    private Layout layout() {
        return subprotocol.isFirst() ? ServerLayouts.FIRST : ServerLayouts.SECOND;
    }

    private List<Message> messages(ByteBuffer in) throws UnreadableException {
        List<Message> all = new ArrayList<>();
        do {
            all.add(Message.of(layout().read(in)));
        } while (in.hasRemaining());
        return all;
    }

    private static byte[] unpacked(byte[] frame) throws IOException, UnreadableException {
        if (frame.length == 0) {
            throw new UnreadableException("an empty frame");
        }
        InputStream packed = new ByteArrayInputStream(frame, 1, frame.length - 1);
        try (InputStream in = frame[0] == GZIP
                ? new GZIPInputStream(packed)
                : frame[0] == BROTLI ? new BrotliInputStream(packed) : packed) {
            return in.readAllBytes();
        }
    }

    /** What it says; nothing where it cannot be read. */
    List<Message> messages() {
        return messages;
    }

    /** Sends it as it was recorded. */
    void send(SimulatedConnection to) {
        if (text != null) {
            to.text(text);
        } else {
            to.binary(bytes);
        }
    }

    /** Sends these in its place: in one frame where the protocol has bundles, else each in its own. */
    void send(SimulatedConnection to, List<Message> others) {
        if (others.equals(messages)) {
            send(to);
        } else if (subprotocol.isJson()) {
            others.forEach(message -> to.text(message.json()));
        } else if (!subprotocol.isBundled()) {
            others.forEach(message -> to.binary(packed(message.bsatn(layout()))));
        } else if (!others.isEmpty()) {
            ByteArrayOutputStream bundle = new ByteArrayOutputStream();
            others.forEach(message -> bundle.writeBytes(message.bsatn(layout())));
            to.binary(packed(bundle.toByteArray()));
        }
    }

    /** Brotli can only be undone here, so what was packed by it is sent plain when it is another. */
    private byte[] packed(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (bytes[0] != GZIP) {
            out.write(PLAIN);
            out.writeBytes(plain);
            return out.toByteArray();
        }
        out.write(GZIP);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
