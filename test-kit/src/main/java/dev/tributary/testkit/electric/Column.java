package dev.tributary.testkit.electric;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table, described with the properties the {@code electric-schema} header carries.
 *
 * @param name exact column name
 * @param type Postgres type name as in the catalogue, for arrays the element type
 * @param dims declared array dimensions, 0 for a scalar
 * @param pkIndex position in the primary key, -1 when the column is not part of it
 * @param notNull whether NULL is refused
 * @param modifiers further schema properties ({@code max_length}, {@code precision}, ...): integers or strings
 */
public record Column(String name, String type, int dims, int pkIndex, boolean notNull, Map<String, Object> modifiers) {

    /** Keeps its own copy of the modifiers, in their order. */
    public Column {
        modifiers = Collections.unmodifiableMap(new LinkedHashMap<>(modifiers));
    }

    /** A nullable scalar column outside the primary key. */
    public static Column of(String name, String type) {
        return new Column(name, type, 0, -1, false, Map.of());
    }

    /** This column as part of the primary key (and therefore not null). */
    public Column primaryKey(int index) {
        return new Column(name, type, dims, index, true, modifiers);
    }

    /** This column refusing NULL. */
    public Column required() {
        return new Column(name, type, dims, pkIndex, true, modifiers);
    }

    /** This column as an array of the given number of dimensions. */
    public Column array(int dimensions) {
        return new Column(name, type, dimensions, pkIndex, notNull, modifiers);
    }

    /** This column with one more schema property, such as {@code max_length} or {@code scale}. */
    public Column with(String property, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(modifiers);
        more.put(property, value);
        return new Column(name, type, dims, pkIndex, notNull, more);
    }

    boolean isBool() {
        return dims == 0 && type.equals("bool");
    }

    boolean isKey() {
        return pkIndex >= 0;
    }

    /** The form in which a value of this column is kept: booleans as {@code t} and {@code f}. */
    @Nullable
    String stored(@Nullable String value) {
        if (value == null && notNull) {
            throw new IllegalArgumentException("null value in column \"" + name + "\"");
        }
        if (value != null && isBool()) {
            return switch (value) {
                case "t", "true" -> "t";
                case "f", "false" -> "f";
                default -> throw new IllegalArgumentException("not a boolean: " + value);
            };
        }
        return value;
    }

    /** A kept value as a snapshot spells it: booleans as {@code true} and {@code false}. */
    @Nullable
    String snapshotForm(@Nullable String value) {
        if (value != null && isBool()) {
            return value.equals("t") ? "true" : "false";
        }
        return value;
    }
}
