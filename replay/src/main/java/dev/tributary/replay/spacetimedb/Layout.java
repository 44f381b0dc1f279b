package dev.tributary.replay.spacetimedb;

import dev.tributary.replay.recording.Json;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a part of a server message lies in BSATN: read into a tree such as {@link Json} makes of {@code v1.json}, and
 * written again. Integers are unsigned, which the numbers of requests and query sets are. What nobody looks into stays
 * bytes.
 */
sealed interface Layout {

    @Nullable
    Object read(ByteBuffer in) throws UnreadableException;

    /** Writes what {@link #read} made, or what was put in its place. */
    void write(@Nullable Object value, ByteArrayOutputStream out);

    /** An integer. */
    static Layout integer(int bytes) {
        return new Whole(bytes);
    }

    /** The fields of a product: names and their layouts, by turns. */
    static Layout fields(Object... namesAndLayouts) {
        return new Fields(named(namesAndLayouts));
    }

    /** The variants of a sum: names and their layouts, by turns. */
    static Layout variants(Object... namesAndLayouts) {
        return new Variants(named(namesAndLayouts));
    }

    /** Something or nothing, as {@code v1.json} has it. */
    static Layout option(Layout some) {
        return variants("some", some, "none", fields());
    }

    private static Map<String, Layout> named(Object... namesAndLayouts) {
        Map<String, Layout> all = new LinkedHashMap<>();
        for (int i = 0; i < namesAndLayouts.length; i += 2) {
            all.put((String) namesAndLayouts[i], (Layout) namesAndLayouts[i + 1]);
        }
        return all;
    }

    private static byte[] take(ByteBuffer in, BigInteger length) throws UnreadableException {
        if (length.compareTo(BigInteger.valueOf(in.remaining())) > 0) {
            throw new UnreadableException("it ends within a value of " + length + " bytes");
        }
        byte[] bytes = new byte[length.intValue()];
        in.get(bytes);
        return bytes;
    }

    private static BigInteger unsigned(ByteBuffer in, int bytes) throws UnreadableException {
        byte[] little = take(in, BigInteger.valueOf(bytes));
        byte[] big = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            big[bytes - 1 - i] = little[i];
        }
        return new BigInteger(1, big);
    }

    private static void unsigned(BigInteger value, int bytes, ByteArrayOutputStream out) {
        for (int i = 0; i < bytes; i++) {
            out.write(value.shiftRight(i * Byte.SIZE).intValue());
        }
    }

    private static void sized(byte[] bytes, ByteArrayOutputStream out) {
        unsigned(BigInteger.valueOf(bytes.length), Integer.BYTES, out);
        out.writeBytes(bytes);
    }

    /** See {@link #integer}. */
    record Whole(int bytes) implements Layout {

        @Override
        public Object read(ByteBuffer in) throws UnreadableException {
            return new BigDecimal(unsigned(in, bytes));
        }

        @Override
        public void write(@Nullable Object value, ByteArrayOutputStream out) {
            unsigned(value instanceof BigDecimal number ? number.toBigInteger() : BigInteger.ZERO, bytes, out);
        }
    }

    /** A text. */
    record Text() implements Layout {

        @Override
        public Object read(ByteBuffer in) throws UnreadableException {
            try {
                return StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(take(in, unsigned(in, Integer.BYTES))))
                        .toString();
            } catch (CharacterCodingException e) {
                throw new UnreadableException("no UTF-8");
            }
        }

        @Override
        public void write(@Nullable Object value, ByteArrayOutputStream out) {
            sized(String.valueOf(value).getBytes(StandardCharsets.UTF_8), out);
        }
    }

    /** Bytes behind their length, as hexadecimal digits. */
    record Octets() implements Layout {

        @Override
        public Object read(ByteBuffer in) throws UnreadableException {
            return HexFormat.of().formatHex(take(in, unsigned(in, Integer.BYTES)));
        }

        @Override
        public void write(@Nullable Object value, ByteArrayOutputStream out) {
            sized(HexFormat.of().parseHex(String.valueOf(value)), out);
        }
    }

    /** A list of rows: a hint of where each begins, and their bytes. Nobody looks into it. */
    record Rows() implements Layout {

        @Override
        public Object read(ByteBuffer in) throws UnreadableException {
            int from = in.position();
            BigInteger hint = unsigned(in, 1);
            take(
                    in,
                    hint.signum() == 0
                            ? BigInteger.TWO
                            : unsigned(in, Integer.BYTES).multiply(BigInteger.valueOf(Long.BYTES)));
            take(in, unsigned(in, Integer.BYTES));
            byte[] all = new byte[in.position() - from];
            in.get(from, all);
            return all;
        }

        @Override
        public void write(@Nullable Object value, ByteArrayOutputStream out) {
            out.writeBytes((byte[]) Objects.requireNonNull(value));
        }
    }

    /** An array. */
    record Elements(Layout element) implements Layout {

        @Override
        public Object read(ByteBuffer in) throws UnreadableException {
            long count = unsigned(in, Integer.BYTES).longValue();
            List<@Nullable Object> elements = new ArrayList<>();
            for (long i = 0; i < count; i++) {
                elements.add(element.read(in));
            }
            return elements;
        }

        @Override
        public void write(@Nullable Object value, ByteArrayOutputStream out) {
            List<@Nullable Object> elements = Json.elements(value);
            unsigned(BigInteger.valueOf(elements.size()), Integer.BYTES, out);
            elements.forEach(each -> element.write(each, out));
        }
    }

    /** See {@link #fields}. */
    record Fields(Map<String, Layout> fields) implements Layout {

        @Override
        public Object read(ByteBuffer in) throws UnreadableException {
            Map<String, @Nullable Object> members = new LinkedHashMap<>();
            for (Map.Entry<String, Layout> field : fields.entrySet()) {
                members.put(field.getKey(), field.getValue().read(in));
            }
            return members;
        }

        @Override
        public void write(@Nullable Object value, ByteArrayOutputStream out) {
            Map<String, @Nullable Object> members = Json.members(value);
            fields.forEach((name, layout) -> layout.write(members.get(name), out));
        }
    }

    /** See {@link #variants}. */
    record Variants(Map<String, Layout> variants) implements Layout {

        @Override
        public Object read(ByteBuffer in) throws UnreadableException {
            int tag = unsigned(in, 1).intValue();
            if (tag >= variants.size()) {
                throw new UnreadableException("the unknown variant " + tag);
            }
            String name = List.copyOf(variants.keySet()).get(tag);
            Map<String, @Nullable Object> sum = new LinkedHashMap<>();
            sum.put(name, named(name).read(in));
            return sum;
        }

        @Override
        public void write(@Nullable Object value, ByteArrayOutputStream out) {
            Json.members(value).forEach((name, payload) -> {
                out.write(List.copyOf(variants.keySet()).indexOf(name));
                named(name).write(payload, out);
            });
        }

        private Layout named(String name) {
            return Objects.requireNonNull(variants.get(name), name);
        }
    }
}
