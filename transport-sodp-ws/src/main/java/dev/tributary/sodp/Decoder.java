package dev.tributary.sodp;

import dev.tributary.ProtocolException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageFormat;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.core.buffer.ArrayBufferInput;

/**
 * Reads MessagePack from an array, front to back, with no tree in between. What a header promises is held against the
 * bytes that are left before anything is allocated for it, and nesting has a bound, so that hostile input costs no more
 * than its own length. Whatever is wrong is a {@link ProtocolException} that says where.
 */
final class Decoder {

    /** Deeper values end the reading; Rust's server takes 1020 levels from a client. */
    static final int MOST_LEVELS = 1100;

    private static final int UINT64 = 0xcf;

    private final ArrayBufferInput input = new ArrayBufferInput(new byte[0]);
    private final MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(input);
    private final NameCache names = new NameCache();
    private byte[] bytes = new byte[0];
    private int from;
    private int to;
    /** Elements that headers read so far still promise: each needs a byte at least. */
    private long owed;

    /** Reads from here on. */
    void reset(byte[] content, int start, int end) {
        bytes = content;
        from = start;
        to = end;
        owed = 0;
        input.reset(content, start, end - start);
        try {
            unpacker.reset(input);
        } catch (IOException e) {
            throw failed("the frame", e);
        }
    }

    /** Where in the array the next value begins. */
    int position() {
        return from + (int) unpacker.getTotalReadBytes();
    }

    private ProtocolException failed(String what, Throwable cause) {
        return new ProtocolException(
                what + " cannot be read at byte " + (position() - from) + " of " + (to - from) + ": "
                        + cause.getClass().getSimpleName(),
                cause);
    }

    private ProtocolException wrong(String what, String problem) {
        return new ProtocolException(what + " " + problem + " at byte " + (position() - from) + " of " + (to - from));
    }

    private MessageFormat next(String what) {
        if (position() >= to) {
            throw wrong(what, "is missing: the frame ends");
        }
        MessageFormat format;
        try {
            format = unpacker.getNextFormat();
        } catch (IOException | MessagePackException e) {
            throw failed(what, e);
        }
        if (format == MessageFormat.NEVER_USED) {
            throw wrong(what, "begins with a byte that MessagePack does not use");
        }
        return format;
    }

    /** How many elements an array has. */
    int array(String what) {
        MessageFormat format = next(what);
        if (format != MessageFormat.FIXARRAY && format != MessageFormat.ARRAY16 && format != MessageFormat.ARRAY32) {
            throw wrong(what, "is a " + format + ", not an array,");
        }
        try {
            return promised(what, unpacker.unpackArrayHeader(), 1);
        } catch (IOException | MessagePackException e) {
            throw failed(what, e);
        }
    }

    /** How many members an object has. */
    int map(String what) {
        MessageFormat format = next(what);
        if (format != MessageFormat.FIXMAP && format != MessageFormat.MAP16 && format != MessageFormat.MAP32) {
            throw wrong(what, "is a " + format + ", not a map,");
        }
        try {
            return promised(what, unpacker.unpackMapHeader(), 2);
        } catch (IOException | MessagePackException e) {
            throw failed(what, e);
        }
    }

    private int promised(String what, int count, int each) {
        if ((long) count * each + owed > to - position()) {
            throw wrong(what, "promises " + count + " elements, which the frame cannot hold,");
        }
        return count;
    }

    /** Reads a nil if one is next. */
    boolean nil(String what) {
        if (next(what) != MessageFormat.NIL) {
            return false;
        }
        skip(what);
        return true;
    }

    boolean flag(String what) {
        if (next(what) != MessageFormat.BOOLEAN) {
            throw wrong(what, "is no boolean");
        }
        try {
            return unpacker.unpackBoolean();
        } catch (IOException | MessagePackException e) {
            throw failed(what, e);
        }
    }

    /** A whole number from 0 to 2^63 - 1, of any width. */
    long unsigned(String what) {
        MessageFormat format = next(what);
        if (format.getValueType() != org.msgpack.value.ValueType.INTEGER) {
            throw wrong(what, "is a " + format + ", not a whole number,");
        }
        try {
            long value = unpacker.unpackLong();
            if (value < 0) {
                throw wrong(what, "is below zero");
            }
            return value;
        } catch (IOException | MessagePackException e) {
            throw failed(what, e);
        }
    }

    /** A text; its bytes must be UTF-8. */
    String text(String what) {
        int start = textStart(what);
        int length = textLength(what, start);
        start += headerSize(bytes[start]);
        try {
            if (isAscii(start, length)) {
                return unpacker.unpackString();
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, start, length))
                    .toString();
            unpacker.skipValue();
            return text;
        } catch (CharacterCodingException e) {
            throw wrong(what, "is no UTF-8");
        } catch (IOException | MessagePackException e) {
            throw failed(what, e);
        }
    }

    /** A text that probably came before, such as the name of a member. */
    String name(String what) {
        int start = textStart(what);
        int length = textLength(what, start);
        start += headerSize(bytes[start]);
        String known = names.find(bytes, start, length);
        if (known != null) {
            skip(what);
            return known;
        }
        String text = text(what);
        names.keep(text, bytes, start, length);
        return text;
    }

    private int textStart(String what) {
        if (next(what).getValueType() != org.msgpack.value.ValueType.STRING) {
            throw wrong(what, "is a " + next(what) + ", not a text,");
        }
        return position();
    }

    private static int headerSize(byte first) {
        return switch (first & 0xff) {
            case 0xd9 -> 2;
            case 0xda -> 3;
            case 0xdb -> 5;
            default -> 1;
        };
    }

    private int textLength(String what, int start) {
        int header = headerSize(bytes[start]);
        long length = bytes[start] & 0x1f;
        if (header > 1) {
            length = 0;
            for (int i = 1; i < header && start + i < to; i++) {
                length = length << 8 | bytes[start + i] & 0xff;
            }
        }
        if (length > to - start - header) {
            throw wrong(what, "promises " + length + " bytes, which the frame cannot hold,");
        }
        return (int) length;
    }

    private boolean isAscii(int start, int length) {
        for (int i = start; i < start + length; i++) {
            if (bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /** Passes over one value, however deep it is. */
    void skip(String what) {
        long pending = 1;
        try {
            while (pending > 0) {
                pending--;
                switch (next(what)) {
                    case FIXARRAY, ARRAY16, ARRAY32 -> pending += array(what);
                    case FIXMAP, MAP16, MAP32 -> pending += 2L * map(what);
                    default -> unpacker.skipValue();
                }
                if (pending > to - position()) {
                    throw wrong(what, "promises more than the frame holds");
                }
            }
        } catch (IOException | MessagePackException e) {
            throw failed(what, e);
        }
    }

    /**
     * Reads a value as a document.
     *
     * @param levels how many levels it may have
     */
    @Nullable
    Object value(String what, int levels) {
        if (levels < 0) {
            throw wrong(what, "is nested too deep");
        }
        MessageFormat format = next(what);
        switch (format.getValueType()) {
            case NIL -> {
                skip(what);
                return null;
            }
            case BOOLEAN -> {
                return flag(what);
            }
            case INTEGER -> {
                return integer(what);
            }
            case FLOAT -> {
                return number(what);
            }
            case STRING -> {
                return text(what);
            }
            case ARRAY -> {
                return list(what, levels);
            }
            case MAP -> {
                return object(what, levels);
            }
            default -> throw wrong(what, "holds a " + format + ", which no document has,");
        }
    }

    private Object integer(String what) {
        int at = position();
        try {
            if ((bytes[at] & 0xff) == UINT64 && at + 1 < to && bytes[at + 1] < 0) {
                BigInteger big = unpacker.unpackBigInteger();
                return big;
            }
            return unpacker.unpackLong();
        } catch (IOException | MessagePackException e) {
            throw failed(what, e);
        }
    }

    private Double number(String what) {
        try {
            return unpacker.unpackDouble();
        } catch (IOException | MessagePackException e) {
            throw failed(what, e);
        }
    }

    private DocList list(String what, int levels) {
        int count = array(what);
        owed += count;
        @Nullable Object[] elements = new Object[count];
        for (int i = 0; i < count; i++) {
            owed--;
            elements[i] = value(what, levels - 1);
        }
        return DocList.of(elements, count);
    }

    private DocMap object(String what, int levels) {
        int count = map(what);
        owed += 2L * count;
        @Nullable Object[] members = new Object[2 * count];
        for (int i = 0; i < count; i++) {
            owed--;
            members[2 * i] = name(what);
            owed--;
            members[2 * i + 1] = value(what, levels - 1);
        }
        return DocMap.of(members, count);
    }

    /** Reads the name of a field that this protocol knows; another one gives {@link Field#OTHER}. */
    Field field(String what) {
        int start = textStart(what);
        int length = textLength(what, start);
        Field field = Field.of(bytes, start + headerSize(bytes[start]), length);
        skip(what);
        return field;
    }
}
