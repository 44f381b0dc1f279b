package dev.tributary.replay.spacetimedb;

import dev.tributary.replay.recording.Json;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How the connections of a recording were refused or ended. */
final class Ends {

    /** How a connection ended. */
    private record End(
            String by, @Nullable Integer code, @Nullable String reason) {}

    private final Map<String, Integer> refused = new LinkedHashMap<>();
    private final Map<String, End> ends = new LinkedHashMap<>();

    /** A connection never had a first message. */
    void refused(String connection, int status) {
        refused.put(connection, status);
    }

    void ended(String connection, String by, @Nullable Integer code, @Nullable String reason) {
        ends.put(connection, new End(by, code, reason));
    }

    /** The first difference to what {@code final} says of this, where it does. */
    @Nullable
    String difference(Map<String, @Nullable Object> expected) {
        String difference = expected.containsKey("refused") ? refusedDifference(expected.get("refused")) : null;
        return difference == null && expected.containsKey("ends") ? endDifference(expected.get("ends")) : difference;
    }

    private @Nullable String refusedDifference(@Nullable Object expected) {
        Map<String, Integer> left = new LinkedHashMap<>(refused);
        for (Object element : Json.elements(expected)) {
            Map<String, @Nullable Object> wanted = Json.members(element);
            String connection = String.valueOf(wanted.get("connection"));
            Integer status = left.remove(connection);
            if (status == null) {
                return "refused: " + connection + " was not";
            }
            if (!isNumber(wanted.get("status"), status)) {
                return "refused: " + connection + " was by " + status + ", expected is " + wanted.get("status");
            }
        }
        return left.isEmpty() ? null : "refused: " + left.keySet() + " were, which is not expected";
    }

    private @Nullable String endDifference(@Nullable Object expected) {
        Map<String, End> left = new LinkedHashMap<>(ends);
        for (Object element : Json.elements(expected)) {
            Map<String, @Nullable Object> wanted = Json.members(element);
            String connection = String.valueOf(wanted.get("connection"));
            End end = left.remove(connection);
            if (end == null) {
                return "ends: " + connection + " did not end";
            }
            boolean isSame = Objects.equals(wanted.getOrDefault("by", end.by()), end.by())
                    && (!wanted.containsKey("code") || isNumber(wanted.get("code"), end.code()))
                    && (!wanted.containsKey("reason") || Objects.equals(wanted.get("reason"), end.reason()));
            if (!isSame) {
                return "ends: " + connection + " ended as " + end + ", expected is " + wanted;
            }
        }
        List<String> unexpected = left.entrySet().stream()
                .filter(entry -> entry.getValue().by().equals("server"))
                .map(Map.Entry::getKey)
                .toList();
        return unexpected.isEmpty() ? null : "ends: " + unexpected + " were ended by the server, which is not expected";
    }

    private static boolean isNumber(@Nullable Object json, @Nullable Integer number) {
        return number == null
                ? json == null
                : json instanceof BigDecimal decimal && decimal.compareTo(BigDecimal.valueOf(number)) == 0;
    }
}
