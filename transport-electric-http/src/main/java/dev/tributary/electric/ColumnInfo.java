package dev.tributary.electric;

import java.util.Map;

/**
 * A column as the server's schema describes it.
 *
 * @param name as the server spells it
 * @param type the Postgres type, of an array that of its elements: {@code int4}, {@code text}, an enum's own name
 * @param dimensions declared dimensions of an array, 0 for a scalar
 * @param notNull whether the column never holds null
 * @param keyIndex place in the primary key from 0, or -1
 * @param modifiers the rest of the description, as texts: {@code max_length}, {@code precision}, {@code scale} …
 */
public record ColumnInfo(
        String name, String type, int dimensions, boolean notNull, int keyIndex, Map<String, String> modifiers) {

    public ColumnInfo {
        modifiers = Map.copyOf(modifiers);
    }
}
