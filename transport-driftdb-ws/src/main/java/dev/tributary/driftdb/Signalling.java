package dev.tributary.driftdb;

import dev.tributary.Change;
import dev.tributary.Commit;
import dev.tributary.MaterializedView;
import dev.tributary.Query;
import dev.tributary.Row;
import dev.tributary.SyncSource;
import dev.tributary.ViewListener;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The channel over which two peers of a room set a WebRTC connection up; the connection itself is the business of a WebRTC
 * library. Peers find each other by their presence values.
 */
public final class Signalling implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final DriftDb db;
    private final MaterializedView<Row> view;
    private final String own;
    private final String peer;

    private Signalling(DriftDb db, MaterializedView<Row> view, String own, String peer) {
        this.db = db;
        this.view = view;
        this.own = own;
        this.peer = peer;
    }

    /**
     * Opens the channel to a peer.
     *
     * @param own the id of this peer; use ids of one length, since the keys are made by joining them
     * @param onSignal hears each signal of the peer, in order
     */
    public static Signalling open(SyncSource source, String own, String peer, Consumer<? super Signal> onSignal) {
        Signalling channel = new Signalling(
                source.unwrap(DriftDb.class),
                source.materialize(Query.of(own + peer).with("as", "log")),
                own,
                peer);
        ViewListener<Row> onCommit = commit -> deliver(commit, onSignal);
        channel.view.listen(onCommit);
        return channel;
    }

    private static void deliver(Commit<Row> commit, Consumer<? super Signal> onSignal) {
        commit.changes().stream()
                .filter(change -> change.kind() == Change.Kind.INSERT)
                .map(Change::after)
                .filter(row -> row != null)
                .sorted(Comparator.comparing(row -> DriftTypes.number(row, "seq"), Long::compareUnsigned))
                .forEach(row -> {
                    Signal signal = Signal.of(row.get(StreamRows.VALUE));
                    if (signal != null) {
                        onSignal.accept(signal);
                    }
                });
    }

    /** Whether this peer gives way when offers collide: the one with the smaller id does. */
    public boolean isPolite() {
        return own.compareTo(peer) < 0;
    }

    /** Sends a signal to the peer. */
    public CompletableFuture<Void> send(Signal signal) {
        return db.append(peer + own, signal.toValue(), DEADLINE).thenAccept(pushed -> {});
    }

    /** Folds what was signalled to this peer, once the connection stands: only the last signal stays. */
    public CompletableFuture<Boolean> fold() {
        return db.fold(own + peer, 1, entries -> entries.get(entries.size() - 1).value(), DEADLINE);
    }

    /** Hears nothing more. */
    @Override
    public void close() {
        view.close();
    }
}
