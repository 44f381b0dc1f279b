package dev.tributary.spacetimedb.types;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The integers. Up to 32 bits with a sign and 16 without they are an {@code Integer}, up to 64 a {@code Long} ({@code
 * u64}: from 2^63 on a {@code BigInteger}), beyond a {@code BigInteger}.
 */
enum WholeNumber implements Leaf {
    I8(1, true, Integer.class),
    U8(1, false, Integer.class),
    I16(2, true, Integer.class),
    U16(2, false, Integer.class),
    I32(4, true, Integer.class),
    U32(4, false, Long.class),
    I64(8, true, Long.class),
    U64(8, false, Long.class),
    I128(16, true, BigInteger.class),
    U128(16, false, BigInteger.class),
    I256(32, true, BigInteger.class),
    U256(32, false, BigInteger.class);

    private static final int WIDEST_JSON_NUMBER = 16;
    /** With sign and leading zeros; a longer text is no number worth reading. */
    private static final int MOST_DIGITS = 1_000;

    private final int size;
    private final boolean signed;
    private final Class<?> javaType;
    private final BigInteger least;
    private final BigInteger most;
    private final String word = name().toLowerCase(Locale.ROOT);

    WholeNumber(int size, boolean signed, Class<?> javaType) {
        this.size = size;
        this.signed = signed;
        this.javaType = javaType;
        BigInteger values = BigInteger.ONE.shiftLeft(size * Byte.SIZE);
        this.least = signed ? values.shiftRight(1).negate() : BigInteger.ZERO;
        this.most = (signed ? values.shiftRight(1) : values).subtract(BigInteger.ONE);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean isAnyBytes() {
        return true;
    }

    @Override
    public Class<?> javaType() {
        return javaType;
    }

    @Override
    public void skip(BsatnReader in, int levelsLeft) {
        in.take(size);
    }

    @Override
    public Object decode(BsatnReader in, int levelsLeft) {
        return switch (this) {
            case I8 -> (int) (byte) in.u8();
            case U8 -> in.u8();
            case I16 -> (int) in.i16();
            case U16 -> in.i16() & 0xffff;
            case I32 -> in.i32();
            case U32 -> in.i32() & 0xffffffffL;
            case I64 -> in.i64();
            case U64 -> unsigned(in.i64());
            case I128, U128, I256, U256 -> in.big(size, signed);
        };
    }

    private static Object unsigned(long bits) {
        if (bits >= 0) {
            return bits;
        }
        return BigInteger.valueOf(bits & Long.MAX_VALUE).setBit(Long.SIZE - 1);
    }

    @Override
    public void encode(@Nullable Object value, BsatnWriter out, int levelsLeft) {
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            write(((Number) value).longValue(), out);
        } else if (value instanceof BigInteger big) {
            write(big, out);
        } else {
            throw AlgebraicType.unfit("an integer", value);
        }
    }

    /** Writes a number in range. */
    void write(long value, BsatnWriter out) {
        if (!fits(value)) {
            throw outOfRange(Long.toString(value));
        }
        switch (size) {
            case 1 -> out.u8((int) value);
            case 2 -> out.i16((int) value);
            case 4 -> out.i32((int) value);
            case 8 -> out.i64(value);
            default -> {
                out.i64(value);
                long sign = value >> (Long.SIZE - 1);
                for (int i = Long.BYTES; i < size; i += Long.BYTES) {
                    out.i64(sign);
                }
            }
        }
    }

    private boolean fits(long value) {
        if (!signed && value < 0) {
            return false;
        }
        int bits = size * Byte.SIZE;
        if (bits >= Long.SIZE) {
            return true;
        }
        return signed ? value >> (bits - 1) == value >> (Long.SIZE - 1) : value >>> bits == 0;
    }

    /** Writes a number in range. */
    void write(BigInteger value, BsatnWriter out) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw outOfRange(JsonSource.shortened(value.toString()));
        }
        out.big(value, size);
    }

    private IllegalArgumentException outOfRange(String value) {
        return new IllegalArgumentException("expected " + word + " (" + range() + "), got " + value);
    }

    private String range() {
        int bits = size * Byte.SIZE;
        return bits < Long.SIZE
                ? "from " + least + " to " + most
                : signed ? "from -2^" + (bits - 1) + " to 2^" + (bits - 1) + "-1" : "from 0 to 2^" + bits + "-1";
    }

    @Override
    public void fromJson(JsonSource in, BsatnWriter out, int levelsLeft) throws IOException {
        if (size > WIDEST_JSON_NUMBER) {
            if (in.token() != JsonToken.VALUE_STRING) {
                throw in.unfit("a text with 0x and digits");
            }
            write(hex(in), out);
            return;
        }
        if (in.token() != JsonToken.VALUE_NUMBER_INT) {
            throw in.unfit("an integer");
        }
        switch (in.parser().getNumberType()) {
            case INT, LONG -> write(in.parser().getLongValue(), out);
            default -> write(in.parser().getBigIntegerValue(), out);
        }
    }

    private static BigInteger hex(JsonSource in) throws IOException {
        String text = in.parser().getText();
        boolean negative = text.startsWith("-");
        int digits = negative ? 3 : 2;
        if (text.length() <= digits || text.length() > MOST_DIGITS || !text.startsWith("0x", digits - 2)) {
            throw in.unfit("0x and digits");
        }
        for (int i = digits; i < text.length(); i++) {
            if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) >= 0x80) {
                throw in.unfit("0x and digits");
            }
        }
        BigInteger value = new BigInteger(text.substring(digits), 16);
        return negative ? value.negate() : value;
    }

    @Override
    public void toJson(BsatnReader in, JsonGenerator out, int levelsLeft) throws IOException {
        Object value = decode(in, levelsLeft);
        if (value instanceof BigInteger big && size > WIDEST_JSON_NUMBER) {
            out.writeString((big.signum() < 0 ? "-0x" : "0x") + big.abs().toString(16));
        } else if (value instanceof BigInteger big) {
            out.writeNumber(big);
        } else {
            out.writeNumber(((Number) value).longValue());
        }
    }

    @Override
    public void name(TypeName.Writer out) {
        out.word(word);
    }
}
