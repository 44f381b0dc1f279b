package dev.tributary.testkit.spacetimedb;

import dev.tributary.testkit.model.RustJson;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Array;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Field;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Product;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Ref;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Scalar;
import dev.tributary.testkit.spacetimedb.SpacetimeType.Sum;
import java.util.ArrayList;
import java.util.List;

/** Types in the JSON of a schema. */
final class TypeJson {

    private TypeJson() {}

    static void write(SpacetimeType type, StringBuilder out) {
        if (type instanceof Scalar scalar) {
            out.append("{\"").append(scalar.schemaName()).append("\":[]}");
        } else if (type instanceof Array array) {
            out.append("{\"Array\":");
            write(array.element(), out);
            out.append('}');
        } else if (type instanceof Ref ref) {
            out.append("{\"Ref\":").append(ref.index()).append('}');
        } else if (type instanceof Product product) {
            out.append("{\"Product\":");
            elements(product, out);
            out.append('}');
        } else if (type instanceof Sum sum) {
            out.append("{\"Sum\":{\"variants\":[");
            fields(sum.variants(), out);
            out.append("]}}");
        }
    }

    static void elements(Product product, StringBuilder out) {
        out.append("{\"elements\":[");
        fields(product.fields(), out);
        out.append("]}");
    }

    private static void fields(List<Field> fields, StringBuilder out) {
        String comma = "";
        for (Field field : fields) {
            out.append(comma).append("{\"name\":");
            comma = ",";
            if (field.name() == null) {
                out.append("{\"none\":[]}");
            } else {
                out.append("{\"some\":").append(RustJson.quoted(field.name())).append('}');
            }
            out.append(",\"algebraic_type\":");
            write(field.type(), out);
            out.append('}');
        }
    }

    static SpacetimeType read(JsonNode node) throws JsonException {
        if (!(node instanceof JsonNode.Obj object) || object.members().size() != 1) {
            throw new JsonException("a type is an object of one member");
        }
        String kind = object.members().get(0).name();
        JsonNode value = object.members().get(0).value();
        switch (kind) {
            case "Ref":
                return new Ref(Integer.parseInt(((JsonNode.Num) value).text()));
            case "Array":
                return new Array(read(value));
            case "Product":
                return new Product(fields(((JsonNode.Obj) value).need("elements")));
            case "Sum":
                return new Sum(fields(((JsonNode.Obj) value).need("variants")));
            default:
                for (Scalar scalar : Scalar.values()) {
                    if (scalar.schemaName().equals(kind)) {
                        return scalar;
                    }
                }
                throw new JsonException("unknown type " + kind);
        }
    }

    static List<Field> fields(JsonNode node) throws JsonException {
        List<Field> fields = new ArrayList<>();
        for (JsonNode item : ((JsonNode.Arr) node).items()) {
            JsonNode.Obj element = (JsonNode.Obj) item;
            JsonNode name = ((JsonNode.Obj) element.need("name")).get("some");
            fields.add(new Field(
                    name instanceof JsonNode.Text text ? text.value() : null, read(element.need("algebraic_type"))));
        }
        return fields;
    }
}
