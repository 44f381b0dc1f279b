package dev.tributary.sodp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.core.buffer.ArrayBufferInput;

/**
 * A replica in the way of the official Java client, as the specification describes it (section 19): every frame becomes a
 * tree, and every step of a delta is applied to a copy of the whole document. Names and numbers are not checked.
 */
@NullMarked
final class TreeReplica {

    private final ArrayBufferInput input = new ArrayBufferInput(new byte[0]);
    private final MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(input);
    private @Nullable Object document;
    private long version;

    /** The document after the last frame. */
    @Nullable
    Object document() {
        return document;
    }

    /** The version after the last frame. */
    long version() {
        return version;
    }

    /** Takes STATE_INIT or DELTA. */
    @Nullable
    Object frame(byte[] bytes) throws IOException {
        input.reset(bytes);
        unpacker.reset(input);
        List<?> frame = list(read());
        Map<?, ?> body = map(frame.get(3));
        version = ((Number) Objects.requireNonNull(body.get("version"))).longValue();
        if (body.containsKey("ops")) {
            for (Object op : list(body.get("ops"))) {
                document = apply(map(op), deepCopy(document));
            }
        } else {
            document = body.get("value");
        }
        return document;
    }

    private static List<?> list(@Nullable Object value) {
        return (List<?>) Objects.requireNonNull(value);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> map(@Nullable Object value) {
        return (Map<String, @Nullable Object>) Objects.requireNonNull(value);
    }

    private static @Nullable Object apply(Map<String, @Nullable Object> op, @Nullable Object root) {
        String path = String.valueOf(op.get("path"));
        if (path.isEmpty() || path.equals("/")) {
            return op.get("value");
        }
        String[] segments = path.substring(1).split("/");
        Map<String, @Nullable Object> parent = map(root);
        for (int i = 0; i < segments.length - 1; i++) {
            parent = map(parent.get(segments[i]));
        }
        String last = segments[segments.length - 1];
        if ("REMOVE".equals(op.get("op"))) {
            parent.remove(last);
        } else {
            parent.put(last, op.get("value"));
        }
        return root;
    }

    private static @Nullable Object deepCopy(@Nullable Object node) {
        if (node instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((name, value) -> copy.put(name, deepCopy(value)));
            return copy;
        }
        if (node instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list.size());
            list.forEach(value -> copy.add(deepCopy(value)));
            return copy;
        }
        return node;
    }

    private @Nullable Object read() throws IOException {
        switch (unpacker.getNextFormat().getValueType()) {
            case NIL:
                unpacker.unpackNil();
                return null;
            case BOOLEAN:
                return unpacker.unpackBoolean();
            case INTEGER:
                return unpacker.unpackLong();
            case FLOAT:
                return unpacker.unpackDouble();
            case STRING:
                return unpacker.unpackString();
            case ARRAY:
                int elements = unpacker.unpackArrayHeader();
                List<@Nullable Object> list = new ArrayList<>(elements);
                for (int i = 0; i < elements; i++) {
                    list.add(read());
                }
                return list;
            case MAP:
                int members = unpacker.unpackMapHeader();
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                for (int i = 0; i < members; i++) {
                    map.put(unpacker.unpackString(), read());
                }
                return map;
            default:
                throw new IOException("no document");
        }
    }
}
