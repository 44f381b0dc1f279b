package dev.tributary.spacetimedb.types;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The place where a recursive type comes back to itself. Its target is set once, while the schema is read; until then
 * nothing else is asked of it.
 */
final class Ref implements AlgebraicType {

    private @Nullable AlgebraicType target;

    void bind(AlgebraicType type) {
        target = type;
    }

    AlgebraicType target() {
        if (target == null) {
            throw new IllegalStateException("a type is used while its schema is read");
        }
        return target;
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
        return 1;
    }

    @Override
    public Class<?> javaType() {
        return Object.class;
    }

    @Override
    public void skip(BsatnReader in, int levelsLeft) {
        target().skip(in, AlgebraicType.deeper(levelsLeft));
    }

    @Override
    public @Nullable Object decode(BsatnReader in, int levelsLeft) {
        return target().decode(in, AlgebraicType.deeper(levelsLeft));
    }

    @Override
    public void encode(@Nullable Object value, BsatnWriter out, int levelsLeft) {
        target().encode(value, out, AlgebraicType.deeper(levelsLeft));
    }

    @Override
    public void fromJson(JsonSource in, BsatnWriter out, int levelsLeft) throws IOException {
        target().fromJson(in, out, AlgebraicType.deeper(levelsLeft));
    }

    @Override
    public void toJson(BsatnReader in, JsonGenerator out, int levelsLeft) throws IOException {
        target().toJson(in, out, AlgebraicType.deeper(levelsLeft));
    }

    @Override
    public void name(TypeName.Writer out) {
        out.type(target());
    }
}
