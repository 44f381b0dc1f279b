package dev.tributary.testkit.sodp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePacker;

/** Writes frames as one of the real servers does. Depth costs no stack. */
final class FrameWriter {

    private static final int UINT8 = 0xCC;
    private static final int UINT32 = 0xCE;
    private static final int UINT64 = 0xCF;
    private static final int INT64 = 0xD3;
    private static final int ELEMENTS = 4;

    private final boolean wide;
    private final RandomGenerator random;

    FrameWriter(SodpDialect dialect, RandomGenerator random) {
        wide = dialect == SodpDialect.GO;
        this.random = random;
    }

    byte[] write(SodpFrame frame) {
        try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
            packer.packArrayHeader(ELEMENTS);
            if (wide) {
                packer.writePayload(ByteBuffer.allocate(2)
                        .put((byte) UINT8)
                        .put((byte) frame.type())
                        .array());
                packer.writePayload(ByteBuffer.allocate(1 + Integer.BYTES)
                        .put((byte) UINT32)
                        .putInt((int) frame.stream())
                        .array());
                eightBytes(packer, frame.seq());
            } else {
                packer.packInt(frame.type());
                packer.packLong(frame.stream());
                packer.packLong(frame.seq());
            }
            value(packer, frame.body());
            return packer.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void value(MessagePacker packer, @Nullable Object root) throws IOException {
        Deque<Iterator<?>> open = new ArrayDeque<>();
        one(packer, root, open);
        while (!open.isEmpty()) {
            Iterator<?> members = open.peek();
            if (!members.hasNext()) {
                open.pop();
                continue;
            }
            Object member = members.next();
            if (member instanceof Map.Entry<?, ?> field) {
                packer.packString((String) field.getKey());
                one(packer, field.getValue(), open);
            } else {
                one(packer, member, open);
            }
        }
    }

    private void one(MessagePacker packer, @Nullable Object value, Deque<Iterator<?>> open) throws IOException {
        if (value == null) {
            packer.packNil();
        } else if (value instanceof String text) {
            packer.packString(text);
        } else if (value instanceof Long || value instanceof Integer) {
            integer(packer, ((Number) value).longValue());
        } else if (value instanceof Boolean flag) {
            packer.packBoolean(flag);
        } else if (value instanceof Double number) {
            packer.packDouble(number);
        } else if (value instanceof Float number) {
            packer.packFloat(number);
        } else if (value instanceof BigInteger number) {
            packer.packBigInteger(number);
        } else if (value instanceof Map<?, ?> map) {
            packer.packMapHeader(map.size());
            open.push(inOrder(map).iterator());
        } else if (value instanceof List<?> list) {
            packer.packArrayHeader(list.size());
            open.push(list.iterator());
        } else if (value instanceof byte[] bytes) {
            packer.packBinaryHeader(bytes.length).writePayload(bytes);
        } else if (value instanceof Extension extension) {
            packer.packExtensionTypeHeader(extension.type(), extension.bytes().length)
                    .writePayload(extension.bytes());
        } else {
            throw new IllegalArgumentException(
                    "no value of SODP: " + value.getClass().getName());
        }
    }

    private void integer(MessagePacker packer, long value) throws IOException {
        if (wide) {
            eightBytes(packer, value);
        } else {
            packer.packLong(value);
        }
    }

    private static void eightBytes(MessagePacker packer, long value) throws IOException {
        packer.writePayload(ByteBuffer.allocate(1 + Long.BYTES)
                .put((byte) (value < 0 ? INT64 : UINT64))
                .putLong(value)
                .array());
    }

    /** Fields in their order; the Go server has none. */
    private Collection<? extends Map.Entry<?, ?>> inOrder(Map<?, ?> map) {
        if (!wide) {
            return map.entrySet();
        }
        List<Map.Entry<?, ?>> fields = new ArrayList<>(map.entrySet());
        for (int i = fields.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            Map.Entry<?, ?> moved = fields.get(i);
            fields.set(i, fields.get(other));
            fields.set(other, moved);
        }
        return fields;
    }
}
