package dev.tributary.replay.spacetimedb;

import dev.tributary.replay.recording.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that the recorded client asked for and heard beside rows, on all connections, in order. */
final class Book {

    final List<Entry> calls = new ArrayList<>();
    final List<Entry> subscriptions = new ArrayList<>();
    final List<Entry> procedures = new ArrayList<>();
    final List<Entry> queries = new ArrayList<>();
    /** Rows of event tables. */
    final List<Event> events = new ArrayList<>();

    /**
     * A row of an event table.
     *
     * @param row its spelling
     */
    record Event(String table, Shape shape, String row) {}

    /** The first difference to what {@code final} says of requests and events; of what it does not name it says nothing. */
    @Nullable
    String difference(Map<String, @Nullable Object> expected) {
        String difference = null;
        for (Map.Entry<String, List<Entry>> sort : Map.of(
                        "calls", calls, "subscriptions", subscriptions, "procedures", procedures, "queries", queries)
                .entrySet()) {
            if (difference == null && expected.containsKey(sort.getKey())) {
                difference = difference(sort.getKey(), Json.elements(expected.get(sort.getKey())), sort.getValue());
            }
        }
        return difference == null && expected.containsKey("events")
                ? eventDifference(Json.elements(expected.get("events")))
                : difference;
    }

    private static @Nullable String difference(String sort, List<@Nullable Object> expected, List<Entry> ours) {
        List<Entry> left = new ArrayList<>(ours);
        for (Object element : expected) {
            Map<String, @Nullable Object> wanted = Json.members(element);
            Entry found = left.stream()
                    .filter(entry -> entry.isOf(wanted))
                    .findFirst()
                    .orElse(null);
            if (found == null) {
                return sort + ": there was none like " + element;
            }
            left.remove(found);
            String difference = found.difference(wanted);
            if (difference != null) {
                return sort + ": " + found + " " + difference;
            }
        }
        return left.stream()
                .filter(Entry::isOver)
                .map(entry -> sort + ": " + entry + " is not expected")
                .findFirst()
                .orElse(null);
    }

    private @Nullable String eventDifference(List<@Nullable Object> expected) {
        for (int i = 0; i < Math.max(expected.size(), events.size()); i++) {
            if (i >= expected.size()) {
                return "events: " + events.get(i).row() + " of " + events.get(i).table() + " is not expected";
            }
            Map<String, @Nullable Object> wanted = Json.members(expected.get(i));
            if (i >= events.size()) {
                return "events: none like " + wanted + " came";
            }
            Event event = events.get(i);
            String row = event.shape().ofJson(wanted.get("row"));
            if (!event.table().equals(wanted.get("table")) || !event.row().equals(row)) {
                return "events: number " + (i + 1) + " is " + event.row() + " of " + event.table() + ", expected is "
                        + row + " of " + wanted.get("table");
            }
        }
        return null;
    }
}
