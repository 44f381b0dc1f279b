package dev.tributary.spacetimedb.types;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A truth value: one byte, 0 or 1. */
enum Bool implements Leaf {
    /** The only one. */
    BOOL;

    private static boolean read(BsatnReader in) {
        int value = in.u8();
        if (value > 1) {
            throw new IllegalArgumentException("expected a bool of 0 or 1, got " + value + in.place());
        }
        return value == 1;
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public boolean isAnyBytes() {
        return false;
    }

    @Override
    public Class<?> javaType() {
        return Boolean.class;
    }

    @Override
    public void skip(BsatnReader in, int levelsLeft) {
        read(in);
    }

    @Override
    public Object decode(BsatnReader in, int levelsLeft) {
        return read(in);
    }

    @Override
    public void encode(@Nullable Object value, BsatnWriter out, int levelsLeft) {
        if (!(value instanceof Boolean truth)) {
            throw AlgebraicType.unfit("Boolean", value);
        }
        out.u8(truth ? 1 : 0);
    }

    @Override
    public void fromJson(JsonSource in, BsatnWriter out, int levelsLeft) throws IOException {
        JsonToken token = in.token();
        if (!token.isBoolean()) {
            throw in.unfit("true or false");
        }
        out.u8(token == JsonToken.VALUE_TRUE ? 1 : 0);
    }

    @Override
    public void toJson(BsatnReader in, JsonGenerator out, int levelsLeft) throws IOException {
        out.writeBoolean(read(in));
    }

    @Override
    public void name(TypeName.Writer out) {
        out.word("bool");
    }
}
