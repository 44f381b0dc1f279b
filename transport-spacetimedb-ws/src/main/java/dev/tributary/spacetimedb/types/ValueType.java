package dev.tributary.spacetimedb.types;

import dev.tributary.ColumnType;

/**
 * The type of a column: packed as BSATN. Nothing of an option is the null of the row, so its packed values all begin with
 * the tag of something.
 */
public final class ValueType implements ColumnType {

    private final AlgebraicType type;
    private final String name;

    ValueType(AlgebraicType type) {
        this.type = type;
        this.name = TypeName.of(type);
    }

    /**
     * The type of this name, as {@link #name} gave it: for saved views.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static ValueType named(String name) {
        return new ValueType(TypeName.parse(name));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Object decode(byte[] bytes, int offset, int length) {
        BsatnReader in = new BsatnReader();
        in.reset(bytes, offset, length);
        Object value = type.decode(in, AlgebraicType.MOST_LEVELS);
        in.checkEnd();
        if (value == null) {
            throw new IllegalArgumentException("nothing of an option is not packed");
        }
        return value;
    }

    @Override
    public byte[] encode(Object value) {
        BsatnWriter out = new BsatnWriter();
        type.encode(value, out, AlgebraicType.MOST_LEVELS);
        return out.toBytes();
    }

    @Override
    public Class<?> javaType() {
        return type.javaType();
    }

    @Override
    public String toString() {
        return name;
    }
}
