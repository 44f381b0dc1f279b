package dev.tributary.spacetimedb.types;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** An array of {@code u8}: a {@code byte[]}, and hexadecimal digits in JSON. */
enum Bytes implements Leaf {
    /** The only one. */
    BYTES;

    @Override
    public int size() {
        return VARIABLE;
    }

    @Override
    public boolean isAnyBytes() {
        return false;
    }

    @Override
    public Class<?> javaType() {
        return byte[].class;
    }

    @Override
    public void skip(BsatnReader in, int levelsLeft) {
        in.take(in.i32());
    }

    @Override
    public Object decode(BsatnReader in, int levelsLeft) {
        int length = in.i32();
        int from = in.take(length);
        return Arrays.copyOfRange(in.bytes(), from, from + length);
    }

    @Override
    public void encode(@Nullable Object value, BsatnWriter out, int levelsLeft) {
        if (!(value instanceof byte[] bytes)) {
            throw AlgebraicType.unfit("byte[]", value);
        }
        out.i32(bytes.length);
        out.raw(bytes, 0, bytes.length);
    }

    @Override
    public void fromJson(JsonSource in, BsatnWriter out, int levelsLeft) throws IOException {
        if (in.token() == JsonToken.START_ARRAY && !in.fromServer()) {
            numbers(in, out);
            return;
        }
        if (in.token() != JsonToken.VALUE_STRING || in.parser().getTextLength() % 2 != 0) {
            throw in.unfit("an even number of hexadecimal digits");
        }
        char[] digits = in.parser().getTextCharacters();
        int from = in.parser().getTextOffset();
        int length = in.parser().getTextLength() / 2;
        out.i32(length);
        for (int i = 0; i < length; i++) {
            int high = digit(digits[from + 2 * i]);
            int low = digit(digits[from + 2 * i + 1]);
            if (high < 0 || low < 0) {
                throw in.unfit("hexadecimal digits");
            }
            out.u8(high << 4 | low);
        }
    }

    private static int digit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    private static void numbers(JsonSource in, BsatnWriter out) throws IOException {
        int countAt = out.i32Later();
        int count = 0;
        while (in.next() != JsonToken.END_ARRAY) {
            WholeNumber.U8.fromJson(in, out, 0);
            count++;
        }
        out.setI32(countAt, count);
    }

    @Override
    public void toJson(BsatnReader in, JsonGenerator out, int levelsLeft) throws IOException {
        int length = in.i32();
        int from = in.take(length);
        out.writeString(HexFormat.of().formatHex(in.bytes(), from, from + length));
    }

    @Override
    public void name(TypeName.Writer out) {
        out.word("bytes");
    }
}
