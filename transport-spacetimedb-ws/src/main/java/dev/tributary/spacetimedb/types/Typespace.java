package dev.tributary.spacetimedb.types;

import dev.tributary.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The types of a schema by number, made when they are first asked for. A type that comes back to itself does so by a
 * {@link Ref}.
 */
final class Typespace {

    private final List<JsonTree> texts;
    private final @Nullable AlgebraicType[] types;
    /** By number, while a type is made: what stands for it within itself. */
    private final @Nullable Ref[] open;

    private int levelsLeft = AlgebraicType.MOST_LEVELS;

    Typespace(List<JsonTree> texts) {
        this.texts = texts;
        this.types = new AlgebraicType[texts.size()];
        this.open = new Ref[texts.size()];
    }

    /** The type of that number. */
    AlgebraicType get(JsonTree number) {
        int index = number.index(texts.size());
        AlgebraicType known = types[index];
        if (known != null) {
            return known;
        }
        Ref inside = open[index];
        if (inside != null) {
            return inside;
        }
        JsonTree text = texts.get(index);
        Ref ref = new Ref();
        open[index] = ref;
        AlgebraicType type = type(text);
        if (type instanceof Ref) {
            throw new ProtocolException(text.place() + ": a type that is only another name of itself");
        }
        ref.bind(type);
        open[index] = null;
        types[index] = type;
        return type;
    }

    /** The type that stands there. */
    AlgebraicType type(JsonTree text) {
        if (--levelsLeft < 0) {
            throw new ProtocolException(
                    text.place() + ": a type nested deeper than " + AlgebraicType.MOST_LEVELS + " levels");
        }
        AlgebraicType type = read(text);
        levelsLeft++;
        if (type.levels() > AlgebraicType.MOST_LEVELS) {
            throw new ProtocolException(
                    text.place() + ": a type nested deeper than " + AlgebraicType.MOST_LEVELS + " levels");
        }
        return type;
    }

    private AlgebraicType read(JsonTree text) {
        JsonTree.Tagged tagged = text.tagged();
        JsonTree payload = tagged.payload();
        try {
            return switch (tagged.name()) {
                case "Ref" -> get(payload);
                case "Product" -> Shapes.product(fields(payload.get("elements")));
                case "Sum" -> Shapes.sum(fields(payload.get("variants")));
                case "Array" -> Shapes.array(type(payload));
                case "String" -> Text.STRING;
                case "Bool" -> Bool.BOOL;
                case "F32", "F64" -> Real.valueOf(tagged.name());
                case "I8", "I16", "I32", "I64", "I128", "I256", "U8", "U16", "U32", "U64", "U128", "U256" ->
                    WholeNumber.valueOf(tagged.name().toUpperCase(Locale.ROOT));
                default -> throw text.wrong("a type");
            };
        } catch (IllegalArgumentException e) {
            throw text.refused(e);
        }
    }

    /** The elements of a product, or the variants of a sum; those without a name are called by their place. */
    List<Product.Field> fields(JsonTree elements) {
        List<Product.Field> fields = new ArrayList<>();
        for (JsonTree element : elements.items()) {
            JsonTree name = element.get("name").option();
            fields.add(new Product.Field(
                    name == null ? String.valueOf(fields.size()) : name.text(), type(element.get("algebraic_type"))));
        }
        return fields;
    }

    /** A product of these elements, whatever their names mean: the parameters of a function. */
    Product product(JsonTree text) {
        List<Product.Field> fields = fields(text.get("elements"));
        try {
            return fields.isEmpty() ? Product.UNIT : new Product(fields);
        } catch (IllegalArgumentException e) {
            throw text.refused(e);
        }
    }

    /** The product of that number, whatever its names mean: the columns of a table. */
    Product columns(JsonTree number) {
        get(number);
        JsonTree text = texts.get(number.index(texts.size()));
        JsonTree.Tagged tagged = text.tagged();
        if (!tagged.name().equals("Product")) {
            throw text.wrong("a product, for the columns of " + number.place());
        }
        return product(tagged.payload());
    }

    /** The columns of a view, whose type is a product, an array of it, or an option of it. */
    Product viewColumns(JsonTree returnType) {
        JsonTree.Tagged tagged = returnType.tagged();
        return switch (tagged.name()) {
            case "Ref" -> columns(tagged.payload());
            case "Product" -> product(tagged.payload());
            case "Array" -> viewColumns(tagged.payload());
            case "Sum" -> viewColumns(some(tagged.payload()));
            default -> throw returnType.wrong("a product, an array of it, or an option of it");
        };
    }

    private static JsonTree some(JsonTree sum) {
        List<JsonTree> variants = sum.get("variants").items();
        if (variants.isEmpty()) {
            throw sum.wrong("an option");
        }
        return variants.get(0).get("algebraic_type");
    }
}
