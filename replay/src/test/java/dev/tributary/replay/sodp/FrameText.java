package dev.tributary.replay.sodp;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/** Writes frames for test recordings. */
final class FrameText {

    private FrameText() {}

    /** A frame as {@code binary64} has it. */
    static String of(int type, long stream, long seq, Object body) {
        try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
            packer.packArrayHeader(4).packInt(type).packLong(stream).packLong(seq);
            pack(packer, body);
            return Base64.getEncoder().encodeToString(packer.toByteArray());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pack(MessageBufferPacker packer, Object value) throws IOException {
        if (value == null) {
            packer.packNil();
        } else if (value instanceof Map<?, ?> map) {
            packer.packMapHeader(map.size());
            for (Map.Entry<?, ?> member : map.entrySet()) {
                pack(packer, member.getKey());
                pack(packer, member.getValue());
            }
        } else if (value instanceof List<?> list) {
            packer.packArrayHeader(list.size());
            for (Object element : list) {
                pack(packer, element);
            }
        } else if (value instanceof Boolean flag) {
            packer.packBoolean(flag);
        } else if (value instanceof Integer number) {
            packer.packLong(number);
        } else if (value instanceof Long number) {
            packer.packLong(number);
        } else if (value instanceof BigInteger number) {
            packer.packBigInteger(number);
        } else if (value instanceof Double number) {
            packer.packDouble(number);
        } else if (value instanceof byte[] bytes) {
            packer.packBinaryHeader(bytes.length).writePayload(bytes);
        } else {
            packer.packString(value.toString());
        }
    }
}
