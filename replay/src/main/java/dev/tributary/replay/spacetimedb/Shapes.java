package dev.tributary.replay.spacetimedb;

import dev.tributary.replay.recording.Json;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The shapes of what a recorded schema tells of, read by itself and not by the transport: this is the other side of the
 * comparison.
 */
final class Shapes {

    private static final Shape UNKNOWN = new Shape.Unknown();

    private final List<@Nullable Object> types;
    private final boolean lossy;
    private final Map<Integer, Shape> byNumber = new HashMap<>();
    private final Map<String, Shape> tables = new HashMap<>();
    private final Map<String, Shape> procedures = new HashMap<>();

    /**
     * The shapes of a schema of version 9, whose names are canonical.
     *
     * @param lossy whether floats that are not finite are lost on the way
     */
    Shapes(@Nullable Object schema, boolean lossy) {
        Map<String, @Nullable Object> root = Json.members(schema);
        this.lossy = lossy;
        this.types = Json.elements(Json.members(root.get("typespace")).get("types"));
        for (Object table : Json.elements(root.get("tables"))) {
            Map<String, @Nullable Object> members = Json.members(table);
            tables.put(name(members), columns(Map.of("Ref", number(members.get("product_type_ref")))));
        }
        for (Object export : Json.elements(root.get("misc_exports"))) {
            Map<String, @Nullable Object> members = Json.members(export);
            Map<String, @Nullable Object> procedure = Json.members(members.get("Procedure"));
            Map<String, @Nullable Object> view = Json.members(members.get("View"));
            if (!procedure.isEmpty()) {
                procedures.put(name(procedure), shape(procedure.get("return_type")));
            } else if (!view.isEmpty()) {
                tables.put(name(view), viewed(view.get("return_type")));
            }
        }
    }

    private static String name(Map<String, @Nullable Object> members) {
        return String.valueOf(members.get("name"));
    }

    private static BigDecimal number(@Nullable Object json) {
        return json instanceof BigDecimal number ? number : BigDecimal.ZERO;
    }

    /** The rows of a table or view. */
    Shape table(String name) {
        return tables.getOrDefault(name, UNKNOWN);
    }

    /** What a procedure returns. */
    Shape procedure(String name) {
        return procedures.getOrDefault(name, UNKNOWN);
    }

    /** The rows of a view: it returns one, several, or maybe one. */
    private Shape viewed(@Nullable Object type) {
        Map.Entry<String, @Nullable Object> tagged = tagged(type);
        if (tagged.getKey().equals("Array")) {
            return viewed(tagged.getValue());
        }
        if (tagged.getKey().equals("Sum")) {
            List<@Nullable Object> variants =
                    Json.elements(Json.members(tagged.getValue()).get("variants"));
            return variants.isEmpty()
                    ? UNKNOWN
                    : viewed(Json.members(variants.get(0)).get("algebraic_type"));
        }
        return columns(type);
    }

    /** A product that is one whatever its names mean. */
    private Shape columns(@Nullable Object type) {
        Map.Entry<String, @Nullable Object> tagged = tagged(type);
        if (tagged.getKey().equals("Ref")) {
            int index = number(tagged.getValue()).intValue();
            return index < types.size() ? columns(types.get(index)) : UNKNOWN;
        }
        return new Shape.Fields(elements(tagged.getValue(), "elements"));
    }

    private static Map.Entry<String, @Nullable Object> tagged(@Nullable Object type) {
        Map<String, @Nullable Object> members = Json.members(type);
        Map<String, @Nullable Object> one = new LinkedHashMap<>(members);
        return one.size() == 1 ? one.entrySet().iterator().next() : Map.entry("", "");
    }

    private Shape shape(@Nullable Object type) {
        Map.Entry<String, @Nullable Object> tagged = tagged(type);
        @Nullable Object payload = tagged.getValue();
        return switch (tagged.getKey()) {
            case "Ref" -> {
                int index = number(payload).intValue();
                yield new Shape.Named(() -> byNumber(index));
            }
            case "Product" -> product(elements(payload, "elements"));
            case "Sum" -> sum(elements(payload, "variants"));
            case "Array" ->
                tagged(payload).getKey().equals("U8") ? new Shape.Hex() : new Shape.Elements(shape(payload));
            case "String" -> new Shape.Text();
            case "Bool" -> new Shape.Bool();
            case "F32", "F64" -> new Shape.Real(tagged.getKey().equals("F32"), lossy);
            default ->
                tagged.getKey().toLowerCase(Locale.ROOT).matches("[iu](8|16|32|64|128|256)")
                        ? Shape.Whole.number()
                        : UNKNOWN;
        };
    }

    private Shape byNumber(int index) {
        Shape known = byNumber.get(index);
        if (known == null) {
            known = index < types.size() ? shape(types.get(index)) : UNKNOWN;
            byNumber.put(index, known);
        }
        return known;
    }

    private Map<String, Shape> elements(@Nullable Object payload, String member) {
        Map<String, Shape> elements = new LinkedHashMap<>();
        for (Object element : Json.elements(Json.members(payload).get(member))) {
            Map<String, @Nullable Object> members = Json.members(element);
            Object name = Json.members(members.get("name")).get("some");
            elements.put(
                    name instanceof String text ? text : String.valueOf(elements.size()),
                    shape(members.get("algebraic_type")));
        }
        return elements;
    }

    private static Shape product(Map<String, Shape> fields) {
        String only = fields.size() == 1 ? fields.keySet().iterator().next() : "";
        return switch (only) {
            case "__identity__", "__connection_id__", "__uuid__" -> new Shape.Hex();
            case "__timestamp_micros_since_unix_epoch__" -> Shape.Whole.timestamp();
            case "__time_duration_micros__" -> Shape.Whole.duration();
            default -> new Shape.Fields(fields);
        };
    }

    private static Shape sum(Map<String, Shape> variants) {
        List<String> names = List.copyOf(variants.keySet());
        Shape some = variants.get("some");
        boolean isOption = names.equals(List.of("some", "none"))
                && variants.get("none") instanceof Shape.Fields none
                && none.isUnit();
        if (some != null && isOption) {
            return new Shape.Option(some);
        }
        boolean isSchedule = names.equals(List.of("Interval", "Time"))
                && variants.values().stream().allMatch(shape -> target(shape) instanceof Shape.Whole);
        return isSchedule ? new Shape.Schedule() : new Shape.Variants(variants);
    }

    private static Shape target(Shape shape) {
        return shape instanceof Shape.Named named ? named.target() : shape;
    }
}
