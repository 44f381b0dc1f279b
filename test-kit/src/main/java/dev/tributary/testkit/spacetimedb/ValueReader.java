package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.spacetimedb.SpacetimeType.Array;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Product;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Scalar;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Sum;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Bytes to Java values, by their type. */
final class ValueReader {

    private final Typespace types;
    private final BsatnReader in;

    ValueReader(Typespace types, BsatnReader in) {
        this.types = types;
        this.in = in;
    }

    /** The fields of a row of the model's own. */
    static List<Object> row(Typespace types, Product product, byte[] row) {
        try {
            return new ValueReader(types, new BsatnReader(row)).fields(product);
        } catch (BsatnException e) {
            throw new IllegalStateException("a row of the model cannot be read", e);
        }
    }

    static Object value(Typespace types, SpacetimeType type, byte[] value) {
        try {
            return new ValueReader(types, new BsatnReader(value)).read(type);
        } catch (BsatnException e) {
            throw new IllegalStateException("a value of the model cannot be read", e);
        }
    }

    List<Object> fields(Product product) throws BsatnException {
        List<Object> values = new ArrayList<>(product.fields().size());
        for (SpacetimeType.Field field : product.fields()) {
            values.add(read(field.type()));
        }
        return values;
    }

    Object read(SpacetimeType declared) throws BsatnException {
        SpacetimeType type = types.resolve(declared);
        if (type instanceof Scalar scalar) {
            return scalar(scalar);
        }
        if (type instanceof Array array) {
            if (array.isBytes()) {
                return in.bytes("[u8]");
            }
            long count = in.u32("array");
            List<Object> items = new ArrayList<>();
            for (long i = 0; i < count; i++) {
                items.add(read(array.element()));
            }
            return items;
        }
        if (type instanceof Product product) {
            return product.isWrapper() ? read(product.fields().get(0).type()) : fields(product);
        }
        Sum sum = (Sum) type;
        int tag = in.u8("tag");
        if (tag >= sum.variants().size()) {
            throw new BsatnException("unknown tag 0x%02x for sum type <unknown>".formatted(tag));
        }
        Object value = read(sum.variants().get(tag).type());
        if (sum.isOption()) {
            return tag == 0 ? Optional.of(value) : Optional.empty();
        }
        return new SumValue(tag, value);
    }

    /** Steps over a value. */
    void skip(SpacetimeType declared) throws BsatnException {
        SpacetimeType type = types.resolve(declared);
        if (type instanceof Scalar scalar && scalar != Scalar.STRING) {
            in.skip(scalar.size(), scalar.plainName());
        } else if (type instanceof Scalar) {
            in.skip(in.length("string"), "string");
        } else if (type instanceof Array array && array.isBytes()) {
            in.skip(in.length("[u8]"), "[u8]");
        } else if (type instanceof Array array) {
            long count = in.u32("array");
            for (long i = 0; i < count; i++) {
                skip(array.element());
            }
        } else if (type instanceof Product product) {
            for (SpacetimeType.Field field : product.fields()) {
                skip(field.type());
            }
        } else if (type instanceof Sum sum) {
            skip(sum.variants().get(in.u8("tag")).type());
        }
    }

    private Object scalar(Scalar scalar) throws BsatnException {
        String name = scalar.plainName();
        return switch (scalar) {
            case BOOL -> {
                int value = in.u8(name);
                if (value > 1) {
                    throw new BsatnException("invalid bool byte 0x%02x".formatted(value));
                }
                yield value == 1;
            }
            case I8 -> (int) (byte) in.u8(name);
            case U8 -> in.u8(name);
            case I16 -> (int) (short) in.unsigned(2, name);
            case U16 -> (int) in.unsigned(2, name);
            case I32 -> (int) in.unsigned(4, name);
            case U32 -> in.unsigned(4, name);
            case I64 -> in.i64(name);
            case F32 -> Float.intBitsToFloat((int) in.unsigned(4, name));
            case F64 -> Double.longBitsToDouble(in.i64(name));
            case STRING -> in.string(name);
            default -> in.integer(scalar.size(), scalar.isSigned(), name);
        };
    }
}
