package dev.tributary.conformance;

import dev.tributary.MaterializedView;
import dev.tributary.Phase;
import dev.tributary.Row;
import dev.tributary.Snapshot;
import dev.tributary.ViewStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** One handle on a view with its listeners; checks what a reader sees at any moment. */
final class ViewProbe {

    private final World world;
    private final String query;
    private final MaterializedView<Row> view;
    private final String name;
    private final History history;
    private final List<ListenerProbe> listeners = new ArrayList<>();
    private long version;

    ViewProbe(World world, String query, MaterializedView<Row> view, String name, History history) {
        this.world = world;
        this.query = query;
        this.view = view;
        this.name = name;
        this.history = history;
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
        Law.L3.holdsIf(
                snapshot.version() >= version, name + " went from version " + version + " to " + snapshot.version());
        version = snapshot.version();
        if (version > 0) {
            history.saw(name, snapshot);
        }
    }

    /** What holds whenever nothing is under way. */
    void check() {
        look();
        ViewStatus status = view.status();
        Law.L5.holdsIf(
                status.phase() != Phase.LIVE || version > 0, name + " is live before its first commit: " + status);
        Law.L5.holdsIf(
                status.phase() != Phase.LOADING || version == 0,
                name + " says that it is loading, but shows version " + version);
    }

    /** What holds once all is quiet. */
    void checkSettled() {
        Law.L1.holdsIf(view.status().phase() == Phase.LIVE, name + " is not live without faults: " + view.status());
        Law.L2.holdsIf(
                view.snapshot().isVerified() && view.status().verified(),
                name + " is not verified though all is quiet: " + view.status());
        SortedMap<Integer, Integer> truth = world.truth(query);
        Law.L1.holdsIf(content().equals(truth), name + " holds " + content() + ", the server " + truth);
        for (ListenerProbe listener : listeners) {
            Law.L4.holdsIf(
                    listener.heard().equals(truth) && listener.commits() > 0,
                    listener + " made " + listener.heard() + " of what it heard, the view is " + truth);
            Law.L5.holdsIf(
                    listener.phase() == Phase.LIVE, listener + " last heard " + listener.phase() + ", but it is live");
        }
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
