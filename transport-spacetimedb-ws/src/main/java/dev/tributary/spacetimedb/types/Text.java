package dev.tributary.spacetimedb.types;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A text: its length in bytes, and UTF-8. */
enum Text implements Leaf {
    /** The only one. */
    STRING;

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
        return String.class;
    }

    @Override
    public void skip(BsatnReader in, int levelsLeft) {
        int length = in.i32();
        int from = in.take(length);
        int wrong = Utf8.firstWrong(in.bytes(), from, from + length);
        if (wrong >= 0) {
            throw new IllegalArgumentException(
                    "invalid UTF-8 at byte " + (wrong - from) + " of a text that ends" + in.place());
        }
    }

    @Override
    public Object decode(BsatnReader in, int levelsLeft) {
        int start = in.at() + Integer.BYTES;
        skip(in, levelsLeft);
        return new String(in.bytes(), start, in.at() - start, StandardCharsets.UTF_8);
    }

    @Override
    public void encode(@Nullable Object value, BsatnWriter out, int levelsLeft) {
        if (!(value instanceof CharSequence text)) {
            throw AlgebraicType.unfit("String", value);
        }
        char[] chars = text.toString().toCharArray();
        out.text(chars, 0, chars.length);
    }

    @Override
    public void fromJson(JsonSource in, BsatnWriter out, int levelsLeft) throws IOException {
        if (in.token() != JsonToken.VALUE_STRING) {
            throw in.unfit("a text");
        }
        out.text(
                in.parser().getTextCharacters(),
                in.parser().getTextOffset(),
                in.parser().getTextLength());
    }

    @Override
    public void toJson(BsatnReader in, JsonGenerator out, int levelsLeft) throws IOException {
        out.writeString((String) decode(in, levelsLeft));
    }

    @Override
    public void name(TypeName.Writer out) {
        out.word("string");
    }
}
