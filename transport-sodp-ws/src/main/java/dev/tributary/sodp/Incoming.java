package dev.tributary.sodp;

import dev.tributary.ProtocolException;
import dev.tributary.spi.Output;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which what the server says of keys becomes the content of their copies. A whole value always counts; a change
 * that does not fit leads to the whole value again, and is never applied in part.
 */
final class Incoming {

    private static final int MOST_UNREADABLE = 5;

    private final Decoder decoder;
    private final Counters counters;
    private final Copies copies;
    private final Early early;
    private final Telling telling;

    private SodpDialect dialect = SodpDialect.STANDARD;
    private Missed missed;
    private long arrivals;

    Incoming(Decoder decoder, Counters counters, Copies copies, Early early, Telling telling) {
        this.decoder = decoder;
        this.counters = counters;
        this.copies = copies;
        this.early = early;
        this.telling = telling;
        this.missed = new Missed(decoder, dialect);
    }

    void connected(SodpDialect spoken) {
        dialect = spoken;
        missed = new Missed(decoder, spoken);
    }

    // ---- deltas ----

    void delta(Frame frame, Output out) {
        Delta delta = Delta.read(frame, decoder, arrivals++);
        String key = delta.key();
        Replica replica = key != null ? copies.find(key) : copies.streams().find(frame.stream());
        if (replica != null) {
            delta(replica, delta, out);
        } else if (key != null || copies.streams().isRetired(frame.stream())) {
            counters.droppedFrames++;
        } else {
            early.park(delta);
        }
    }

    private void delta(Replica replica, Delta delta, Output out) {
        switch (replica.phase()) {
            case SYNCING -> early.keep(replica, delta);
            case LIVE -> live(replica, delta, out);
            // The whole value is asked for anew and holds it.
            case WAITING, BACKING_OFF -> {}
        }
    }

    private void live(Replica replica, Delta delta, Output out) {
        switch (VersionRule.judge(replica, delta.version(), dialect)) {
            case DUPLICATE -> counters.duplicates++;
            case LOST -> {
                counters.gaps++;
                copies.refetch(
                        replica,
                        "version " + delta.version() + " came after " + replica.version() + ": changes are missing",
                        out);
            }
            case APPLY -> applyLive(replica, delta, out);
        }
    }

    private void applyLive(Replica replica, Delta delta, Output out) {
        if (replica.onlyNotices()) {
            copies.refetch(replica, "its changes cannot be followed; it is read anew after each of them", out);
            return;
        }
        Held before = Objects.requireNonNull(replica.state());
        try {
            boolean members =
                    replica.followers().stream().anyMatch(one -> one.query().children());
            DeltaSteps steps = new DeltaSteps(dialect, before.value(), before.initialized(), members);
            steps.apply(delta, decoder);
            Held next = new Held(steps.document(), delta.version(), steps.initialized());
            replica.state(next);
            replica.mayBeReborn(!next.initialized());
            boolean everything =
                    steps.touchedRoot() || !(before.value() instanceof DocMap) || !(next.value() instanceof DocMap);
            Set<String> touched = everything ? null : steps.touched();
            telling.change(replica, before, touched, out);
        } catch (UnfitDelta | ProtocolException e) {
            copies.refetch(replica, "a change does not fit: " + e.getMessage(), out);
        }
    }

    // ---- whole values ----

    void stateInit(Frame frame, Output out) {
        StateInit init;
        try {
            init = StateInit.read(frame, decoder);
        } catch (ProtocolException e) {
            unreadable(frame, e, out);
            return;
        }
        copies.answered(init.key(), out);
        Replica replica = copies.find(init.key());
        if (replica == null || !replica.wasAskedBefore() || replica.phase() == Replica.Phase.BACKING_OFF) {
            counters.droppedFrames++;
            early.forget(frame.stream());
            if (replica == null) {
                copies.streams().retire(frame.stream());
            }
            return;
        }
        copies.streams().bind(frame.stream(), replica);
        if (replica.phase() == Replica.Phase.WAITING) {
            copies.cameUnasked(replica);
        }
        replica.readable();
        replica.echoed(init.params());
        boolean isThere = init.initialized() || (dialect.tellsNilAsAbsent() && init.version() > 0);
        Held snapshot = new Held(init.value(), init.version(), isThere);
        settle(replica, snapshot, early.take(replica, frame.stream()), out);
    }

    /** A whole value that cannot be read is asked for again a few times; then the key fails with the reason. */
    private void unreadable(Frame frame, ProtocolException why, Output out) {
        String key = StateInit.key(frame, decoder);
        if (key == null) {
            throw why;
        }
        copies.answered(key, out);
        Replica replica = copies.find(key);
        if (replica == null) {
            return;
        }
        String text = String.valueOf(why.getMessage());
        if (replica.countUnreadable() >= MOST_UNREADABLE) {
            replica.followers().forEach(one -> out.fault(one.subscription(), text, key));
            copies.refusedHere(key, why, out);
        } else {
            copies.refetch(replica, text, out);
        }
    }

    private void settle(Replica replica, Held snapshot, Early.Kept kept, Output out) {
        List<Delta> deltas = kept.deltas();
        int contained = missed.contained(deltas, snapshot);
        wholeValue(replica, snapshot, deltas.subList(0, contained), out);
        if (kept.overflown()) {
            copies.refetch(replica, "more changes came before its value than are kept", out);
        }
        List<Delta> later = deltas.subList(contained, deltas.size());
        if (dialect.mayRestartVersions() && later.stream().anyMatch(missed::isDeletion)) {
            // One version was given in several lives of the key: nothing tells which of them the value is of.
            copies.refetch(replica, "it was deleted and made again while it was read", out);
        }
        for (Delta delta : later) {
            if (delta.version() > snapshot.version() && replica.isLive()) {
                live(replica, delta, out);
            }
        }
        copies.answerReaders(replica, out);
        copies.pump(out);
    }

    private void wholeValue(Replica replica, Held snapshot, List<Delta> led, Output out) {
        Held before = replica.state();
        List<Held> steps = stepsTo(replica, before, led, snapshot);
        boolean audited = replica.isAudited();
        replica.phase(Replica.Phase.LIVE);
        replica.audited(false);
        replica.forgetConfirmed();
        replica.mayBeReborn(!snapshot.initialized());
        if (steps != null) {
            telling.replayed(replica, steps, out);
        }
        Held known = replica.state();
        boolean same = known != null && known.sameValue(snapshot);
        // The object that readers hold already, where it is equal.
        Held now =
                known != null && same ? new Held(known.value(), snapshot.version(), snapshot.initialized()) : snapshot;
        if (audited && !same) {
            replica.followers()
                    .forEach(one -> out.fault(
                            one.subscription(), "the copy was not what the server has", "version " + now.version()));
        }
        replica.state(now);
        telling.whole(replica, before != null && steps == null && !same, out);
    }

    /** Null where no steps were asked for, and where those that came do not lead from one to the other. */
    private @Nullable List<Held> stepsTo(Replica replica, @Nullable Held before, List<Delta> led, Held snapshot) {
        return before == null || replica.since() < 0 ? null : missed.steps(before, led, snapshot);
    }
}
