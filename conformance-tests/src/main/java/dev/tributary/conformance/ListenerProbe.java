package dev.tributary.conformance;

import dev.tributary.Change;
import dev.tributary.Commit;
import dev.tributary.Phase;
import dev.tributary.Registration;
import dev.tributary.Row;
import dev.tributary.ViewListener;
import dev.tributary.ViewStatus;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A listener that holds only what it heard, and checks that it fits. */
final class ListenerProbe implements ViewListener<Row> {

    private final World world;
    private final String name;
    private final History history;
    private final SortedMap<Integer, Integer> heard = new TreeMap<>();
    private @Nullable Registration registration;
    private @Nullable Phase phase;
    private long version;
    private int commits;
    private int merged;
    private int events;
    private boolean closed;

    ListenerProbe(World world, String name, History history) {
        this.world = world;
        this.name = name;
        this.history = history;
    }

    ListenerProbe registeredBy(Registration by) {
        registration = by;
        return this;
    }

    void close() {
        if (registration != null) {
            registration.close();
        }
        closed = true;
    }

    /** From now on it must hear nothing more. */
    void markClosed() {
        closed = true;
    }

    int commits() {
        return commits;
    }

    int mergedCommits() {
        return merged;
    }

    SortedMap<Integer, Integer> heard() {
        return heard;
    }

    @Override
    public void onStatus(ViewStatus status) {
        Law.CLOSED_IS_SILENT.holdsIf(
                !closed || status.phase() == Phase.CLOSED, name + " heard the status " + status + " after its end");
        // The first status is that of the registration; the content that is there follows at once.
        Law.LIVE_HAS_CONTENT.holdsIf(
                status.phase() != Phase.LIVE || commits > 0 || phase == null,
                name + " heard that the view is live before it heard any content");
        phase = status.phase();
    }

    @Nullable
    Phase phase() {
        return phase;
    }

    @Override
    public void onCommit(Commit<Row> commit) {
        Law.CLOSED_IS_SILENT.holdsIf(!closed, name + " heard " + commit + " after its end");
        Law.FIRST_IS_INITIAL.holdsIf(
                (commit.origin() == Commit.Origin.INITIAL) == (commits == 0),
                name + " heard a commit of origin " + commit.origin() + " as number " + (commits + 1));
        Law.HEARD_FORWARD.holdsIf(
                commit.version() > version, name + " heard version " + commit.version() + " after " + version);
        Law.UNCHANGED_IS_SILENT.holdsIf(
                commits == 0 || !commit.changes().isEmpty(), name + " heard a commit without changes: " + commit);
        commits++;
        merged += commit.isMerged() ? 1 : 0;
        version = commit.version();
        commit.changes().forEach(change -> apply(change, commit));
        SortedMap<Integer, Integer> whole = History.contentOf(world, commit.snapshot());
        Law.CHANGES_COMPOSE.holdsIf(
                heard.equals(whole),
                name + ": the changes of " + commit + " make " + heard + ", its snapshot is " + whole);
        history.saw(name, commit.snapshot());
    }

    private void apply(Change<Row> change, Commit<Row> commit) {
        Row before = change.before();
        Row after = change.after();
        Map<Integer, Integer> was = History.entriesOf(world, before);
        Map<Integer, Integer> is = History.entriesOf(world, after);
        Change.Kind expected =
                before == null ? Change.Kind.INSERT : after == null ? Change.Kind.DELETE : Change.Kind.UPDATE;
        // What an insert brings, and what an update adds, was not there before.
        boolean fits =
                was.entrySet().stream().allMatch(entry -> entry.getValue().equals(heard.get(entry.getKey())))
                        && is.keySet().stream().allMatch(key -> was.containsKey(key) || !heard.containsKey(key));
        Law.CHANGES_FIT.holdsIf(
                change.kind() == expected && fits,
                name + " heard " + change + " in " + commit + ", but it held " + heard + " there");
        Law.UNCHANGED_IS_SILENT.holdsIf(
                !Objects.equals(before, after), name + " heard a change that changes nothing: " + change);
        heard.keySet().removeAll(was.keySet());
        heard.putAll(is);
    }

    @Override
    public void onEvent(Object event) {
        events++;
    }

    /** How many events it heard. */
    int events() {
        return events;
    }

    @Override
    public String toString() {
        return name;
    }
}
