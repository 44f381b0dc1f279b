package dev.tributary.spacetimedb.types;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The floating point numbers, bit for bit: {@code -0.0} is not {@code 0.0}, and NaN equals the NaN of the same bits. In
 * rows of JSON the server writes NaN and both infinities as null; all three become NaN, since nothing else is known.
 */
enum Real implements Leaf {
    F32(Integer.BYTES, Float.class),
    F64(Long.BYTES, Double.class);

    private final int size;
    private final Class<?> javaType;
    private final String word = name().toLowerCase(Locale.ROOT);

    Real(int size, Class<?> javaType) {
        this.size = size;
        this.javaType = javaType;
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
        if (this == F32) {
            return Float.intBitsToFloat(in.i32());
        }
        return Double.longBitsToDouble(in.i64());
    }

    @Override
    public void encode(@Nullable Object value, BsatnWriter out, int levelsLeft) {
        if (this == F32 && value instanceof Float single) {
            out.i32(Float.floatToRawIntBits(single));
        } else if (value instanceof Double || value instanceof Float) {
            write(((Number) value).doubleValue(), value, out);
        } else if (value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte
                || value instanceof BigInteger) {
            BigInteger whole = new BigInteger(value.toString());
            double number = whole.doubleValue();
            if (Double.isInfinite(number) || new BigDecimal(number).compareTo(new BigDecimal(whole)) != 0) {
                throw inexact(value);
            }
            write(number, value, out);
        } else {
            throw AlgebraicType.unfit(javaType.getSimpleName(), value);
        }
    }

    private void write(double number, Object given, BsatnWriter out) {
        if (this == F64) {
            out.i64(Double.doubleToRawLongBits(number));
        } else if ((double) (float) number == number || Double.isNaN(number)) {
            out.i32(Float.floatToRawIntBits((float) number));
        } else {
            throw inexact(given);
        }
    }

    private IllegalArgumentException inexact(Object value) {
        return new IllegalArgumentException("expected " + javaType.getSimpleName() + ", got "
                + JsonSource.shortened(value.toString()) + ", which it cannot hold exactly");
    }

    @Override
    public void fromJson(JsonSource in, BsatnWriter out, int levelsLeft) throws IOException {
        JsonToken token = in.token();
        if (token == JsonToken.VALUE_NUMBER_FLOAT || token == JsonToken.VALUE_NUMBER_INT) {
            // From the digits: by way of a double a float may be rounded twice.
            String digits = in.parser().getText();
            if (this == F32) {
                out.i32(Float.floatToRawIntBits(Float.parseFloat(digits)));
            } else {
                out.i64(Double.doubleToRawLongBits(Double.parseDouble(digits)));
            }
        } else if (token == JsonToken.VALUE_NULL && in.fromServer()) {
            if (this == F32) {
                out.i32(Float.floatToIntBits(Float.NaN));
            } else {
                out.i64(Double.doubleToLongBits(Double.NaN));
            }
        } else {
            throw in.unfit("a number");
        }
    }

    @Override
    public void toJson(BsatnReader in, JsonGenerator out, int levelsLeft) throws IOException {
        Object value = decode(in, levelsLeft);
        double number = ((Number) value).doubleValue();
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            throw new IllegalArgumentException("JSON has no " + value);
        }
        if (value instanceof Float single) {
            out.writeNumber(single);
        } else {
            out.writeNumber(number);
        }
    }

    @Override
    public void name(TypeName.Writer out) {
        out.word(word);
    }
}
