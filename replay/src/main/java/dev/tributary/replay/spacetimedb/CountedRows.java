package dev.tributary.replay.spacetimedb;

import dev.tributary.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one connection, counted: in v2 for each query set, in v1, which does not tell them apart, over all of them. A
 * row is there while any count of it is above zero.
 */
final class CountedRows {

    /** Rows of one table that belong together. */
    private record Place(@Nullable Long querySet, String table) {}

    /** What a message does to one row. */
    record Change(@Nullable Long querySet, String table, Row row, int copies) {}

    private final Map<Place, Map<Row, Integer>> places = new LinkedHashMap<>();

    /**
     * Does all of a message.
     *
     * @return what does not fit, so that nothing was done; null where all does
     */
    @Nullable
    String apply(List<Change> changes) {
        Map<Place, Map<Row, Integer>> after = new LinkedHashMap<>();
        for (Change change : changes) {
            Place place = new Place(change.querySet(), change.table());
            Map<Row, Integer> held = places.getOrDefault(place, Map.of());
            after.computeIfAbsent(place, other -> new LinkedHashMap<>())
                    .merge(
                            change.row(),
                            held.getOrDefault(change.row(), 0) + change.copies(),
                            (count, ignored) -> count + change.copies());
        }
        for (Map.Entry<Place, Map<Row, Integer>> entry : after.entrySet()) {
            for (Map.Entry<Row, Integer> row : entry.getValue().entrySet()) {
                if (row.getValue() < 0) {
                    return "a row of " + entry.getKey().table() + " was deleted that is not there, with key "
                            + row.getKey().keyText();
                }
            }
        }
        after.forEach((place, rows) -> {
            Map<Row, Integer> held = places.computeIfAbsent(place, other -> new LinkedHashMap<>());
            rows.forEach((row, count) -> {
                if (count == 0) {
                    held.remove(row);
                } else {
                    held.put(row, count);
                }
            });
        });
        return null;
    }

    /** Drops all. */
    void clear() {
        places.clear();
    }

    /** Drops all rows of these tables. */
    void clear(List<String> tables) {
        places.keySet().removeIf(place -> tables.contains(place.table()));
    }

    /** Drops the rows of a query set. */
    void clear(long querySet) {
        places.keySet().removeIf(place -> place.querySet() != null && place.querySet() == querySet);
    }

    /** Whether a query set has rows. */
    boolean has(long querySet) {
        return places.entrySet().stream()
                .anyMatch(entry -> entry.getKey().querySet() != null
                        && entry.getKey().querySet() == querySet
                        && !entry.getValue().isEmpty());
    }

    /** The rows that are there, each once, by table. */
    Map<String, List<Row>> rows() {
        Map<String, Map<Row, Integer>> all = new LinkedHashMap<>();
        places.forEach((place, rows) -> rows.keySet()
                .forEach(row -> all.computeIfAbsent(place.table(), table -> new LinkedHashMap<>())
                        .put(row, 1)));
        Map<String, List<Row>> lists = new LinkedHashMap<>();
        all.forEach((table, rows) -> lists.put(table, new ArrayList<>(rows.keySet())));
        return lists;
    }
}
