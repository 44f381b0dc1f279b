package dev.tributary.spacetimedb.types;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import dev.tributary.spacetimedb.Sum;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Something or nothing: tag 0 and a value, or tag 1. The value or null; but of an option within an option {@code
 * Sum("some", …)} or null, since two kinds of nothing cannot both be null.
 */
final class OptionOf implements AlgebraicType {

    static final int SOME = 0;
    static final int NONE = 1;

    private final AlgebraicType payload;
    private final int levels;

    OptionOf(AlgebraicType payload) {
        this.payload = payload;
        this.levels = payload.levels() + 1;
    }

    private boolean isNested() {
        return payload instanceof OptionOf || (payload instanceof Ref ref && ref.target() instanceof OptionOf);
    }

    @Override
    public int size() {
        return VARIABLE;
    }

    @Override
    public boolean isAnyBytes() {
        return false;
    }

    @Override
    public int levels() {
        return levels;
    }

    @Override
    public Class<?> javaType() {
        return isNested() ? Sum.class : payload.javaType();
    }

    private static boolean isSome(BsatnReader in) {
        int tag = in.u8();
        if (tag > NONE) {
            throw new IllegalArgumentException("expected an option of tag 0 or 1, got " + tag + in.place());
        }
        return tag == SOME;
    }

    @Override
    public void skip(BsatnReader in, int levelsLeft) {
        int deeper = AlgebraicType.deeper(levelsLeft);
        if (isSome(in)) {
            payload.skip(in, deeper);
        }
    }

    @Override
    public @Nullable Object decode(BsatnReader in, int levelsLeft) {
        int deeper = AlgebraicType.deeper(levelsLeft);
        if (!isSome(in)) {
            return null;
        }
        Object value = payload.decode(in, deeper);
        return isNested() ? new Sum("some", value) : value;
    }

    @Override
    public void encode(@Nullable Object value, BsatnWriter out, int levelsLeft) {
        int deeper = AlgebraicType.deeper(levelsLeft);
        if (value == null) {
            out.u8(NONE);
            return;
        }
        out.u8(SOME);
        if (!isNested()) {
            payload.encode(value, out, deeper);
        } else if (value instanceof Sum sum && sum.variant().equals("some")) {
            payload.encode(sum.value(), out, deeper);
        } else {
            throw AlgebraicType.unfit("Sum(\"some\", …) or null for an option of an option", value);
        }
    }

    @Override
    public void fromJson(JsonSource in, BsatnWriter out, int levelsLeft) throws IOException {
        int deeper = AlgebraicType.deeper(levelsLeft);
        if (in.token() == JsonToken.VALUE_NULL && !in.fromServer()) {
            out.u8(NONE);
            return;
        }
        SumOf.fromJson(
                in, OptionOf::tagOf, tag -> tag == SOME ? payload : tag == NONE ? Product.UNIT : null, out, deeper);
    }

    private static int tagOf(String name) {
        return name.equals("some") ? SOME : name.equals("none") ? NONE : -1;
    }

    @Override
    public void toJson(BsatnReader in, JsonGenerator out, int levelsLeft) throws IOException {
        int deeper = AlgebraicType.deeper(levelsLeft);
        boolean some = isSome(in);
        out.writeStartArray();
        out.writeNumber(some ? SOME : NONE);
        (some ? payload : Product.UNIT).toJson(in, out, deeper);
        out.writeEndArray();
    }

    @Override
    public void name(TypeName.Writer out) {
        out.word("option<");
        out.type(payload);
        out.word(">");
    }
}
