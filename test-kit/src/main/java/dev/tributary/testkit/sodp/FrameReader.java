package dev.tributary.testkit.sodp;

import java.io.IOException;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.ExtensionTypeHeader;
import org.msgpack.core.MessageFormat;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ValueType;

/** Reads what clients send, as strictly as one of the real servers does. */
final class FrameReader {

    private static final int DEEPEST = 1024;
    private static final int ELEMENTS = 4;
    private static final long MAX_TYPE = 255;
    private static final long MAX_STREAM = 0xFFFF_FFFFL;
    private static final MessagePack.UnpackerConfig STRICT =
            new MessagePack.UnpackerConfig().withActionOnMalformedString(CodingErrorAction.REPORT);

    private final SodpDialect dialect;
    private final ValueForm form;

    FrameReader(SodpDialect dialect, ValueForm form) {
        this.dialect = dialect;
        this.form = form;
    }

    ClientFrame read(byte[] message) throws UnreadableFrameException {
        Set<String> wide = new HashSet<>();
        try (MessageUnpacker unpacker = STRICT.newUnpacker(message)) {
            if (unpacker.unpackArrayHeader() != ELEMENTS) {
                throw new UnreadableFrameException("no array of four");
            }
            long type = unpacker.unpackLong();
            long stream = unpacker.unpackLong();
            long seq = unpacker.unpackLong();
            if (type < 0 || type > MAX_TYPE || stream < 0 || stream > MAX_STREAM) {
                throw new UnreadableFrameException("type or stream out of bounds");
            }
            Object body = value(unpacker, null, wide, 1);
            return new ClientFrame(new SodpFrame((int) type, stream, seq, body), wide);
        } catch (MessagePackException | IOException e) {
            throw new UnreadableFrameException("no MessagePack: " + e.getClass().getSimpleName());
        }
    }

    private @Nullable Object value(MessageUnpacker unpacker, @Nullable String name, Set<String> wide, int depth)
            throws IOException, UnreadableFrameException {
        if (depth > DEEPEST) {
            throw new UnreadableFrameException("too deep");
        }
        MessageFormat format = unpacker.getNextFormat();
        return switch (format.getValueType()) {
            case NIL -> {
                unpacker.unpackNil();
                yield null;
            }
            case BOOLEAN -> unpacker.unpackBoolean();
            case INTEGER, FLOAT -> {
                if (name != null && isWide(format)) {
                    wide.add(name);
                }
                yield form.scalar(number(unpacker, format));
            }
            case STRING -> unpacker.unpackString();
            case BINARY -> {
                refuseOnRust("bin");
                yield unpacker.readPayload(unpacker.unpackBinaryHeader());
            }
            case EXTENSION -> {
                refuseOnRust("ext");
                ExtensionTypeHeader header = unpacker.unpackExtensionTypeHeader();
                yield new Extension(header.getType(), unpacker.readPayload(header.getLength()));
            }
            case ARRAY -> {
                int count = unpacker.unpackArrayHeader();
                // The count is the client's word: nothing is reserved for it.
                List<@Nullable Object> list = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    list.add(value(unpacker, null, wide, depth + 1));
                }
                yield list;
            }
            case MAP -> map(unpacker, wide, depth);
        };
    }

    private Map<String, @Nullable Object> map(MessageUnpacker unpacker, Set<String> wide, int depth)
            throws IOException, UnreadableFrameException {
        int count = unpacker.unpackMapHeader();
        Map<String, @Nullable Object> map = form.object();
        for (int i = 0; i < count; i++) {
            String name = name(unpacker);
            map.put(name, value(unpacker, name, wide, depth + 1));
        }
        return map;
    }

    private String name(MessageUnpacker unpacker) throws IOException, UnreadableFrameException {
        ValueType type = unpacker.getNextFormat().getValueType();
        if (type == ValueType.STRING) {
            String name = unpacker.unpackString();
            if (dialect == SodpDialect.TYPESCRIPT && name.equals("__proto__")) {
                throw new UnreadableFrameException("map key __proto__");
            }
            return name;
        }
        if (type == ValueType.INTEGER && dialect == SodpDialect.TYPESCRIPT) {
            return unpacker.unpackBigInteger().toString();
        }
        throw new UnreadableFrameException("map key that is no text");
    }

    private static Object number(MessageUnpacker unpacker, MessageFormat format) throws IOException {
        return switch (format) {
            case FLOAT32 -> unpacker.unpackFloat();
            case FLOAT64 -> unpacker.unpackDouble();
            case UINT64 -> unpacker.unpackBigInteger();
            default -> unpacker.unpackLong();
        };
    }

    private static boolean isWide(MessageFormat format) {
        return format == MessageFormat.UINT64
                || format == MessageFormat.INT64
                || format == MessageFormat.FLOAT32
                || format == MessageFormat.FLOAT64;
    }

    private void refuseOnRust(String what) throws UnreadableFrameException {
        if (dialect == SodpDialect.RUST) {
            throw new UnreadableFrameException("value of type " + what);
        }
    }
}
