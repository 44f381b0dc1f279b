package dev.tributary.sodp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** Writes frames and documents: integers in their shortest form, never as floats. */
final class Encoder {

    private static final int FRAME_ELEMENTS = 4;
    private static final byte UINT64 = (byte) 0xcf;

    private final MessageBufferPacker packer = MessagePack.newDefaultBufferPacker();

    /** What a body is written by. */
    @FunctionalInterface
    interface Body {

        void write(Encoder to) throws IOException;
    }

    /** A whole frame. */
    ByteBuffer frame(int type, long stream, long seq, Body body) {
        packer.clear();
        try {
            packer.packArrayHeader(FRAME_ELEMENTS)
                    .packInt(type)
                    .packLong(stream)
                    .packLong(seq);
            body.write(this);
            return ByteBuffer.wrap(packer.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A document alone, members in the order of their names: equal documents give equal bytes. */
    static byte[] canonical(@Nullable Object document) {
        Encoder encoder = new Encoder();
        try {
            encoder.sorted(document);
            return encoder.packer.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Encoder nil() throws IOException {
        packer.packNil();
        return this;
    }

    Encoder map(int members) throws IOException {
        packer.packMapHeader(members);
        return this;
    }

    Encoder array(int elements) throws IOException {
        packer.packArrayHeader(elements);
        return this;
    }

    Encoder text(String text) throws IOException {
        packer.packString(text);
        return this;
    }

    Encoder number(long number) throws IOException {
        packer.packLong(number);
        return this;
    }

    /** In eight bytes, for a server that overlooks shorter ones. */
    Encoder wideNumber(long number) throws IOException {
        packer.writePayload(
                ByteBuffer.allocate(Long.BYTES + 1).put(UINT64).putLong(number).array());
        return this;
    }

    /** A document as {@link Documents} made it. */
    Encoder value(@Nullable Object document) throws IOException {
        if (document instanceof DocMap map) {
            packer.packMapHeader(map.size());
            for (Map.Entry<String, @Nullable Object> member : map.entrySet()) {
                packer.packString(member.getKey());
                value(member.getValue());
            }
        } else if (document instanceof List<?> list) {
            packer.packArrayHeader(list.size());
            for (Object element : list) {
                value(element);
            }
        } else {
            scalar(document);
        }
        return this;
    }

    private void sorted(@Nullable Object document) throws IOException {
        if (document instanceof DocMap map) {
            packer.packMapHeader(map.size());
            for (Map.Entry<String, @Nullable Object> member : new TreeMap<>(map).entrySet()) {
                packer.packString(member.getKey());
                sorted(member.getValue());
            }
        } else if (document instanceof List<?> list) {
            packer.packArrayHeader(list.size());
            for (Object element : list) {
                sorted(element);
            }
        } else {
            scalar(document);
        }
    }

    private void scalar(@Nullable Object value) throws IOException {
        if (value == null) {
            packer.packNil();
        } else if (value instanceof String text) {
            packer.packString(text);
        } else if (value instanceof Long number) {
            packer.packLong(number);
        } else if (value instanceof Boolean flag) {
            packer.packBoolean(flag);
        } else if (value instanceof Double number) {
            packer.packDouble(number);
        } else if (value instanceof BigInteger number) {
            packer.packBigInteger(number);
        } else {
            throw new IllegalStateException("no part of a document: " + value.getClass());
        }
    }
}
