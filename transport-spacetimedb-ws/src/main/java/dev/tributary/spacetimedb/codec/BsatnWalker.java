package dev.tributary.spacetimedb.codec;

import dev.tributary.ProtocolException;
import dev.tributary.spacetimedb.codec.Shape.Field;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks one shape through BSATN that arrives in pieces. What is still to be read lies on a stack, a field and how many
 * times each; what it holds besides is a number or text that is not complete, and {@link RowListReader}'s offsets.
 */
final class BsatnWalker {

    private static final int FIRST_DEPTH = 16;

    private final Limits limits;
    private final Meter meter;
    private final Collected collected;
    private final ServerMessages messages;
    private final RowListReader rowList;
    /** One that reports what is malformed. */
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();

    private Field[] fields = new Field[FIRST_DEPTH];
    private long[] times = new long[FIRST_DEPTH];
    private int depth;

    private String message = "";
    private MessageKind kind = MessageKind.CONNECTED;
    /** What is being read now; null between two values. */
    private @Nullable Field current;
    /** How far {@link #current} is. */
    private int step;

    private long left;
    private @Nullable Stage expander;

    BsatnWalker(Limits limits, Meter meter, Collected collected, ServerMessages messages) {
        this.limits = limits;
        this.meter = meter;
        this.collected = collected;
        this.messages = messages;
        this.rowList = new RowListReader(limits.rowBytes());
    }

    /** Begins to read this. */
    void begin(String messageName, MessageKind messageKind, Field root) {
        message = messageName;
        kind = messageKind;
        depth = 0;
        current = null;
        expander = null;
        push(root, 1);
    }

    private void push(Field field, long count) {
        if (depth == fields.length) {
            fields = Arrays.copyOf(fields, depth * 2);
            times = Arrays.copyOf(times, depth * 2);
        }
        fields[depth] = field;
        times[depth++] = count;
    }

    /**
     * Reads on.
     *
     * @return whether all is read; else it waits for the next piece
     */
    boolean read(Input in) {
        while (true) {
            if (current == null) {
                while (depth > 0 && times[depth - 1] == 0) {
                    depth--;
                }
                if (depth == 0) {
                    return true;
                }
                times[depth - 1]--;
                current = fields[depth - 1];
                step = 0;
            }
            Field field = current;
            try {
                if (!read(field, in)) {
                    return false;
                }
            } catch (BadValue e) {
                throw wrong(field, e.problem(), in, e);
            }
        }
    }

    /** The message ends here, but more was to come. */
    ProtocolException cutOff(Input in) {
        String field = current == null ? "the next field" : current.name();
        return new ProtocolException(message + " ends early, in " + field + ", after " + in.offset() + " bytes");
    }

    private ProtocolException wrong(Field field, String problem, Input in, @Nullable Throwable cause) {
        return new ProtocolException(
                field.name() + " of " + message + " " + problem + " (before byte " + in.offset() + ")", cause);
    }

    /** False when there are not enough bytes; else the field is done, or what is in it lies on the stack. */
    private boolean read(Field field, Input in) throws BadValue {
        Shape shape = field.shape();
        if (shape instanceof Shape.Product product) {
            List<Field> parts = product.fields();
            for (int i = parts.size() - 1; i >= 0; i--) {
                push(parts.get(i), 1);
            }
        } else if (shape instanceof Shape.RowList list) {
            if (step == 0) {
                rowList.begin(messages.rows(collected.place(kind, list.effect())));
                step = 1;
            }
            if (!rowList.read(in)) {
                return false;
            }
        } else if (shape instanceof Shape.Whole whole) {
            if (!in.gather(whole.bytes())) {
                return false;
            }
            collected.set(whole.slot(), in.number(whole.bytes()));
        } else if (shape instanceof Shape.Wide wide) {
            if (!in.gather(wide.bytes())) {
                return false;
            }
            collected.set(wide.slot(), wide(in, wide.bytes()));
        } else if (shape instanceof Shape.Text text) {
            if (!readString(in)) {
                return false;
            }
            collected.set(text.slot(), text(in, (int) left));
        } else if (shape instanceof Shape.Bytes bytes) {
            if (!readString(in)) {
                return false;
            }
            collected.set(bytes.slot(), payload(in, (int) left));
        } else if (shape instanceof Shape.Embedded embedded) {
            if (!readString(in)) {
                return false;
            }
            collected.set(embedded.slot(), payload(in, (int) left));
        } else if (shape instanceof Shape.Repeated repeated) {
            if (!in.gather(4)) {
                return false;
            }
            push(repeated.element(), in.number(4));
        } else if (shape instanceof Shape.Optional optional) {
            if (!in.gather(1)) {
                return false;
            }
            int tag = tag(in, 2);
            if (tag == 0) {
                collected.set(optional.slot(), true);
                push(optional.some(), 1);
            }
        } else if (shape instanceof Shape.Choice choice) {
            if (!in.gather(1)) {
                return false;
            }
            int tag = tag(in, choice.variants().size());
            collected.set(choice.slot(), (long) tag);
            push(choice.variants().get(tag), 1);
        } else if (shape instanceof Shape.Squeezed squeezed) {
            if (!readSqueezed(squeezed, in)) {
                return false;
            }
        }
        current = null;
        return true;
    }

    private static int tag(Input in, int variants) throws BadValue {
        int tag = (int) in.number(1);
        if (tag >= variants) {
            throw new BadValue("has the unknown tag " + tag);
        }
        return tag;
    }

    /** A length and so many bytes, {@link #left} of them gathered. */
    private boolean readString(Input in) throws BadValue {
        if (step == 0) {
            if (!in.gather(4)) {
                return false;
            }
            left = in.number(4);
            if (left > limits.textBytes()) {
                throw new BadValue("announces " + left + " bytes, more than the " + limits.textBytes()
                        + " of the limit textBytes");
            }
            step = 1;
        }
        return in.gather((int) left);
    }

    private String text(Input in, int length) throws BadValue {
        try {
            return utf8.decode(ByteBuffer.wrap(in.got, in.gotAt, length)).toString();
        } catch (CharacterCodingException e) {
            throw new BadValue("is not UTF-8");
        }
    }

    private static Payload payload(Input in, int length) {
        return Payload.owned(Arrays.copyOfRange(in.got, in.gotAt, in.gotAt + length));
    }

    private static BigInteger wide(Input in, int count) {
        byte[] bigEndian = new byte[count];
        for (int i = 0; i < count; i++) {
            bigEndian[i] = in.got[in.gotAt + count - 1 - i];
        }
        return new BigInteger(1, bigEndian);
    }

    private boolean readSqueezed(Shape.Squeezed squeezed, Input in) throws BadValue {
        if (step == 0) {
            if (!in.gather(1)) {
                return false;
            }
            int tag = tag(in, 3);
            if (tag == Compression.NONE) {
                push(squeezed.plain(), 1);
                return true;
            }
            expander = Compression.expander(tag, meter, new Part(squeezed.plain()));
            step = 1;
        }
        if (step == 1) {
            if (!in.gather(4)) {
                return false;
            }
            left = in.number(4);
            step = 2;
        }
        if (expander == null) {
            throw new IllegalStateException("nothing expands this part");
        }
        int count = (int) Math.min(left, in.available());
        expander.feed(in.bytes, in.at, in.at + count);
        in.at += count;
        left -= count;
        if (left > 0) {
            return false;
        }
        expander.end();
        expander = null;
        return true;
    }

    /** A part that was compressed by itself: a walk of its own with the same listener. */
    private final class Part implements Stage {

        private final Input input = new Input();
        private final BsatnWalker walker = new BsatnWalker(limits, meter, collected, messages);
        private boolean whole;

        Part(Field plain) {
            walker.begin(message, kind, plain);
        }

        @Override
        public void feed(byte[] bytes, int from, int to) {
            input.piece(bytes, from, to);
            whole = walker.read(input);
            if (whole && input.available() > 0) {
                throw new ProtocolException(
                        message + " has left-over bytes in a compressed update after byte " + input.offset());
            }
        }

        @Override
        public void end() {
            if (!whole) {
                throw walker.cutOff(input);
            }
        }
    }
}
