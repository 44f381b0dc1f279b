package dev.tributary.spacetimedb.types;

import java.util.List;

/** Types as they are spelled in a schema, with those that mean more recognised by their shape. */
final class Shapes {

    private Shapes() {}

    static AlgebraicType array(AlgebraicType element) {
        return element == WholeNumber.U8 ? Bytes.BYTES : new ArrayOf(element);
    }

    static AlgebraicType product(List<Product.Field> fields) {
        if (fields.isEmpty()) {
            return Product.UNIT;
        }
        Special special = fields.size() == 1
                ? Special.of(fields.get(0).name(), fields.get(0).type())
                : null;
        return special == null ? new Product(fields) : special;
    }

    static AlgebraicType sum(List<Product.Field> variants) {
        boolean isOption = variants.size() == 2
                && variants.get(0).name().equals("some")
                && variants.get(1).name().equals("none")
                && SumOf.isUnit(variants.get(1).type());
        return isOption ? new OptionOf(variants.get(0).type()) : new SumOf(variants);
    }
}
