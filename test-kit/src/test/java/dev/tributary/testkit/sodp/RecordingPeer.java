package dev.tributary.testkit.sodp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;

/** A client that writes down what it is sent, answers pings, and asks for things in short words. */
final class RecordingPeer implements SodpPeer {

    private static final int LONGEST_READABLE = 8_000;

    final List<byte[]> received = new ArrayList<>();
    /** Everything, frames in a readable form. */
    final List<String> heard = new ArrayList<>();

    boolean answersPings = true;
    boolean writable = true;
    private final FrameWriter writer = new FrameWriter(SodpDialect.TYPESCRIPT, new SplittableRandom(1));
    private @Nullable SodpSession session;
    private long seq;

    static RecordingPeer connect(SodpModel model) {
        RecordingPeer peer = new RecordingPeer();
        peer.session = model.connect(peer);
        return peer;
    }

    SodpSession session() {
        return Objects.requireNonNull(session);
    }

    /** Sends a frame whose body is written as pairs. */
    RecordingPeer send(int type, long stream, @Nullable Object... fields) {
        return sendBody(type, stream, body(fields));
    }

    RecordingPeer sendBody(int type, long stream, @Nullable Object body) {
        session().message(writer.write(new SodpFrame(type, stream, ++seq, body)));
        return this;
    }

    RecordingPeer watch(String... keys) {
        return keys.length == 1
                ? send(SodpFrame.WATCH, 1000 + seq, "state", keys[0])
                : send(SodpFrame.WATCH, 1000 + seq, "states", List.of(keys));
    }

    RecordingPeer call(String method, @Nullable Object... args) {
        return send(SodpFrame.CALL, 0, "call_id", "call-" + (seq + 1), "method", method, "args", body(args));
    }

    /** What was heard since the last time. */
    List<String> take() {
        List<String> all = List.copyOf(heard);
        heard.clear();
        return all;
    }

    private static Map<String, @Nullable Object> body(@Nullable Object... fields) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            Object value = fields[i + 1];
            body.put((String) fields[i], value instanceof Integer number ? (Object) number.longValue() : value);
        }
        return body;
    }

    static String readable(byte[] message) {
        if (message.length > LONGEST_READABLE) {
            // It may be nested too deep for the reader below.
            return "long " + message.length;
        }
        try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(message)) {
            return unpacker.unpackValue().toJson();
        } catch (MessagePackException | IOException e) {
            return "unreadable " + message.length;
        }
    }

    @Override
    public void binary(byte[] message) {
        received.add(message);
        heard.add(readable(message));
    }

    @Override
    public void text(String message) {
        heard.add("text " + message);
    }

    @Override
    public void cut(byte[] message, int bytes) {
        heard.add("cut at " + bytes);
    }

    @Override
    public void ping() {
        heard.add("ping");
        if (answersPings && session != null) {
            session.pong();
        }
    }

    @Override
    public void close(int code, String reason) {
        heard.add("close " + code);
    }

    @Override
    public void end() {
        heard.add("end");
    }

    @Override
    public void reset() {
        heard.add("reset");
    }

    @Override
    public boolean isWritable() {
        return writable;
    }
}
