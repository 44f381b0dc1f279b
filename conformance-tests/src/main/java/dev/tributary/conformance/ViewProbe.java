package dev.tributary.conformance;

import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.Snapshot;
import dev.tributary.ViewListener;
import dev.tributary.ViewStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One handle on a view with its listeners; checks what a reader sees at any moment. */
final class ViewProbe {

    private final World world;
    private final String query;
    private final MaterializedView<Row> view;
    private final String name;
    private final History history;
    private final List<ListenerProbe> listeners = new ArrayList<>();
    private long version;
    /** What was seen last, and what it held then. */
    private @Nullable Snapshot<Row> held;

    private SortedMap<Integer, Integer> heldContent = new TreeMap<>();
    private boolean restored;
    /** It said of some content that it is known. */
    private boolean begun;

    ViewProbe(World world, String query, MaterializedView<Row> view, String name, History history) {
        this.world = world;
        this.query = query;
        this.view = view;
        this.name = name;
        this.history = history;
    }

    /** From now on it is one that went on from what was saved. */
    ViewProbe restored() {
        restored = true;
        begun = true;
        return this;
    }

    String query() {
        return query;
    }

    MaterializedView<Row> view() {
        return view;
    }

    History history() {
        return history;
    }

    List<ListenerProbe> listeners() {
        return listeners;
    }

    SortedMap<Integer, Integer> content() {
        return History.contentOf(world, view.snapshot());
    }

    ListenerProbe listen() {
        ListenerProbe probe =
                new ListenerProbe(world, "listener " + (listeners.size() + 1) + " of " + name, history.from());
        listeners.add(probe.registeredBy(view.listen(probe)));
        return probe;
    }

    /** Listens on an executor whose thread is busy now and then. */
    ListenerProbe listenSlowly(HeldExecutor slow) {
        ListenerProbe probe =
                new ListenerProbe(world, "slow listener " + (listeners.size() + 1) + " of " + name, history.from());
        listeners.add(probe.registeredBy(view.listen(probe, slow)));
        return probe;
    }

    /** What any reader sees at any moment, whatever is under way. */
    void look() {
        Snapshot<Row> snapshot = view.snapshot();
        Law.VERSION_FORWARD.holdsIf(
                snapshot.version() >= version, name + " went from version " + version + " to " + snapshot.version());
        version = snapshot.version();
        Snapshot<Row> before = held;
        if (before != null && before.version() != version) {
            SortedMap<Integer, Integer> now = History.contentOf(world, before);
            Law.SNAPSHOTS_STAY.holdsIf(
                    now.equals(heldContent), name + ": a snapshot held " + heldContent + ", later it holds " + now);
        }
        if (version > 0) {
            history.saw(name, snapshot);
            held = snapshot;
            heldContent = History.contentOf(world, snapshot);
        }
    }

    /**
     * As {@link #look}, for who looks very often: one that shows the same version as before is not read again.
     *
     * @return whether it shows another one
     */
    boolean glance() {
        Snapshot<Row> snapshot = view.snapshot();
        Snapshot<Row> before = held;
        if (before != null && snapshot.version() == before.version() && snapshot.isVerified() == before.isVerified()) {
            return false;
        }
        look();
        return true;
    }

    /**
     * Listens with code that throws at each commit.
     *
     * @param thrown counts
     */
    void listenBadly(int[] thrown) {
        view.listen(commit -> {
            thrown[0]++;
            throw new ThrowingListener();
        });
    }

    /** What holds whenever nothing is under way. */
    void check() {
        look();
        ViewStatus status = view.status();
        Law.LIVE_HAS_CONTENT.holdsIf(
                status.phase() != Phase.LIVE || version > 0, name + " is live before its first commit: " + status);
        Law.LOADING_IS_FIRST.holdsIf(
                status.phase() != Phase.LOADING || !begun,
                name + " says that it is loading, but had shown what it loaded; it is at version " + version);
        begun |= version > 0 && status.phase() != Phase.LOADING;
    }

    /** What holds once all is quiet. */
    void checkSettled() {
        Law.COMES_BACK.holdsIf(
                view.status().phase() == Phase.LIVE, name + " is not live without faults: " + view.status());
        Law.SETTLES_VERIFIED.holdsIf(
                view.snapshot().isVerified() && view.status().verified(),
                name + " is not verified though all is quiet: " + view.status());
        SortedMap<Integer, Integer> truth = world.truth(query);
        (restored ? Law.CHECKPOINT_NOT_AHEAD : Law.CONVERGES)
                .holdsIf(content().equals(truth), name + " holds " + content() + ", the server " + truth);
        for (ListenerProbe listener : listeners) {
            Law.HEARS_ALL.holdsIf(
                    listener.heard().equals(truth) && listener.commits() > 0,
                    listener + " made " + listener.heard() + " of what it heard, the view is " + truth);
            Law.STATUS_IS_HEARD.holdsIf(
                    listener.phase() == Phase.LIVE, listener + " last heard " + listener.phase() + ", but it is live");
        }
    }

    /** The view says this phase. */
    void checkPhase(Law law, Phase expected) {
        ViewStatus status = view.status();
        law.holdsIf(status.phase() == expected, name + " should be " + expected + ", it is " + status);
    }

    /** The phases that a listener hears from now on, each once in a row. */
    List<Phase> phasesFromNow() {
        List<Phase> phases = new ArrayList<>();
        view.listen(new ViewListener<Row>() {
            @Override
            public void onCommit(Commit<Row> commit) {}

            @Override
            public void onStatus(ViewStatus status) {
                if (phases.isEmpty() || phases.get(phases.size() - 1) != status.phase()) {
                    phases.add(status.phase());
                }
            }
        });
        return phases;
    }

    /** The origins of the commits that a listener hears from now on. */
    List<Commit.Origin> originsFromNow() {
        List<Commit.Origin> origins = new ArrayList<>();
        view.listen(commit -> origins.add(commit.origin()));
        return origins;
    }

    void close() {
        view.close();
        listeners.forEach(ListenerProbe::markClosed);
    }

    @Override
    public String toString() {
        return name;
    }
}
