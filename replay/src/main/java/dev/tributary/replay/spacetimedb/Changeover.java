package dev.tributary.replay.spacetimedb;

import dev.tributary.Row;
import dev.tributary.replay.recording.Documents;
import dev.tributary.replay.recording.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a client with a surviving cache keeps while it comes back, and what its listeners see once all that it
 * followed is there again.
 */
final class Changeover {

    /** What changed in one table, spelled. */
    record TableChange(Set<String> inserts, Set<String> deletes, Set<String> updates) {

        static TableChange nothing() {
            return new TableChange(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
        }

        /** One more; either of the two may be missing. */
        void add(Shape shape, @Nullable Row before, @Nullable Row after) {
            String old = before == null ? "" : shape.ofValue(before.toMap());
            String now = after == null ? "" : shape.ofValue(after.toMap());
            if (before == null) {
                inserts.add(now);
            } else if (after == null) {
                deletes.add(old);
            } else {
                updates.add(old + " -> " + now);
            }
        }

        private boolean isNothing() {
            return inserts.isEmpty() && deletes.isEmpty() && updates.isEmpty();
        }
    }

    /** What changed between two connections, by table. */
    private record Difference(String connection, Shapes shapes, Map<String, TableChange> tables) {}

    private final List<Difference> differences = new ArrayList<>();
    private Map<String, List<Row>> held = Map.of();
    private List<List<String>> heldSets = List.of();
    private String heldBy = "";
    private String caughtUp = "";

    /** What was seen at this connection, by table. */
    void add(String connection, Shapes shapes, Map<String, TableChange> tables) {
        differences.add(new Difference(connection, shapes, tables));
    }

    /** A message was applied. */
    void step(Connection connection) {
        if (heldSets.isEmpty() || connection.id().equals(caughtUp) || !connection.isConnected()) {
            return;
        }
        if (!connection.identity().equals(heldBy)) {
            forget();
            return;
        }
        List<List<String>> missing = new ArrayList<>(heldSets);
        connection.liveSets().forEach(missing::remove);
        if (missing.isEmpty()) {
            caughtUp = connection.id();
            add(connection.id(), connection.shapes(), changes(connection.shapes(), held, connection.rows()));
            forget();
        }
    }

    private void forget() {
        held = Map.of();
        heldSets = List.of();
    }

    /** A connection ended: unless it never had what was there before, its rows are kept. */
    void ended(Connection connection) {
        if (heldSets.isEmpty() && connection.isConnected()) {
            held = connection.rows();
            heldSets = connection.liveSets();
            heldBy = connection.identity();
        }
    }

    private static Map<String, TableChange> changes(
            Shapes shapes, Map<String, List<Row>> before, Map<String, List<Row>> after) {
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        Map<String, TableChange> all = new LinkedHashMap<>();
        for (String name : names) {
            List<Row> gone = new ArrayList<>(before.getOrDefault(name, List.of()));
            List<Row> come = new ArrayList<>(after.getOrDefault(name, List.of()));
            List<Row> same = new ArrayList<>(gone);
            same.retainAll(Set.copyOf(come));
            gone.removeAll(Set.copyOf(same));
            come.removeAll(Set.copyOf(same));
            all.put(name, paired(shapes.table(name), gone, come));
        }
        return all;
    }

    private static TableChange paired(Shape shape, List<Row> gone, List<Row> come) {
        TableChange change = TableChange.nothing();
        List<Row> left = new ArrayList<>(come);
        for (Row old : gone) {
            Row now = left.stream()
                    .filter(row -> row.schema().declaresKey() && row.schema().equals(old.schema()) && row.sameKey(old))
                    .findFirst()
                    .orElse(null);
            change.add(shape, old, now);
            left.remove(now);
        }
        left.forEach(row -> change.add(shape, null, row));
        return change;
    }

    // ---- the verdict ----

    /** The first difference to what {@code final} expects. */
    @Nullable
    String difference(Map<String, @Nullable Object> expected, Set<String> connections) {
        String difference = null;
        if (expected.get("difference") != null) {
            difference = differences.isEmpty()
                    ? "difference: nothing was asked for again"
                    : difference(differences.get(differences.size() - 1), expected.get("difference"));
        }
        if (difference == null && expected.get("differences") != null) {
            difference = all(expected.get("differences"), connections);
        }
        return difference;
    }

    private @Nullable String all(@Nullable Object expected, Set<String> connections) {
        List<@Nullable Object> wanted = new ArrayList<>();
        List<Difference> ours = new ArrayList<>();
        if (expected instanceof Map<?, ?> byConnection && connections.containsAll(byConnection.keySet())) {
            for (Difference each : differences) {
                if (byConnection.containsKey(each.connection())) {
                    wanted.add(byConnection.get(each.connection()));
                    ours.add(each);
                }
            }
            if (wanted.size() != byConnection.size()) {
                return "differences: expected are those of " + byConnection.keySet() + ", there were "
                        + differences.stream().map(Difference::connection).toList();
            }
        } else {
            wanted.addAll(Json.elements(expected));
            ours.addAll(differences);
            if (wanted.size() != ours.size()) {
                return "differences: there are " + ours.size() + ", expected are " + wanted.size();
            }
        }
        for (int i = 0; i < wanted.size(); i++) {
            Map<String, @Nullable Object> members = Json.members(wanted.get(i));
            Object tables = members.containsKey("difference")
                    ? members.get("difference")
                    : members.containsKey("connection") ? members.get("tables") : members;
            String difference = difference(ours.get(i), tables);
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    private static @Nullable String difference(Difference ours, @Nullable Object expected) {
        Map<String, @Nullable Object> tables = Json.members(expected);
        Set<String> names = new TreeSet<>(tables.keySet());
        ours.tables().forEach((name, change) -> {
            if (!change.isNothing()) {
                names.add(name);
            }
        });
        for (String name : names) {
            Shape shape = ours.shapes().table(name);
            Map<String, @Nullable Object> wanted = Json.members(tables.get(name));
            TableChange change = ours.tables().getOrDefault(name, TableChange.nothing());
            String difference = difference("inserts", change.inserts(), spelled(shape, wanted.get("inserts")));
            difference = difference != null
                    ? difference
                    : difference("deletes", change.deletes(), spelled(shape, wanted.get("deletes")));
            Set<String> updates = new TreeSet<>();
            for (Object update : Json.elements(wanted.get("updates"))) {
                Map<String, @Nullable Object> pair = Json.members(update);
                updates.add(shape.ofJson(pair.get("old")) + " -> " + shape.ofJson(pair.get("new")));
            }
            difference = difference != null ? difference : difference("updates", change.updates(), updates);
            if (difference != null) {
                return "difference at " + ours.connection() + ": " + name + ": " + difference;
            }
        }
        return null;
    }

    private static Set<String> spelled(Shape shape, @Nullable Object rows) {
        Set<String> spelled = new TreeSet<>();
        Json.elements(rows).forEach(row -> spelled.add(shape.ofJson(row)));
        return spelled;
    }

    private static @Nullable String difference(String sort, Set<String> ours, Set<String> expected) {
        for (String each : expected) {
            if (!ours.contains(each)) {
                return sort + " lack " + Documents.shown(each);
            }
        }
        for (String each : ours) {
            if (!expected.contains(each)) {
                return sort + " have " + Documents.shown(each) + ", which is not expected";
            }
        }
        return null;
    }
}
