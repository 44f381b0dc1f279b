package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.model.RustJson;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Array;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Field;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Product;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Scalar;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Sum;
import java.math.BigInteger;
import java.util.HexFormat;

/**
 * Bytes to JSON by their type, in one of the two forms of rows: the stored one has objects with the names of fields, the
 * computed one arrays.
 */
final class RowJson {

    private final Typespace types;
    private final BsatnReader in;
    private final StringBuilder out;

    private RowJson(Typespace types, BsatnReader in, StringBuilder out) {
        this.types = types;
        this.in = in;
        this.out = out;
    }

    static String text(Typespace types, SpacetimeType type, byte[] bytes, boolean stored) {
        StringBuilder out = new StringBuilder();
        try {
            new RowJson(types, new BsatnReader(bytes), out).write(type, stored);
        } catch (BsatnException e) {
            throw new IllegalStateException("a value of the model cannot be read", e);
        }
        return out.toString();
    }

    /** A 256-bit number: hex without leading zeros. */
    static String hex(BigInteger value) {
        return value.signum() < 0 ? "-0x" + value.negate().toString(16) : "0x" + value.toString(16);
    }

    private void write(SpacetimeType declared, boolean stored) throws BsatnException {
        SpacetimeType type = types.resolve(declared);
        if (type instanceof Scalar scalar) {
            scalar(scalar);
        } else if (type instanceof Array array) {
            array(array);
        } else if (type instanceof Product product) {
            product(product, stored);
        } else if (type instanceof Sum sum) {
            int tag = in.u8("tag");
            out.append('[').append(tag).append(',');
            write(sum.variants().get(tag).type(), stored);
            out.append(']');
        }
    }

    /** Whatever the form of the row, elements are written in the computed one. */
    private void array(Array array) throws BsatnException {
        if (array.isBytes()) {
            out.append('"').append(HexFormat.of().formatHex(in.bytes("[u8]"))).append('"');
            return;
        }
        long count = in.u32("array");
        out.append('[');
        for (long i = 0; i < count; i++) {
            if (i > 0) {
                out.append(',');
            }
            write(array.element(), false);
        }
        out.append(']');
    }

    private void product(Product product, boolean stored) throws BsatnException {
        out.append(stored ? '{' : '[');
        boolean first = true;
        for (Field field : product.fields()) {
            if (!first) {
                out.append(',');
            }
            first = false;
            if (stored) {
                RustJson.quote(String.valueOf(field.name()), out);
                out.append(':');
            }
            write(field.type(), stored);
        }
        out.append(stored ? '}' : ']');
    }

    private void scalar(Scalar scalar) throws BsatnException {
        String name = scalar.plainName();
        switch (scalar) {
            case BOOL -> out.append(in.u8(name) == 1);
            case STRING -> RustJson.quote(in.string(name), out);
            case F32 -> out.append(RustJson.number(Float.intBitsToFloat((int) in.unsigned(4, name))));
            case F64 -> out.append(RustJson.number(Double.longBitsToDouble(in.i64(name))));
            case U256, I256 ->
                out.append('"')
                        .append(hex(in.integer(32, scalar.isSigned(), name)))
                        .append('"');
            default -> out.append(in.integer(scalar.size(), scalar.isSigned(), name));
        }
    }
}
