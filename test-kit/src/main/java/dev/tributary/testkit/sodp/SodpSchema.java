package dev.tributary.testkit.sodp;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the value of a key must look like. Fields that are not declared are allowed. */
public final class SodpSchema {

    private static final String NULLABLE = "?";

    private final @Nullable String whole;
    private final Map<String, String> fields;

    private SodpSchema(@Nullable String whole, Map<String, String> fields) {
        this.whole = whole;
        this.fields = fields;
    }

    /** A value of one type: String, Int, Float, Bool, Object, Array or Any, with a question mark if it may be nil. */
    public static SodpSchema value(String type) {
        return new SodpSchema(type, Map.of());
    }

    /** An object whose fields have these types. */
    public static SodpSchema object(Map<String, String> types) {
        return new SodpSchema(null, new LinkedHashMap<>(types));
    }

    /** What is wrong with a value, in the server's words; null when nothing is. */
    @Nullable
    String fault(String key, @Nullable Object value) {
        if (whole != null) {
            return fault(key, whole, value);
        }
        if (!(value instanceof Map<?, ?> map)) {
            return fault(key, "Object", value);
        }
        for (Map.Entry<String, String> field : fields.entrySet()) {
            String fault = fault(key + "." + field.getKey(), field.getValue(), map.get(field.getKey()));
            if (fault != null) {
                return fault;
            }
        }
        return null;
    }

    private static @Nullable String fault(String where, String type, @Nullable Object value) {
        if (value == null) {
            return type.endsWith(NULLABLE) ? null : where + ": unexpected null (field is not nullable)";
        }
        String expected = type.endsWith(NULLABLE) ? type.substring(0, type.length() - 1) : type;
        String actual = typeOf(value);
        return expected.equals("Any") || expected.equals(actual)
                ? null
                : where + ": expected " + expected + ", got " + actual;
    }

    private static String typeOf(Object value) {
        if (value instanceof String) {
            return "String";
        } else if (value instanceof Boolean) {
            return "Bool";
        } else if (value instanceof Double || value instanceof Float) {
            return "Float";
        } else if (value instanceof Number) {
            return "Int";
        }
        return value instanceof List ? "Array" : "Object";
    }
}
