package dev.tributary.replay.sodp;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;

/**
 * A frame of either side, read whole. Values are {@code Long}, {@code BigInteger}, {@code Double}, {@code Boolean},
 * {@code String}, {@code List}, {@code Map} and null; what a document cannot hold is a {@code byte[]}.
 *
 * @param bytes all of it
 * @param streamAt where its stream number is in the bytes
 * @param callIdAt where its call id is; null when it has none
 */
record Frame(
        int type,
        long stream,
        long seq,
        Map<String, @Nullable Object> body,
        byte[] bytes,
        Span streamAt,
        @Nullable Span callIdAt) {

    static final int HELLO = 0x01;
    static final int WATCH = 0x02;
    static final int STATE_INIT = 0x03;
    static final int DELTA = 0x04;
    static final int CALL = 0x05;
    static final int RESULT = 0x06;
    static final int ERROR = 0x07;
    static final int HEARTBEAT = 0x09;
    static final int RESUME = 0x0a;
    static final int AUTH = 0x0b;
    static final int AUTH_OK = 0x0c;
    static final int UNWATCH = 0x0d;

    private static final int ELEMENTS = 4;
    private static final int MOST_LEVELS = 2_000;

    /** Some of the bytes. */
    record Span(int from, int to) {}

    /** Null when it is no frame. */
    static @Nullable Frame read(byte[] bytes) {
        try (MessageUnpacker in = MessagePack.newDefaultUnpacker(bytes)) {
            if (in.unpackArrayHeader() != ELEMENTS) {
                return null;
            }
            int type = in.unpackInt();
            int from = (int) in.getTotalReadBytes();
            long stream = in.unpackLong();
            Span streamAt = new Span(from, (int) in.getTotalReadBytes());
            long seq = in.unpackLong();
            Map<String, @Nullable Object> body = new LinkedHashMap<>();
            Span callIdAt = null;
            if (!in.tryUnpackNil()) {
                int fields = in.unpackMapHeader();
                for (int i = 0; i < fields; i++) {
                    String name = in.unpackString();
                    int valueFrom = (int) in.getTotalReadBytes();
                    body.put(name, value(in, 0));
                    if (name.equals("call_id")) {
                        callIdAt = new Span(valueFrom, (int) in.getTotalReadBytes());
                    }
                }
            }
            return new Frame(type, stream, seq, body, bytes, streamAt, callIdAt);
        } catch (IOException | MessagePackException e) {
            return null;
        }
    }

    private static @Nullable Object value(MessageUnpacker in, int level) throws IOException {
        if (level > MOST_LEVELS) {
            throw new IOException("nested too deep");
        }
        return switch (in.getNextFormat().getValueType()) {
            case NIL -> {
                in.unpackNil();
                yield null;
            }
            case BOOLEAN -> in.unpackBoolean();
            case INTEGER -> {
                BigInteger integer = in.unpackBigInteger();
                yield integer.bitLength() < Long.SIZE ? (Object) integer.longValue() : integer;
            }
            case FLOAT -> in.unpackDouble();
            case STRING -> in.unpackString();
            case ARRAY -> list(in, level);
            case MAP -> map(in, level);
            default -> {
                in.skipValue();
                yield new byte[0];
            }
        };
    }

    private static List<@Nullable Object> list(MessageUnpacker in, int level) throws IOException {
        int count = in.unpackArrayHeader();
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            elements.add(value(in, level + 1));
        }
        return elements;
    }

    private static Map<@Nullable Object, @Nullable Object> map(MessageUnpacker in, int level) throws IOException {
        int count = in.unpackMapHeader();
        Map<@Nullable Object, @Nullable Object> members = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            Object name = value(in, level + 1);
            members.put(name, value(in, level + 1));
        }
        return members;
    }

    @Nullable
    String text(String field) {
        return body.get(field) instanceof String text ? text : null;
    }

    long number(String field, long otherwise) {
        return body.get(field) instanceof Long number ? number : otherwise;
    }

    /** The keys that it names, each once; empty when it names none, or not as texts. */
    List<String> keys() {
        if (body.get("states") instanceof List<?> states) {
            return states.stream()
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .distinct()
                    .toList();
        }
        String state = text("state");
        return state == null ? List.of() : List.of(state);
    }

    boolean isAsk() {
        return type == WATCH || type == RESUME;
    }

    /** The same bytes but for the call id. */
    byte[] withCallId(String id) {
        return callIdAt == null ? bytes : spliced(callIdAt, packed(packer -> packer.packString(id)));
    }

    /** The same bytes but for the stream. */
    byte[] withStream(long other) {
        return spliced(streamAt, packed(packer -> packer.packLong(other)));
    }

    private byte[] spliced(Span span, byte[] with) {
        byte[] result = new byte[bytes.length - (span.to() - span.from()) + with.length];
        System.arraycopy(bytes, 0, result, 0, span.from());
        System.arraycopy(with, 0, result, span.from(), with.length);
        System.arraycopy(bytes, span.to(), result, span.from() + with.length, bytes.length - span.to());
        return result;
    }

    /** Something to write. */
    @FunctionalInterface
    private interface Content {
        void write(MessageBufferPacker packer) throws IOException;
    }

    private static byte[] packed(Content content) {
        try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
            content.write(packer);
            return packer.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException("a buffer in memory", e);
        }
    }
}
