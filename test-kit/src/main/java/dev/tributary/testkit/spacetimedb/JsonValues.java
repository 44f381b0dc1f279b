package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.spacetimedb.JsonNode.Member;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Array;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Field;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Product;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Scalar;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Sum;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;

/**
 * JSON of a client to bytes by their type, as leniently as the server: objects by name or arrays by position for products,
 * sums by name or number, and no more than that.
 */
final class JsonValues {

    private final Typespace types;
    private final String text;
    private final BsatnWriter out;
    private String path = ".";

    private JsonValues(Typespace types, String text, BsatnWriter out) {
        this.types = types;
        this.text = text;
        this.out = out;
    }

    /** A value of any type. */
    static byte[] value(Typespace types, SpacetimeType type, String text) throws JsonException {
        BsatnWriter out = new BsatnWriter();
        new JsonValues(types, text, out).write(type, JsonText.parse(text));
        return out.toBytes();
    }

    /** The arguments of a function, whose error texts name the path to the fault first. */
    static byte[] arguments(Typespace types, String function, Product parameters, String text) throws JsonException {
        BsatnWriter out = new BsatnWriter();
        JsonValues values = new JsonValues(types, text, out);
        try {
            values.product(
                    parameters,
                    JsonText.parse(text),
                    "reducer args for " + function + " with "
                            + parameters.fields().size() + " elements",
                    "reducer argument");
        } catch (JsonException e) {
            String at = values.path;
            throw new JsonException(at + ": invalid arguments for function " + function + ": " + at + ": " + at + ": "
                    + e.getMessage());
        }
        return out.toBytes();
    }

    private void write(SpacetimeType declared, JsonNode node) throws JsonException {
        SpacetimeType type = types.resolve(declared);
        if (type instanceof Scalar scalar) {
            scalar(scalar, node);
        } else if (type instanceof Array array) {
            array(array, node);
        } else if (type instanceof Product product) {
            product(product, node, "product type", "field");
        } else if (type instanceof Sum sum) {
            sum(sum, node);
        }
    }

    private void array(Array array, JsonNode node) throws JsonException {
        if (array.isBytes() && node instanceof JsonNode.Text hex) {
            try {
                out.bytes(HexFormat.of().parseHex(hex.value()));
            } catch (IllegalArgumentException e) {
                throw error("invalid hex string", node.end());
            }
            return;
        }
        if (!(node instanceof JsonNode.Arr items)) {
            throw mismatch(node, "array");
        }
        out.u32(items.items().size());
        String outer = path;
        for (int i = 0; i < items.items().size(); i++) {
            path = below(outer, "[" + i + "]");
            write(array.element(), items.items().get(i));
        }
        path = outer;
    }

    private void product(Product product, JsonNode node, String expected, String kind) throws JsonException {
        List<Field> fields = product.fields();
        String outer = path;
        if (node instanceof JsonNode.Arr array) {
            List<JsonNode> items = array.items();
            for (int i = 0; i < fields.size(); i++) {
                if (i == items.size()) {
                    throw error("invalid length " + i + ", expected " + expected, node.end());
                }
                path = below(outer, "[" + i + "]");
                write(fields.get(i).type(), items.get(i));
                path = outer;
            }
            if (items.size() > fields.size()) {
                throw error("trailing characters", items.get(fields.size()).start() + 1);
            }
        } else if (node instanceof JsonNode.Obj object) {
            JsonNode[] found = new JsonNode[fields.size()];
            for (Member member : object.members()) {
                int index = product.indexOf(member.name());
                path = below(outer, member.name());
                if (index < 0) {
                    throw error(
                            "unknown " + kind + " `" + member.name() + "`, expected " + names(fields),
                            member.nameEnd());
                }
                if (found[index] != null) {
                    throw error("duplicate " + kind + " `" + member.name() + "`", member.nameEnd());
                }
                found[index] = member.value();
            }
            for (int i = 0; i < found.length; i++) {
                String name = String.valueOf(fields.get(i).name());
                path = outer;
                if (found[i] == null) {
                    throw error("missing " + kind + " `" + name + "`", node.end());
                }
                path = below(outer, name);
                write(fields.get(i).type(), found[i]);
            }
            path = outer;
        } else {
            throw mismatch(node, expected);
        }
    }

    private static String names(List<Field> fields) {
        StringBuilder names = new StringBuilder(", ");
        fields.forEach(field -> names.append('`').append(field.name()).append('`'));
        return names.toString();
    }

    private void sum(Sum sum, JsonNode node) throws JsonException {
        if (sum.isOption() && node instanceof JsonNode.Null) {
            out.u8(1);
            return;
        }
        if (node instanceof JsonNode.Obj object && object.members().size() == 1) {
            Member member = object.members().get(0);
            int tag = tag(sum, member.name());
            if (tag < 0) {
                throw error(
                        "unknown variant `" + member.name() + "`, expected " + names(sum.variants()), member.nameEnd());
            }
            variant(sum, tag, member.value());
        } else if (node instanceof JsonNode.Arr array && array.items().size() == 2) {
            JsonNode first = array.items().get(0);
            String name = first instanceof JsonNode.Text word
                    ? word.value()
                    : first instanceof JsonNode.Num number ? number.text() : "";
            int tag = tag(sum, name);
            if (tag < 0) {
                throw error("unknown variant `" + name + "`, expected " + names(sum.variants()), first.end());
            }
            variant(sum, tag, array.items().get(1));
        } else {
            throw mismatch(node, "sum type");
        }
    }

    private void variant(Sum sum, int tag, JsonNode payload) throws JsonException {
        out.u8(tag);
        write(sum.variants().get(tag).type(), payload);
    }

    private static int tag(Sum sum, String name) {
        for (int i = 0; i < sum.variants().size(); i++) {
            if (name.equals(sum.variants().get(i).name()) || name.equals(Integer.toString(i))) {
                return i;
            }
        }
        return -1;
    }

    private void scalar(Scalar scalar, JsonNode node) throws JsonException {
        String name = scalar.plainName();
        switch (scalar) {
            case BOOL -> {
                if (!(node instanceof JsonNode.Bool bool)) {
                    throw mismatch(node, "a boolean");
                }
                out.u8(bool.value() ? 1 : 0);
            }
            case STRING -> {
                if (!(node instanceof JsonNode.Text string)) {
                    throw mismatch(node, "a string");
                }
                out.string(string.value());
            }
            case F32 -> out.u32(Float.floatToRawIntBits((float) number(node, name)));
            case F64 -> out.u64(Double.doubleToRawLongBits(number(node, name)));
            case U256, I256 -> out.integer(hex(scalar, node), 32);
            default -> {
                if (!(node instanceof JsonNode.Num number) || !number.isWhole()) {
                    throw mismatch(node, name);
                }
                out.integer(range(scalar, new BigInteger(number.text()), node), scalar.size());
            }
        }
    }

    private double number(JsonNode node, String name) throws JsonException {
        if (node instanceof JsonNode.Num number) {
            if (Double.isInfinite(Double.parseDouble(number.text()))) {
                throw error("number out of range", node.end());
            }
            return new BigDecimal(number.text()).signum() == 0 && number.text().startsWith("-")
                    ? -0.0
                    : Double.parseDouble(number.text());
        }
        throw mismatch(node, name);
    }

    private BigInteger hex(Scalar scalar, JsonNode node) throws JsonException {
        if (node instanceof JsonNode.Text string) {
            String digits = string.value();
            boolean negative = digits.startsWith("-");
            digits = negative ? digits.substring(1) : digits;
            if (digits.startsWith("0x") && digits.length() > 2) {
                try {
                    BigInteger value = new BigInteger(digits.substring(2), 16);
                    return range(scalar, negative ? value.negate() : value, node);
                } catch (NumberFormatException e) {
                    throw error("invalid hex string", node.end());
                }
            }
        }
        throw mismatch(node, scalar.plainName());
    }

    private BigInteger range(Scalar scalar, BigInteger value, JsonNode node) throws JsonException {
        int bits = scalar.size() * 8;
        boolean fits = scalar.isSigned() ? value.bitLength() < bits : value.signum() >= 0 && value.bitLength() <= bits;
        if (!fits) {
            throw error("invalid value: integer `" + value + "`, expected " + scalar.plainName(), node.end());
        }
        return value;
    }

    private static String below(String outer, String step) {
        return outer.equals(".") ? step : step.startsWith("[") ? outer + step : outer + "." + step;
    }

    private JsonException mismatch(JsonNode node, String expected) {
        return error("invalid type: " + node.described() + ", expected " + expected, node.end());
    }

    private JsonException error(String what, int offset) {
        return new JsonException(what + JsonText.place(text, offset));
    }
}
