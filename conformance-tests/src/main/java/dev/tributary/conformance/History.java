package dev.tributary.conformance;

import dev.tributary.Change;
import dev.tributary.Commit;
import dev.tributary.Row;
import dev.tributary.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Follows one reader through the committed states of a query: each that it sees must be the same or a later one. */
final class History {

    private final World world;
    private final String query;
    private final boolean lossless;
    private int place;

    History(World world, String query, boolean lossless) {
        this(world, query, lossless, 0);
    }

    private History(World world, String query, boolean lossless, int place) {
        this.world = world;
        this.query = query;
        this.lossless = lossless;
        this.place = place;
    }

    /** A reader that begins at what this one saw last. */
    History from() {
        return new History(world, query, lossless, place);
    }

    static SortedMap<Integer, Integer> contentOf(World world, Snapshot<Row> snapshot) {
        SortedMap<Integer, Integer> content = new TreeMap<>();
        snapshot.forEach(row -> content.putAll(world.entriesOf(row)));
        return content;
    }

    /** How many keys a commit tells to have changed. */
    static int changedKeys(World world, Commit<Row> commit) {
        int changed = 0;
        for (Change<Row> change : commit.changes()) {
            Map<Integer, Integer> was = entriesOf(world, change.before());
            Map<Integer, Integer> is = entriesOf(world, change.after());
            Set<Integer> keys = new TreeSet<>(was.keySet());
            keys.addAll(is.keySet());
            changed += (int) keys.stream()
                    .filter(key -> !Objects.equals(was.get(key), is.get(key)))
                    .count();
        }
        return changed;
    }

    static Map<Integer, Integer> entriesOf(World world, @Nullable Row row) {
        return row == null ? Map.of() : world.entriesOf(row);
    }

    /** The reader sees this. What says itself that it may miss something is not held against the server. */
    void saw(String reader, Snapshot<Row> snapshot) {
        Law.LOSSLESS_HAS_NO_LOSS.holdsIf(
                snapshot.isVerified() || !lossless, reader + " saw a snapshot that is not verified: " + snapshot);
        if (snapshot.isVerified()) {
            saw(reader, contentOf(world, snapshot));
        }
    }

    private void saw(String reader, SortedMap<Integer, Integer> content) {
        List<SortedMap<Integer, Integer>> states = world.history(query);
        for (int i = place; i < states.size(); i++) {
            if (states.get(i).equals(content)) {
                place = i;
                return;
            }
        }
        int earlier = states.lastIndexOf(content);
        throw lawAgainst(content, earlier)
                .brokenBy(reader + " saw " + content + ", which the server "
                        + (earlier < 0 ? "never committed" : "had before state " + place + ", at state " + earlier)
                        + "; committed from there on: " + states.subList(place, states.size()));
    }

    /** Which law it breaks that the server did not have this content, or had it earlier. */
    private Law lawAgainst(SortedMap<Integer, Integer> content, int earlier) {
        if (!lossless) {
            return Law.VERIFIED_TRUTHFULLY;
        }
        if (content.isEmpty()) {
            return Law.RESET_SHOWS_ROWS;
        }
        return earlier < 0 ? Law.WHOLE_COMMITS : Law.SERVER_ORDER;
    }
}
