package dev.tributary.sodp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.value.Value;

/** MessagePack by other means than the transport's own: plain maps and lists there and back. */
final class Packed {

    /** An object of these names and values by turns, in this order. */
    static Map<String, @Nullable Object> map(@Nullable Object... pairs) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }

    static byte[] frame(int type, long stream, long seq, @Nullable Object body) {
        List<@Nullable Object> frame = new ArrayList<>(List.of(type, stream, seq));
        frame.add(body);
        return pack(frame);
    }

    static byte[] pack(@Nullable Object value) {
        MessageBufferPacker packer = MessagePack.newDefaultBufferPacker();
        try {
            write(value, packer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packer.toByteArray();
    }

    private static void write(@Nullable Object value, MessageBufferPacker packer) throws IOException {
        if (value == null) {
            packer.packNil();
        } else if (value instanceof Map<?, ?> map) {
            packer.packMapHeader(map.size());
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                write(entry.getKey(), packer);
                write(entry.getValue(), packer);
            }
        } else if (value instanceof List<?> list) {
            packer.packArrayHeader(list.size());
            for (Object element : list) {
                write(element, packer);
            }
        } else if (value instanceof String text) {
            packer.packString(text);
        } else if (value instanceof Boolean flag) {
            packer.packBoolean(flag);
        } else if (value instanceof BigInteger big) {
            packer.packBigInteger(big);
        } else if (value instanceof Double number) {
            packer.packDouble(number);
        } else if (value instanceof Float number) {
            packer.packFloat(number);
        } else if (value instanceof Raw raw) {
            packer.writePayload(raw.bytes());
        } else {
            packer.packLong(((Number) value).longValue());
        }
    }

    /** Bytes that are written as they are. */
    record Raw(byte[] bytes) {}

    /** What one frame says, as plain objects. */
    record Sent(int type, long stream, long seq, Map<String, @Nullable Object> body) {

        @SuppressWarnings("unchecked")
        List<String> keys() {
            Object states = body.get("states");
            return states == null ? List.of(String.valueOf(body.get("state"))) : (List<String>) states;
        }

        @SuppressWarnings("unchecked")
        Map<String, @Nullable Object> args() {
            return (Map<String, @Nullable Object>) body.get("args");
        }

        String callId() {
            return String.valueOf(body.get("call_id"));
        }
    }

    @SuppressWarnings("unchecked")
    static Sent sent(byte[] bytes) {
        List<@Nullable Object> frame = (List<@Nullable Object>) unpack(bytes);
        Object body = frame.get(3);
        return new Sent(
                ((Long) frame.get(0)).intValue(),
                (Long) frame.get(1),
                (Long) frame.get(2),
                body == null ? Map.of() : (Map<String, @Nullable Object>) body);
    }

    static @Nullable Object unpack(byte[] bytes) {
        try {
            return plain(MessagePack.newDefaultUnpacker(bytes).unpackValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable Object plain(Value value) {
        switch (value.getValueType()) {
            case NIL:
                return null;
            case BOOLEAN:
                return value.asBooleanValue().getBoolean();
            case INTEGER:
                return value.asIntegerValue().isInLongRange()
                        ? (Object) value.asIntegerValue().asLong()
                        : value.asIntegerValue().asBigInteger();
            case FLOAT:
                return value.asFloatValue().toDouble();
            case STRING:
                return value.asStringValue().asString();
            case ARRAY:
                List<@Nullable Object> list = new ArrayList<>();
                value.asArrayValue().forEach(element -> list.add(plain(element)));
                return list;
            case MAP:
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                value.asMapValue()
                        .entrySet()
                        .forEach(entry -> map.put(entry.getKey().asStringValue().asString(), plain(entry.getValue())));
                return map;
            default:
                throw new AssertionError("no document: " + value);
        }
    }

    private Packed() {}
}
