package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.spacetimedb.SpacetimeType.Array;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Product;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Scalar;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Sum;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** Java values to bytes, by their type. */
final class ValueWriter {

    private final Typespace types;
    private final BsatnWriter out;

    ValueWriter(Typespace types, BsatnWriter out) {
        this.types = types;
        this.out = out;
    }

    static byte[] bytes(Typespace types, SpacetimeType type, Object value) {
        BsatnWriter out = new BsatnWriter();
        new ValueWriter(types, out).write(type, value);
        return out.toBytes();
    }

    void write(SpacetimeType declared, Object value) {
        SpacetimeType type = types.resolve(declared);
        if (type instanceof Scalar scalar) {
            scalar(scalar, value);
        } else if (type instanceof Array array) {
            if (array.isBytes() && value instanceof byte[] bytes) {
                out.bytes(bytes);
            } else {
                List<?> items = (List<?>) value;
                out.u32(items.size());
                items.forEach(item -> write(array.element(), item));
            }
        } else if (type instanceof Product product) {
            if (product.isWrapper()) {
                write(product.fields().get(0).type(), value);
            } else {
                fields(product, (List<?>) value);
            }
        } else if (type instanceof Sum sum) {
            sum(sum, value);
        }
    }

    void fields(Product product, List<?> values) {
        if (values.size() != product.fields().size()) {
            throw new IllegalArgumentException(
                    values.size() + " values for " + product.fields().size() + " fields");
        }
        for (int i = 0; i < values.size(); i++) {
            write(product.fields().get(i).type(), values.get(i));
        }
    }

    private void sum(Sum sum, Object value) {
        if (sum.isOption() && value instanceof Optional<?> option) {
            if (option.isPresent()) {
                out.u8(0);
                write(sum.variants().get(0).type(), option.get());
            } else {
                out.u8(1);
            }
            return;
        }
        SumValue chosen = (SumValue) value;
        out.u8(chosen.tag());
        write(sum.variants().get(chosen.tag()).type(), chosen.value());
    }

    private void scalar(Scalar scalar, Object value) {
        switch (scalar) {
            case BOOL -> out.u8((Boolean) value ? 1 : 0);
            case STRING -> out.string((String) value);
            case F32 -> out.u32(Float.floatToRawIntBits(((Number) value).floatValue()));
            case F64 -> out.u64(Double.doubleToRawLongBits(((Number) value).doubleValue()));
            default -> {
                if (scalar.size() <= 8 && !(value instanceof BigInteger)) {
                    long number = ((Number) value).longValue();
                    for (int i = 0; i < scalar.size(); i++) {
                        out.u8((int) (number >> 8 * i));
                    }
                } else {
                    out.integer(
                            value instanceof BigInteger big
                                    ? big
                                    : new BigDecimal(value.toString()).toBigIntegerExact(),
                            scalar.size());
                }
            }
        }
    }
}
