package dev.tributary.conformance;

import dev.tributary.Row;
import dev.tributary.Snapshot;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Follows one reader through the committed states of a query: each that it sees must be the same or a later one. */
final class History {

    private final World world;
    private final String query;
    private int place;

    History(World world, String query) {
        this(world, query, 0);
    }

    private History(World world, String query, int place) {
        this.world = world;
        this.query = query;
        this.place = place;
    }

    /** A reader that begins at what this one saw last. */
    History from() {
        return new History(world, query, place);
    }

    static SortedMap<Integer, Integer> contentOf(World world, Snapshot<Row> snapshot) {
        SortedMap<Integer, Integer> content = new TreeMap<>();
        snapshot.forEach(row -> content.put(world.keyOf(row), world.valueOf(row)));
        return content;
    }

    /** The reader sees this. */
    void saw(String reader, SortedMap<Integer, Integer> content) {
        List<SortedMap<Integer, Integer>> states = world.history(query);
        for (int i = place; i < states.size(); i++) {
            if (states.get(i).equals(content)) {
                place = i;
                return;
            }
        }
        int earlier = states.lastIndexOf(content);
        throw Law.L2.brokenBy(reader + " saw " + content + ", which the server "
                + (earlier < 0 ? "never committed" : "had before state " + place + ", at state " + earlier)
                + "; committed from there on: " + states.subList(place, states.size()));
    }
}
