package dev.tributary.replay.spacetimedb;

import dev.tributary.Row;
import dev.tributary.replay.recording.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Compares rows with the tables of {@code final}. */
final class Tables {

    private Tables() {}

    /** The first difference, or null. */
    static @Nullable String difference(@Nullable Object expected, Map<String, List<Row>> rows, Shapes shapes) {
        Map<String, @Nullable Object> tables = Json.members(expected);
        TreeSet<String> names = new TreeSet<>(tables.keySet());
        names.addAll(rows.keySet());
        for (String name : names) {
            Shape shape = shapes.table(name);
            List<String> held = new ArrayList<>();
            rows.getOrDefault(name, List.of()).forEach(row -> held.add(shape.ofValue(row.toMap())));
            for (Object element : Json.elements(tables.get(name))) {
                String wanted = shape.ofJson(element);
                if (!held.remove(wanted)) {
                    return "final: " + name + " lacks " + wanted
                            + (held.isEmpty() ? "" : "; it has beside what is expected " + held.get(held.size() - 1));
                }
            }
            if (!held.isEmpty()) {
                return "final: " + name + " holds " + held.get(0) + ", which is not expected";
            }
        }
        return null;
    }
}
